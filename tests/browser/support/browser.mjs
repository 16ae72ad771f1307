// Debian's Chromium, and phones in it: a console error, an exception or a breach of the security
// policy fails the test that saw it.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const folder = process.env.HEARTH_PAGE;
if (!folder) throw new Error('HEARTH_PAGE names the page’s directory, with its node_modules');
const require = createRequire(join(folder, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const sizes = { phone: { width: 390, height: 844 }, laptop: { width: 1366, height: 768 } };

export function launch(more = []) {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP home.test 127.0.0.1',
      ...more,
    ],
  });
}

/** What Chromium says of a header that means nothing without HTTPS, which a home's LAN has not. */
function isAboutHttps(message) {
  return message.text().startsWith('The Cross-Origin-Opener-Policy header has been ignored');
}

/** A refusal that the page shows is a failed request to the browser; what it loads is not. */
function isRefusal(message) {
  return (
    message.text().startsWith('Failed to load resource: the server responded with a status of 4') &&
    new URL(message.location().url).pathname.startsWith('/api/')
  );
}

export class Phone {
  wrong = [];

  static async open(
    browser,
    home,
    { theme = 'dark', size = 'phone', language = 'en', test = false } = {},
  ) {
    const phone = new Phone();
    phone.home = home;
    phone.context = await browser.newContext({
      viewport: sizes[size],
      colorScheme: theme,
      locale: language,
      reducedMotion: 'reduce',
      bypassCSP: test, // axe has to get in
    });
    phone.context.setDefaultTimeout(20_000);
    phone.page = await phone.context.newPage();
    phone.page.on('console', (message) => {
      if (message.type() === 'error' && !isRefusal(message) && !isAboutHttps(message))
        phone.wrong.push(message.text());
    });
    phone.page.on('pageerror', (error) => phone.wrong.push(String(error)));
    return phone;
  }

  /** Paired as `hearth pair` shows it, by the code that a person types. */
  async pair(as = 'owner') {
    const { code } = await this.home.hearth('pair', '--as', as);
    await this.page.goto(this.home.url);
    await this.page.getByLabel(/^Code/).fill(code);
    await this.page.getByRole('button', { name: 'Pair this phone' }).click();
    await this.heading(this.home.name);
    return this;
  }

  async go(hash) {
    await this.page.evaluate((to) => {
      location.hash = to;
    }, hash);
  }

  heading(name) {
    return this.page.getByRole('heading', { name }).first().waitFor();
  }

  press(name) {
    return this.page.getByRole('button', { name }).click();
  }

  sees(text) {
    return this.page.getByText(text).first().waitFor();
  }

  async picture(name) {
    const shots = process.env.HEARTH_SCREENSHOTS;
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    await this.page.screenshot({ path: join(shots, `${name}.png`) });
  }

  /** Nothing that keeps people out, by axe. */
  async accessible(what) {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
      return violations
        .filter((one) => one.impact === 'serious' || one.impact === 'critical')
        .map(
          (one) =>
            `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
        );
    });
    assert.deepEqual(found, [], what);
  }

  async close() {
    await this.context.close();
    assert.deepEqual(this.wrong, [], 'the browser’s console');
  }
}
