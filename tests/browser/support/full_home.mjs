// A home that has something of everything, and where its pages are.
import { eventually, Town } from './town.mjs';

export async function fullHome() {
  const town = await Town.open();
  const anna = await town.home('Anna');
  const farm = await town.home('Oak Farm');
  const home = await town.home('Harbour House', { page: true });
  await town.payIn(anna, '20.00 EUR');
  await town.payIn(home, '20.00 EUR');
  const film = await anna.film('Autumn by the sea');
  const other = await anna.film('Northern light');
  await anna.hearth('publish', film, '--price', '3.50 EUR');
  await anna.hearth('publish', other, '--price', '1.00 EUR');
  await home.hearth('directory', 'publish', 'mac:02:00:00:00:00:01', 'esn:TV-4711');
  const own = await home.film('Holiday');
  await home.hearth('publish', own, '--private');
  await home.film('Beach');
  await town.befriend(home, anna);
  await home.hearth('contacts', 'add', (await farm.hearth('contacts', 'card')).card);
  const { card: invitation } = await home.hearth('contacts', 'card');
  await farm.hearth('contacts', 'remove', home.name);
  await farm.hearth('contacts', 'add', invitation, '--as', 'Harbour');

  const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await anna.hearth(
    ...['gift', 'send', film, '--to', home.name, '--note', 'For a rainy Sunday'],
    ...['--expires', day, '--channel', 'Evenings'],
  );
  const gift = await eventually('it arrives', () => home.gift(film));
  await anna.hearth('gift', 'send', other, '--to', home.name, '--open-from', day);
  const surprise = await eventually('so does the surprise', async () => {
    const { gifts } = await home.hearth('gift', 'list');
    return gifts.find((one) => one.hidden);
  });
  await anna.hearth('gift', 'wish', other, '--to', home.name, '--note', 'The long one');
  await home.hearth('gift', 'send', other, '--to', 'Anna');
  const card = await home.hearth('gift', 'card', other);
  await home.hearth('wallet', 'transfer', '5.00 EUR', '--to', '1');
  await home.hearth('rules', 'set', 'spend-month', '50.00 EUR');
  await home.hearth('profile', 'add', 'Tim', '--max-age', '6');
  await eventually('the wish arrives', async () => {
    const { wishes } = await home.hearth('gift', 'wishes');
    return wishes.length > 0;
  });
  await home.hearth('channel', 'create', '4', 'Evening');
  await home.hearth('channel', 'add', '4', own, '--seconds', '1500');
  await home.hearth('channel', 'add', '4', film, '--list', 'films', '--seconds', '5400');
  await home.hearth(
    ...['channel', 'schedule', '4', '--list', 'films', '--at', '20:15', '--daily'],
    ...['--name', 'The film'],
  );
  await home.hearth('channel', 'add', '4', '--list', 'spare', '--page', 'Back soon');
  await home.hearth('channel', 'fill', '4', 'fallback', '--list', 'spare');
  await home.hearth('channel', 'set', '4', 'budget-month', '10.00 EUR');
  await home.hearth('channel', 'create', '7', 'Nothing yet');
  await anna.hearth('channel', 'create', '9', 'Sea and sky');
  await anna.hearth('channel', 'add', '9', film, '--list', 'films', '--seconds', '5400');
  await anna.hearth('channel', 'add', '9', '--page', 'Good evening');
  await anna.hearth('channel', 'create', '10', 'Quiet');
  await anna.hearth('channel', 'add', '10', film, '--seconds', '5400');
  await anna.hearth('channel', 'add', '10', '--list', 'spare', '--page', 'Back soon');
  for (const number of ['9', '10'])
    await anna.hearth('channel', 'share', number, '--to', home.name, '--note', 'Our evenings');
  await anna.hearth('channel', 'subscribe', home.name, 'Nothing yet', '--note', 'May we?');
  await home.hearth('channel', 'share', '4', '--to', 'Anna', '--note', 'For you');
  await home.hearth('channel', 'subscribe', 'Anna', 'Fairy tales', '--note', 'Tim asks');
  const sharing = await eventually('channels and a wish arrive', async () => {
    const { offered, wishes } = await home.hearth('channel', 'offers');
    const came = wishes.some((one) => !one.outgoing);
    return offered.length === 2 && came && offered;
  });
  const [shown, quiet] = ['Sea and sky', 'Quiet'].map(
    (name) => sharing.find((one) => one.name === name).offer,
  );
  await home.hearth('channel', 'accept', quiet, '--only', 'main', '--number', '11');
  const { channels } = await home.hearth('channel', 'list');
  const evening = channels.find((one) => one.number === 4).channel;
  const { items, titles } = await home.hearth('library', 'list');
  const { offers } = await home.hearth('catalogue');
  const pages = {
    home: '#/home',
    guide: '#/guide',
    programme: `#/guide/${evening}/${Date.now()}`,
    'new-channel': '#/channel/new',
    shared: '#/shared',
    'shared-offer': `#/shared/${shown}`,
    'shared-ask': '#/shared/ask/Anna',
    'foreign-channel': `#/channel/${quiet}`,
    channel: `#/channel/${evening}`,
    gifts: '#/gifts',
    gift: `#/gifts/${gift.gift}`,
    surprise: `#/gifts/${surprise.gift}`,
    sent: '#/gifts/sent',
    wishes: '#/gifts/wishes',
    send: '#/send',
    cards: '#/cards',
    card: `#/cards/${card.card}`,
    homes: '#/homes',
    'own-card': '#/homes/card',
    'add-home': '#/homes/add',
    friend: `#/homes/${anna.address}`,
    library: '#/library',
    title: `#/library/${titles[0].title}`,
    item: `#/library/${items.find((one) => one.name.startsWith('Beach')).item}`,
    market: '#/market',
    offer: `#/market/${offers[0].offer}`,
    wallet: '#/wallet',
    transfers: '#/transfers',
    settings: '#/settings',
  };
  return { town, home, pages, gift, card };
}
