// The page before a real home: a phone is paired, becomes friends, receives, gives, claims, and is
// unpaired. One story, one step after the other.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, Phone } from './support/browser.mjs';
import { eventually, Town } from './support/town.mjs';

const hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script> {@html 1}';
let town, anna, home, browser, phone, film;

before(async () => {
  town = await Town.open();
  anna = await town.home('Anna');
  home = await town.home('Harbour House', { page: true });
  film = await anna.film('Autumn');
  await anna.hearth('publish', film, '--price', '3.50 EUR');
  await town.payIn(anna, '20.00 EUR');
  await town.payIn(home, '20.00 EUR');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await town?.close();
});

test('a phone that is not paired is told nothing of the home; a wrong code is refused', async () => {
  phone = await Phone.open(browser, home);
  await phone.page.goto(home.url);
  await phone.heading('Pair with your home');
  assert.ok(!(await phone.page.content()).includes(home.name));
  await phone.page.getByLabel(/^Code/).fill('ZZZZ-ZZZZ');
  await phone.press('Pair this phone');
  await phone.page.getByRole('alert').waitFor();
});

test('it is paired with the code that is shown, and stays so', async () => {
  await phone.pair('owner');
  await phone.page.reload();
  await phone.heading(home.name);
});

test('another is paired by the QR code alone, whose secret leaves the address bar', async () => {
  const { url } = await home.hearth('pair', '--as', 'member');
  const second = await Phone.open(browser, home);
  await second.page.goto(home.url + '/' + new URL(url).hash);
  await second.heading(home.name);
  assert.equal(new URL(second.page.url()).hash, '');
  await second.close();
  const { phones } = await home.hearth('phones', 'list');
  assert.deepEqual(phones.map((one) => one.role).sort(), ['member', 'owner']);
});

test('a home that asks is seen at once, and accepted', async () => {
  await phone.go('#/homes');
  const { card } = await home.hearth('contacts', 'card');
  await anna.hearth('contacts', 'add', card, '--as', 'Harbour');
  await phone.heading('Anna would like to be friends');
  await phone.press('Yes, we know them');
  await phone.sees('Anna is a friend now.');
  await eventually('Anna knows', async () => {
    const { contacts } = await anna.hearth('contacts', 'list');
    return contacts[0]?.state === 'confirmed';
  });
});

test('a gift that comes says what it is, and is accepted and fetched', async () => {
  await phone.go('#/gifts');
  await anna.hearth('gift', 'send', film, '--to', 'Harbour', '--note', 'For Sunday');
  await phone.page.getByRole('link', { name: film }).click();
  await phone.heading('From Anna');
  await phone.sees('For Sunday');
  await phone.sees(/are fetched onto this home/);
  await phone.sees(/can no longer take it back/);
  await phone.picture('gift');
  await phone.press('Accept');
  await phone.sees('It is here.');
  await eventually('Anna hears of it', async () => (await anna.gift(film)).state === 'fetched');
  await phone.press('Say thank you');
  await phone.press('Send');
  await phone.sees('They will be glad.');
  await eventually('Anna is thanked', async () => (await anna.gift(film)).thanks === 'Thank you!');
});

test('text of another home is text; the gift is declined with a reason, and comes back', async () => {
  const name = await anna.film('Winter');
  await anna.hearth('publish', name, '--price', '1.00 EUR');
  await anna.hearth('gift', 'send', name, '--to', 'Harbour', '--note', hostile);
  await phone.go('#/gifts');
  await phone.page.getByRole('link', { name }).click();
  await phone.sees(hostile);
  assert.equal(await phone.page.locator('main img[src="x"], main script').count(), 0);
  await phone.press('No, thank you');
  await phone.press('We have it already');
  await phone.page.getByRole('dialog').getByRole('button', { name: 'No, thank you' }).click();
  await phone.sees('Declined.');
  await eventually('it comes back with the reason', async () => {
    const gift = await anna.gift(name);
    return gift.state === 'declined' && gift.reason === 'We have it already';
  });
});

test('a gift is sent: what, for whom, words and a picture, cost; paid once', async () => {
  await phone.go('#/send');
  await phone.press(/Winter/);
  await phone.page.getByRole('group', { name: 'For whom?' }).getByRole('button').click();
  await phone.page.getByLabel('A note').fill('With love');
  const picture = join(town.folder, 'picture.jpg');
  await writeFile(picture, Buffer.from(await onePicture(phone.page), 'base64'));
  await phone.page.locator('input[type=file]').setInputFiles(picture);
  await phone.press('Take it off').catch(() => assert.fail('the picture was not taken'));
  await phone.page.locator('input[type=file]').setInputFiles(picture);
  await phone.page.getByRole('button', { name: 'Take it off' }).waitFor();
  await phone.sees('€1.00');
  await phone.picture('send');
  await phone.press('Give it to Anna');
  await phone.sees(/€1.00 paid. €19.00 is left/);
  const gift = await eventually('it is at Anna’s', async () => {
    const { gifts } = await anna.hearth('gift', 'list');
    return gifts.find((one) => one.direction === 'received');
  });
  assert.equal(gift.note, 'With love');
  assert.equal(gift.picture, true);
});

/** A JPEG that the browser itself makes. */
function onePicture(page) {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 800;
    canvas.height = 600;
    const context = canvas.getContext('2d');
    context.fillStyle = '#ff9a4d';
    context.fillRect(0, 0, 800, 600);
    return canvas.toDataURL('image/jpeg').split(',')[1];
  });
}

test('a gift card is claimed by its text; nonsense is refused with a sentence', async () => {
  const name = await anna.film('Spring');
  await anna.hearth('publish', name, '--price', '0 EUR');
  const { text } = await anna.hearth('gift', 'card', name);
  await phone.go('#/cards');
  await phone.page.getByLabel(/^Text of the card/).fill('nonsense');
  await phone.press('Claim it');
  await phone.page.getByRole('alert').waitFor();
  await phone.page.getByRole('alert').getByRole('button', { name: 'Close' }).click();
  await phone.page.getByLabel(/^Text of the card/).fill(text);
  await phone.press('Claim it');
  await phone.heading('It is yours');
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await phone.go('#/library');
  await phone.page.getByRole('button', { name }).waitFor();
});

test('a card is made, shown with its QR code, and taken back', async () => {
  await phone.go('#/cards');
  await phone.press('Make a card');
  const dialog = phone.page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Winter/ }).click();
  await dialog.getByLabel('A few words on the card').fill('Happy birthday');
  await dialog.getByRole('button', { name: 'Make a card' }).click();
  await phone.page.getByRole('img', { name: 'QR code of this gift card' }).waitFor();
  await phone.sees('Happy birthday');
  await phone.picture('card');
  await phone.press('Take it back');
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await phone.sees('Taken back. The voucher is in your wallet.');
});

test('an address in the directory is seen beside the card, and withdrawn', async () => {
  await home.hearth('directory', 'publish', 'mac:02:00:00:00:00:01', 'esn:TV-4711');
  await phone.go('#/homes/card');
  const dialog = phone.page.getByRole('dialog');
  await dialog.getByText('mac:020000000001').waitFor();
  await phone.picture('own-card');
  await dialog.getByRole('listitem').filter({ hasText: 'esn:TV-4711' }).getByRole('button').click();
  await phone.page.getByRole('dialog').last().getByRole('button', { name: 'Withdraw' }).click();
  await eventually('it is withdrawn', async () => {
    const { entries } = await home.hearth('directory', 'show');
    return entries.length === 1 && entries[0].address === 'mac:020000000001';
  });
  await dialog.getByText('esn:TV-4711').waitFor({ state: 'detached' });
  await phone.go('#/homes');
});

test('a rule is changed with the PIN that was set', async () => {
  await phone.go('#/settings');
  await phone.page.locator('input[autocomplete=new-password]').first().fill('4711');
  await phone.page.getByLabel('Once more').fill('4711');
  await phone.page
    .locator('form', { hasText: 'Once more' })
    .getByRole('button', { name: 'Save' })
    .click();
  await eventually('it is set', async () => (await home.hearth('rules', 'show')).pin);
  await phone.page.getByLabel('Who may give').selectOption('nobody');
  const dialog = phone.page.getByRole('dialog');
  await dialog.locator('input').fill('4711');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await eventually(
    'it is changed',
    async () => (await home.hearth('rules', 'show')).push === 'nobody',
  );
});

test('a phone that is removed is told so at once, and sees nothing more', async () => {
  const { phones } = await home.hearth('phones', 'list');
  await home.hearth('phones', 'remove', phones.find((one) => one.role === 'owner').phone);
  await phone.sees(/no longer paired/);
  assert.ok(!(await phone.page.content()).includes(home.name));
  await phone.page.reload();
  await phone.heading('Pair with your home');
  await phone.close();
});
