// The page against the made-up home of mock/, in the test's own process.
import { render } from '@testing-library/svelte';
import App from '../src/App.svelte';
import type { Line } from '../src/lib/events';
import { Home } from '../src/state/home.svelte';
import { mockHome } from '../mock/server.js';

type Answered = { status: number; body: string };

/** One request to the mock's own middleware. */
function ask(
  mock: ReturnType<typeof mockHome>,
  path: string,
  init: RequestInit,
): Promise<Answered> {
  return new Promise((done) => {
    const body = typeof init.body === 'string' ? init.body : '';
    const request = {
      url: path,
      method: init.method ?? 'GET',
      headers: { 'x-hearth': (init.headers as Record<string, string> | undefined)?.['X-Hearth'] },
      async *[Symbol.asyncIterator]() {
        yield body;
      },
    };
    let status = 200;
    const response = {
      writeHead: (to: number) => (status = to),
      end: (text: string) => done({ status, body: text }),
    };
    mock.middleware(request as never, response as never, () => done({ status: 404, body: '{}' }));
  });
}

/** The address bar, and the page knows at once. */
export function at(hash: string): void {
  location.hash = hash;
  window.dispatchEvent(new Event('hashchange'));
}

export function openPage(hash = '', secret?: string) {
  const mock = mockHome();
  const asked: { path: string; body: unknown }[] = [];
  let line: Line | undefined;
  const home = new Home(
    async (path, init = {}) => {
      asked.push({ path, body: init.body ? JSON.parse(String(init.body)) : undefined });
      const answer = await ask(mock, path, init);
      return new Response(answer.body, { status: answer.status });
    },
    () => {
      line = { onopen: null, onmessage: null, onclose: null, close: () => undefined };
      return line;
    },
  );
  at(hash);
  return {
    mock,
    home,
    asked,
    show: () => render(App, { home, secret }),
    hangUp: () => line?.onclose?.(),
    tell: (...topics: string[]) => line?.onmessage?.({ data: JSON.stringify({ changed: topics }) }),
  };
}
