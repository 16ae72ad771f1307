// The page over TLS, with a certificate that people made themselves: a browser that believes it is
// paired, stays so and hears what changes; who does not believe it, or speaks less, gets nothing.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { launch, Phone } from './support/browser.mjs';
import { eventually, Town } from './support/town.mjs';

const run = promisify(execFile);
let town, anna, home, browser, folder;

/** tls.crt and tls.key for home.test, and what Chromium is to believe of them. */
async function certificate(into) {
  await mkdir(into);
  const [key, crt, pub] = ['tls.key', 'tls.crt', 'tls.pub'].map((name) => join(into, name));
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', key, '-out', crt, '-days', '2', '-subj', '/CN=home.test'],
    ...['-addext', 'subjectAltName=DNS:home.test'],
  ]);
  await chmod(key, 0o600);
  await run('openssl', ['pkey', '-in', key, '-pubout', '-outform', 'DER', '-out', pub]);
  const { stdout } = await run('openssl', ['dgst', '-sha256', '-binary', pub], {
    encoding: 'buffer',
  });
  return stdout.toString('base64');
}

/** The status of GET /; rejects when the two do not come to speak. */
function ask(options) {
  return new Promise((done, fail) => {
    get(
      { host: '127.0.0.1', servername: 'home.test', port: home.port, path: '/', ...options },
      (answer) => {
        done({ status: answer.statusCode, protocol: answer.socket.getProtocol() });
        answer.destroy();
      },
    ).on('error', fail);
  });
}

before(async () => {
  town = await Town.open();
  folder = join(town.folder, 'certificate');
  const believed = await certificate(folder);
  anna = await town.home('Anna');
  home = await town.home('Harbour House', { page: true, tls: folder });
  browser = await launch([`--ignore-certificate-errors-spki-list=${believed}`]);
});

after(async () => {
  await browser?.close();
  await town?.close();
});

test('the page is served under its certificate, by TLS 1.3 and nothing less', async () => {
  const headers = { host: `home.test:${home.port}` };
  const ca = await readFile(join(folder, 'tls.crt'));
  assert.deepEqual(await ask({ ca, headers }), { status: 200, protocol: 'TLSv1.3' });
  await assert.rejects(ask({ headers }), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  await assert.rejects(ask({ ca, headers, maxVersion: 'TLSv1.2' }), /protocol version/);
  const plain = home.url.replace('https://home.test', 'http://127.0.0.1');
  await assert.rejects(fetch(plain));
});

test('a phone is paired, its session travels by TLS alone, and it hears what changes', async () => {
  const phone = await (await Phone.open(browser, home)).pair('owner');
  const [cookie] = await phone.context.cookies();
  assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite], [true, true, 'Strict']);
  await phone.page.reload();
  await phone.heading(home.name);
  await phone.go('#/homes');
  const { card } = await home.hearth('contacts', 'card');
  await anna.hearth('contacts', 'add', card, '--as', 'Harbour');
  await phone.heading('Anna would like to be friends');
  await phone.press('Yes, we know them');
  await eventually('Anna knows', async () => {
    const { contacts } = await anna.hearth('contacts', 'list');
    return contacts[0]?.state === 'confirmed';
  });
  await phone.close();
});

test('a browser that does not know the certificate warns before anything is asked', async () => {
  const strict = await launch();
  const phone = await Phone.open(strict, home);
  await assert.rejects(phone.page.goto(home.url), /ERR_CERT_AUTHORITY_INVALID/);
  await strict.close();
});

test('a key that others can read is refused, with what to do', async () => {
  await home.daemon.stop();
  await chmod(join(folder, 'tls.key'), 0o644);
  const { program, words } = home.daemon;
  const failed = await run(join(process.env.HEARTH_BIN, program), words).catch((failure) => failure);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /tls\.key/);
});
