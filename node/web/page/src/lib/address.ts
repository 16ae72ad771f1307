// A home's address for eyes and ears: `home1` and groups of four, as `hearth id` prints it.

export function grouped(address: string): string[] {
  const found = /^(home1)(.+)$/.exec(address);
  const [head, rest] = found ? [found[1] ?? '', found[2] ?? ''] : ['', address];
  return [head, ...(rest.match(/.{1,4}/g) ?? [])].filter(Boolean);
}

/** Enough of it to tell two homes apart in a list. */
export function shortened(address: string): string {
  return address.length > 20 ? `${address.slice(0, 13)}…${address.slice(-4)}` : address;
}

/** What somebody pasted to add a home, without the spaces that messengers put in. */
export function pastedCard(text: string): string {
  const trimmed = text.trim();
  return /^(ip|mac|esn):/.test(trimmed) ? trimmed : trimmed.replace(/\s+/g, '');
}
