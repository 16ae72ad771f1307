// Channels before a real home: made in three taps, seen in the guide, changed by two people at
// once, taken back, carried to a file, and turned on. One story, one step after the other.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, Phone } from './support/browser.mjs';
import { eventually, Town } from './support/town.mjs';

let town, home, browser, phone;

const shown = async (channel = '1') => (await home.hearth('channel', 'show', channel)).document;
const items = async () => (await shown()).lists[0].items.map((item) => item.name);

before(async () => {
  town = await Town.open();
  home = await town.home('Harbour House', { page: true });
  for (const name of ['Autumn', 'Winter', 'Spring']) {
    await home.hearth('publish', await home.film(name, 1500), '--private');
  }
  browser = await launch();
  phone = await Phone.open(browser, home);
  await phone.pair('member');
});

after(async () => {
  await browser?.close();
  await town?.close();
});

test('a channel is made in three taps, and is on at once', async () => {
  await phone.go('#/guide');
  await phone.page.getByRole('link', { name: 'New channel' }).first().click();
  await phone.press(/Autumn/);
  await phone.press('Make it with 1 title');
  await phone.heading('Channel 1');
  assert.deepEqual(await items(), ['Autumn.mp4']);
  await phone.go('#/home');
  await phone.page.getByRole('link', { name: /Autumn\.mp4/ }).waitFor();
});

test('it stands in the guide, which is walked through by keys and opened', async () => {
  await phone.go('#/guide');
  const grid = phone.page.getByRole('grid');
  const now = grid.locator('[role=gridcell].live');
  await now.waitFor();
  assert.match(await now.getAttribute('aria-label'), /^Autumn\.mp4, .*channel 1 Channel 1$/);
  await now.focus();
  await phone.page.keyboard.press('ArrowRight');
  await phone.page.waitForFunction(() =>
    document.activeElement?.matches('[role=gridcell]:not(.live)'),
  );
  await phone.page.keyboard.press('ArrowLeft');
  await phone.page.waitForFunction(() => document.activeElement?.matches('[role=gridcell].live'));
  await phone.page.keyboard.press('Enter');
  await phone.page.getByRole('dialog').getByRole('heading', { name: 'Autumn.mp4' }).waitFor();
  await phone.sees('Your own.');
  await phone.picture('programme');
  await phone.page.keyboard.press('Escape');
});

test('titles are added and put in order by keys; a dry run shows what changes, then it is kept', async () => {
  const { channel } = (await home.hearth('channel', 'list')).channels[0];
  await phone.go(`#/channel/${channel}`);
  await phone.press('Add something');
  const dialog = phone.page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Winter/ }).click();
  await dialog.getByRole('button', { name: /Spring/ }).click();
  await dialog.getByRole('button', { name: 'Add 2 titles' }).click();
  await phone.page.getByRole('button', { name: 'Move Spring.mp4' }).focus();
  await phone.page.keyboard.press('Home');
  await phone.page.waitForFunction(
    () => document.activeElement?.getAttribute('aria-label') === 'Move Spring.mp4',
  );
  await phone.sees('2 changes');
  assert.deepEqual(await items(), ['Autumn.mp4'], 'nothing is kept before it is saved');
  await phone.press('Check and save');
  await dialog.getByText('In the next two days:').waitFor();
  await dialog.getByText('Winter.mp4').first().waitFor();
  await phone.picture('preview');
  assert.deepEqual(await items(), ['Autumn.mp4'], 'a dry run keeps nothing');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await phone.sees('Saved. It holds from now on.');
  assert.deepEqual(await items(), ['Spring.mp4', 'Autumn.mp4', 'Winter.mp4']);
});

test('one is dragged down', async () => {
  const handle = phone.page.getByRole('button', { name: 'Move Spring.mp4' });
  const below = phone.page.getByRole('button', { name: 'Move Winter.mp4' });
  const [from, to] = [await handle.boundingBox(), await below.boundingBox()];
  await phone.page.mouse.move(from.x + 20, from.y + 20);
  await phone.page.mouse.down();
  await phone.page.mouse.move(from.x + 20, to.y + to.height / 2 - 8, {
    steps: 8,
  });
  await phone.page.mouse.move(from.x + 20, to.y + to.height + 10, { steps: 8 });
  await phone.page.mouse.up();
  await phone.sees('1 change');
});

test('somebody else was faster: it is said kindly, and put on top', async () => {
  await home.hearth('channel', 'set', '1', 'name', 'Evening');
  await phone.heading('Somebody else was faster');
  await phone.picture('conflict');
  await phone.press('Put mine on top');
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await phone.sees('Saved. It holds from now on.');
  assert.equal((await shown()).name, 'Evening');
  assert.deepEqual(await items(), ['Autumn.mp4', 'Winter.mp4', 'Spring.mp4']);
});

test('it is undone, and an older version comes back', async () => {
  await phone.press('Undo');
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await phone.sees('It is as it was before.');
  await eventually('it is', async () => (await items())[0] === 'Spring.mp4');
  await phone.page.getByRole('button', { name: 'Channel', exact: true }).click();
  await phone.press('Versions');
  await phone.press('Back to version 1');
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await eventually('it is empty of the others', async () => (await items()).length === 1);
});

test('a programme gets a time, and the channel a number, a colour and a budget', async () => {
  await phone.page.getByLabel('Number', { exact: true }).fill('7');
  await phone.page.getByLabel('Name', { exact: true }).fill('Harbour TV');
  await phone.press('Colour #2b8a3e');
  await phone.page.getByLabel(/^In a month/).fill('12,50');
  await phone.page.getByRole('button', { name: 'When', exact: true }).click();
  await phone.press('At a time');
  const dialog = phone.page.getByRole('dialog');
  await dialog.getByLabel('Time', { exact: true }).fill('20:15');
  await dialog.getByLabel('How often').selectOption('weekends');
  await dialog.getByRole('button', { name: 'Put it into the schedule' }).click();
  await phone.press('Check and save');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await phone.sees('Saved. It holds from now on.');
  const channel = await shown('7');
  assert.equal(channel.name, 'Harbour TV');
  assert.equal(channel.colour, '#2b8a3e');
  assert.deepEqual(channel.budget, {
    currency: 'EUR',
    month: 1250,
    title: 1250,
  });
  const slot = channel.slots.find((one) => one.at === '20:15');
  assert.equal(slot.rule, 'FREQ=WEEKLY;BYDAY=SA,SU');
});

test('it goes into a file, and a file becomes a channel', async () => {
  await phone.page.getByRole('button', { name: 'Channel', exact: true }).click();
  const [download] = await Promise.all([
    phone.page.waitForEvent('download'),
    phone.press('Save as a file'),
  ]);
  const file = join(town.folder, 'saved.hearth');
  await download.saveAs(file);
  assert.ok((await readFile(file, 'utf8')).includes('.'));
  await phone.go('#/channel/new');
  await phone.page.locator('input[type=file]').setInputFiles(file);
  await phone.heading('Harbour TV');
  await eventually('there are two', async () => {
    const { channels } = await home.hearth('channel', 'list');
    return channels.length === 2 && channels.some((one) => one.number === 1);
  });
});

test('without a TV the page says so; a child sees the guide and nothing to change', async () => {
  await phone.press('Watch');
  await phone.page.getByRole('alert').waitFor();
  // It is a refusal, although a 503.
  phone.wrong = phone.wrong.filter((text) => !text.includes('503'));
  await home.hearth('profile', 'add', 'Tim', '--max-age', '6');
  const { url } = await home.hearth('pair', '--as', 'child', '--profile', 'Tim');
  const child = await Phone.open(browser, home);
  await child.page.goto(home.url + '/' + new URL(url).hash);
  await child.heading(home.name);
  await child.go('#/guide');
  await child.page.locator('[role=gridcell].live').first().waitFor();
  assert.equal(await child.page.getByText('New channel').count(), 0);
  await child.page.locator('[role=gridcell].live').first().click();
  await child.page
    .getByRole('dialog')
    .getByRole('button', { name: 'Watch it on the TV' })
    .waitFor();
  assert.equal(await child.page.getByText(/^Change /).count(), 0);
  await child.close();
});

test('a friend’s card is read from a screenshot of its code', async () => {
  const anna = await town.home('Anna');
  const picture = join(town.folder, 'card.png');
  await anna.hearth('contacts', 'card', '--qr', picture);
  await phone.go('#/homes/add');
  await phone.page.locator('dialog input[type=file]').last().setInputFiles(picture);
  await phone.page.waitForFunction(() =>
    document.querySelector('dialog textarea')?.value.startsWith('hearth:'),
  );
  await phone.press('Ask to become friends');
  await phone.sees(/Anna is asked/);
  await phone.close();
});
