// Every page of a home that has something of everything, in both themes, by axe; and in
// German. What the node writes is held against what the page reads. With HEARTH_SCREENSHOTS=DIR
// pictures are kept, for a person to look at.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { launch, Phone } from './support/browser.mjs';
import { fullHome } from './support/full_home.mjs';

let town, home, pages, gift, card, browser;

before(async () => {
  ({ town, home, pages, gift, card } = await fullHome());
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await town?.close();
});

// Colours are the same on both; a laptop in the dark is looked at by people alone.
const looks = [
  ['phone', 'dark'],
  ['phone', 'light'],
  ['laptop', 'light'],
];
if (process.env.HEARTH_SCREENSHOTS) looks.push(['laptop', 'dark']);

for (const [size, theme] of looks) {
  test(`every page on a ${size}, ${theme}`, async () => {
    const phone = await Phone.open(browser, home, { theme, size, test: true });
    await phone.page.goto(home.url);
    await phone.heading('Pair with your home');
    await phone.accessible('pairing');
    await phone.pair('owner');
    for (const [name, hash] of Object.entries(pages)) {
      await phone.go(hash);
      await phone.page.waitForFunction(
        (to) =>
          location.hash === to &&
          document.querySelector('main h1') &&
          !document.querySelector('main .waiting[role=status], main [aria-busy=true]'),
        hash,
      );
      await phone.accessible(`${name}, ${size}, ${theme}`);
      await phone.picture(`${name}-${size}-${theme}`);
      if (name === 'channel') await partsOfChannel(phone, `${size}-${theme}`);
      const wide = await phone.page.evaluate(
        () => document.documentElement.scrollWidth - innerWidth,
      );
      assert.ok(wide <= 0, `${name} is ${wide} pixels too wide on a ${size}`);
    }
    await phone.close();
  });
}

/** The tabs of the editor, and what opens from them. */
async function partsOfChannel(phone, look) {
  const main = phone.page.locator('main');
  for (const [part, opens] of [
    ['What', 'Add something'],
    ['When', 'At a time'],
    ['Fillers', 'Add a filler'],
    ['Channel', 'Versions'],
    ['Share', 'Share with…'],
  ]) {
    await main.getByRole('button', { name: part, exact: true }).click();
    await phone.accessible(`${part} of a channel, ${look}`);
    await phone.picture(`channel-${part}-${look}`);
    await main.getByRole('button', { name: opens }).first().click();
    await phone.page.getByRole('dialog').waitFor();
    await phone.accessible(`${opens}, ${look}`);
    await phone.picture(`channel-${opens.replaceAll(' ', '-')}-${look}`);
    await phone.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  }
}

test('in German', async () => {
  const phone = await Phone.open(browser, home, { language: 'de-DE' });
  const { url } = await home.hearth('pair', '--as', 'member');
  await phone.page.goto(home.url + '/' + new URL(url).hash);
  await phone.heading(home.name);
  await phone.go('#/wallet');
  await phone.heading('Geldbörse');
  await phone.sees(/^\d+,\d\d\s€$/);
  // A refusal is said in German too; what the home itself says stands below.
  await phone.go('#/cards');
  await phone.page.getByLabel(/^Text der Karte/).fill('nonsense');
  await phone.press('Einlösen');
  await phone.sees(/^Das ist keine Geschenkkarte/);
  await phone.sees(/not a gift card/);
  await phone.go('#/guide');
  await phone.heading('Programm');
  await phone.close();
});

test('documents of the node are of the page’s types, field by field', async () => {
  const documents = {
    '{ gifts: page.Gift[] }': await home.hearth('gift', 'list'),
    'page.GiftShown': await home.hearth('gift', 'show', gift.gift),
    '{ wishes: page.Wish[] }': await home.hearth('gift', 'wishes'),
    '{ contacts: page.Contact[] }': await home.hearth('contacts', 'list'),
    '{ entries: page.DirectoryEntry[] }': await home.hearth('directory', 'show'),
    'page.Library': await home.hearth('library', 'list'),
    '{ offers: page.Offer[] }': await home.hearth('catalogue'),
    '{ transfers: page.Transfer[] }': await home.hearth('transfers'),
    'page.Status': await home.hearth('status'),
    'page.Balance': await home.hearth('wallet', 'balance'),
    'page.History': await home.hearth('wallet', 'history'),
    '{ vouchers: page.Voucher[] }': await home.hearth('wallet', 'vouchers'),
    '{ cards: page.GiftCardRow[] }': await home.hearth('gift', 'cards'),
    'page.GiftCard': await home.hearth('gift', 'card', card.card),
    'page.Rules': await home.hearth('rules', 'show'),
    '{ phones: page.Phone[] }': await home.hearth('phones', 'list'),
    'page.PairingShown': await home.hearth('pair'),
    'page.Guide': await home.hearth('guide'),
    '{ channels: page.Channel[] }': await home.hearth('channel', 'list'),
    'page.ChannelSharing': await home.hearth('channel', 'offers'),
    'page.ChannelShown': await home.hearth('channel', 'show', '4'),
    'page.ChannelChecked': await home.hearth('channel', 'check', '4'),
    'page.ChannelEdited': await home.hearth('channel', 'undo', '4', '--dry-run'),
    '{ channel: string; number: number; versions: page.ChannelVersion[] }': await home.hearth('channel', 'versions', '4'),
  };
  const lines = Object.entries(documents).map(
    ([type, document], index) => `export const d${index}: ${type} = ${JSON.stringify(document)};`,
  );
  const types = join(process.env.HEARTH_PAGE, 'src/lib/types');
  const file = join(town.folder, 'documents.ts');
  await writeFile(
    file,
    `import type * as page from ${JSON.stringify(types)};\n${lines.join('\n')}\n`,
  );
  const tsc = join(process.env.HEARTH_PAGE, 'node_modules/typescript/bin/tsc');
  const options =
    '--noEmit --strict --ignoreConfig --module esnext --moduleResolution bundler --target es2023';
  await promisify(execFile)('node', [tsc, ...options.split(' '), file]).catch((failure) => {
    assert.fail(failure.stdout || String(failure));
  });
});
