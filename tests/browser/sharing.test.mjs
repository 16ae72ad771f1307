// Channels between two real homes, each by its page: shown, taken in part, seen in the guide,
// ended; asked for and given; left. One story, one step after the other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Phone } from './support/browser.mjs';
import { eventually, Town } from './support/town.mjs';

let town, anna, ben, browser, annas, bens, evening;

const offers = (home) => home.hearth('channel', 'offers');
const channels = async (home) => (await home.hearth('channel', 'list')).channels;
const dialogOf = (phone) => phone.page.getByRole('dialog');

before(async () => {
  town = await Town.open();
  anna = await town.home('Anna', { page: true });
  ben = await town.home('Ben', { page: true });
  await town.payIn(anna, '5.00 EUR');
  await town.befriend(anna, ben);
  const film = await anna.film('Autumn', 1500);
  const offer = await anna.film('Winter', 1500);
  await anna.hearth('publish', film, '--private');
  await anna.hearth('publish', offer, '--price', '1.00 EUR');
  await anna.hearth('channel', 'create', '5', 'Evening');
  await anna.hearth('channel', 'add', '5', film);
  await anna.hearth('channel', 'add', '5', offer, '--list', 'films');
  await anna.hearth('channel', 'schedule', '5', '--list', 'films', '--at', '20:15', '--daily');
  await anna.hearth('channel', 'create', '6', 'Morning');
  await anna.hearth('channel', 'add', '6', '--page', 'Good morning', '--seconds', '600');
  await ben.hearth('pin', 'set', '--new', '4711');
  evening = (await channels(anna)).find((one) => one.name === 'Evening').channel;
  browser = await launch();
  annas = await Phone.open(browser, anna);
  bens = await Phone.open(browser, ben);
  await annas.pair('member');
  await bens.pair('member');
});

after(async () => {
  await browser?.close();
  await town?.close();
});

test('Anna shows a channel on its page, and Ben’s home page says so', async () => {
  await annas.go(`#/channel/${evening}`);
  await annas.page.getByRole('button', { name: 'Share', exact: true }).click();
  await annas.sees('No other home has this channel.');
  await annas.press('Share with…');
  await dialogOf(annas).getByRole('button', { name: 'Ben' }).click();
  await dialogOf(annas).getByLabel('A note').fill('For your evenings');
  await dialogOf(annas).getByRole('button', { name: 'Share it' }).click();
  await annas.sees('Not answered yet');
  await bens.page.getByRole('link', { name: 'Anna shows you the channel Evening' }).click();
  await dialogOf(bens).getByRole('heading', { name: 'Evening' }).waitFor();
  await bens.sees('For your evenings');
});

test('Ben takes a part of it, under a number and with a budget', async () => {
  const dialog = dialogOf(bens);
  await dialog.getByText('1 title, 1 for sale').waitFor();
  await dialog.getByRole('checkbox', { name: /^Programme/ }).uncheck();
  await dialog.getByLabel('Number', { exact: false }).fill('31');
  await dialog.getByLabel(/^In a month/).fill('2,50');
  await dialog.getByRole('button', { name: 'Take it' }).click();
  await dialog.getByLabel('PIN').fill('4711');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await bens.sees('Evening is in your guide, number 31.');
  const { offered } = await offers(ben);
  assert.equal(offered[0].state, 'accepted');
  assert.equal(offered[0].whole, false);
  assert.equal(offered[0].taken.length, 1);
  const { document } = await ben.hearth('channel', 'show', '31');
  assert.deepEqual(document.budget, { title: 250, month: 250, currency: 'EUR' });
  await bens.go('#/guide');
  await bens.page.getByRole('link', { name: /Evening/ }).first().waitFor();
  await annas.sees('Has it');
});

test('its page says from whom it is and what is not here; all of it is taken later', async () => {
  await bens.page.getByRole('link', { name: /Evening/ }).first().click();
  await bens.heading('A channel of Anna');
  await bens.sees(/^1 title is not shown here, as you chose/);
  assert.equal(await bens.page.getByRole('button', { name: 'Add something' }).count(), 0);
  await bens.page.getByRole('checkbox').first().check();
  await bens.sees('All of it, and what is added to it later.');
  await bens.press('Save');
  await eventually('it is taken whole', async () => (await offers(ben)).offered[0].whole);
  // Anna’s private title was given to nobody.
  await bens.sees(/^1 title stays with Anna/);
});

test('Anna ends it, and it is gone at Ben’s', async () => {
  await bens.go('#/guide');
  await annas.press('Stop sharing');
  await dialogOf(annas).getByRole('button', { name: 'Stop sharing' }).click();
  await annas.sees('Ended');
  await bens.sees(/^No channels yet/);
  assert.deepEqual(await channels(ben), []);
  await bens.go('#/shared');
  await bens.sees('Ended by them');
});

test('Ben asks for another one by its number, and Anna gives it', async () => {
  await bens.page.getByRole('link', { name: 'Ask for a channel' }).click();
  await dialogOf(bens).getByRole('button', { name: 'Anna' }).click();
  await dialogOf(bens).getByLabel(/^Which channel/).fill('6');
  await dialogOf(bens).getByRole('button', { name: 'Ask them' }).click();
  await bens.sees(/^Anna has not answered yet/);
  await annas.go('#/home');
  await annas.page.getByRole('link', { name: 'Ben would like to see your channel 6' }).click();
  await annas.press('Share it');
  await dialogOf(annas).getByRole('button', { name: 'Share it' }).click();
  await annas.sees('Ben is shown Morning, and can take it or not.');
  // What was asked for needs no other yes.
  await bens.page.getByRole('link', { name: 'Its page' }).waitFor();
  await eventually('it is on', async () => (await channels(ben))[0]?.name === 'Morning');
});

test('he leaves it, and Anna’s page says so', async () => {
  await bens.page.getByRole('link', { name: 'Its page' }).click();
  await bens.press('Leave the channel');
  await dialogOf(bens).getByRole('button', { name: 'Leave the channel' }).click();
  await bens.sees(/^Morning is gone/);
  const morning = (await channels(anna)).find((one) => one.name === 'Morning').channel;
  await annas.go(`#/channel/${morning}`);
  await annas.page.getByRole('button', { name: 'Share', exact: true }).click();
  await annas.sees('Left it');
});

test('a wish is declined with a word; who may have it by asking gets it without one', async () => {
  await ben.hearth('channel', 'subscribe', 'Anna', 'Evening');
  await annas.go('#/shared');
  await annas.heading('Ben would like to see your channel Evening');
  await annas.press('No, thank you');
  await dialogOf(annas).getByRole('button', { name: 'No, thank you' }).click();
  await eventually('Ben waits no more', async () => (await offers(ben)).wishes.length === 0);
  await annas.go(`#/channel/${evening}`);
  await annas.page.getByRole('button', { name: 'Share', exact: true }).click();
  await annas.page.getByLabel('Friends get it when they ask').check();
  await eventually('it is open', async () => (await offers(anna)).open.includes(5));
  await ben.hearth('channel', 'subscribe', 'Anna', 'Evening');
  await bens.go('#/guide');
  await bens.page.getByRole('link', { name: /Evening/ }).first().waitFor();
  await annas.close();
  await bens.close();
});
