// While a page is looked at: again and again.
export function every(ms: number, act: () => void): void {
  $effect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') act();
    }, ms);
    return () => clearInterval(timer);
  });
}
