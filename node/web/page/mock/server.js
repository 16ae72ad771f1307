// The made-up home as a server: the contract of docs/api.md, "The page", with one phone and no
// cookie. `npm run dev` puts it behind Vite; `node mock/server.js DIR PORT` serves a built page
// under the node's own Content-Security-Policy.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { commands, Refusal } from './commands.js';
import { madeUpHome } from './home.js';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

function problem(response, refusal) {
  response.writeHead(refusal.status, { 'Content-Type': 'application/problem+json' });
  response.end(
    JSON.stringify({
      title: refusal.code,
      code: refusal.code,
      detail: refusal.message,
      status: refusal.status,
    }),
  );
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

/** An unmasked text frame of at most 64 KiB. */
function frame(text) {
  const bytes = Buffer.from(text);
  const head =
    bytes.length < 126 ? [0x81, bytes.length] : [0x81, 126, bytes.length >> 8, bytes.length & 255];
  return Buffer.concat([Buffer.from(head), bytes]);
}

export function mockHome(home = madeUpHome()) {
  const lines = new Set();
  const tell = (topics) => {
    for (const line of lines) line.write(frame(JSON.stringify({ changed: topics })));
  };

  async function answer(request, url) {
    const [, , word] = url.pathname.split('/');
    if (word === 'pair') {
      const { code, secret } = await bodyOf(request);
      if (code !== 'ABCDEFGH' && secret === undefined) {
        throw new Refusal(
          'wrong_code',
          'That is not the code that is shown. Nothing was done; 4 tries are left.',
          403,
        );
      }
      home.paired = true;
      return home.session;
    }
    if (!home.paired)
      throw new Refusal('no_session', 'This phone is not paired with this home.', 401);
    if (word === 'session') return home.session;
    if (word === 'leave') {
      home.paired = false;
      return {};
    }
    const command = commands[word];
    if (!command || request.method !== 'POST')
      throw new Refusal('not_found', 'There is nothing here.', 404);
    if (request.headers['x-hearth'] !== '1')
      throw new Refusal('forbidden_origin', 'Not from the page.', 403);
    const [document, ...topics] = command(home, await bodyOf(request));
    if (topics.length > 0) tell(topics);
    return document;
  }

  return {
    home,
    tell,
    middleware(request, response, next) {
      const url = new URL(request.url, 'http://home');
      if (!url.pathname.startsWith('/api/')) return next();
      answer(request, url)
        .then((document) => {
          response.writeHead(200, { 'Content-Type': 'application/json' });
          response.end(JSON.stringify(document));
        })
        .catch((failure) => {
          problem(
            response,
            failure instanceof Refusal ? failure : new Refusal('internal', String(failure), 500),
          );
        });
      return undefined;
    },
    upgrade(request, socket) {
      if (request.url !== '/api/events') return;
      const key = request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
      const accept = createHash('sha1').update(key).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      lines.add(socket);
      socket.on('close', () => lines.delete(socket));
      socket.on('error', () => lines.delete(socket));
      socket.on('data', (data) => {
        if ((data[0] & 15) === 8) socket.end();
      });
    },
  };
}

/** Serves the built page in `folder`; port 0: any. */
export async function serve(folder, port, mock = mockHome()) {
  const server = createServer((request, response) => {
    mock.middleware(request, response, () => {
      const path = normalize(new URL(request.url, 'http://home').pathname);
      const name = path === '/' ? '/index.html' : path;
      readFile(join(folder, name))
        .then((bytes) => {
          response.writeHead(200, {
            'Content-Type': types[extname(name)] ?? 'application/octet-stream',
            'Content-Security-Policy': policy,
          });
          response.end(bytes);
        })
        .catch(() => response.writeHead(404).end());
    });
  });
  server.on('upgrade', mock.upgrade);
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return { server, mock, url: `http://127.0.0.1:${server.address().port}` };
}

if (process.argv[1]?.endsWith('mock/server.js')) {
  const { url } = await serve(process.argv[2] ?? 'dist', Number(process.argv[3] ?? 5180));
  console.log(url);
}
