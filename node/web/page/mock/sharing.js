// Channels between the made-up home and others: one that is offered, one that was taken, wishes.
import { Refusal } from './refusal.js';

const hour = 3_600_000;

export function sharingOf(contacts, now) {
  const [ilse, other] = contacts;
  const of = (contact) => ({ home: contact.home, contact: contact.name });
  return {
    offered: [
      {
        offer: 'c30',
        state: 'waiting',
        ...of(ilse),
        name: 'Grandma’s cinema',
        note: 'The films of our summers. Take what you like!',
        whole: true,
        taken: [],
        parts: [
          { list: 'main', name: '', items: 6, for_sale: 0 },
          { list: 'films', name: 'Films on Sunday', items: 3, for_sale: 2 },
          { list: 'spare', name: 'In between', items: 1, for_sale: 0 },
        ],
        at_ms: now - 2 * hour,
      },
      {
        offer: 'c12',
        state: 'accepted',
        ...of(ilse),
        name: 'Aquarium',
        note: 'Very quiet.',
        whole: false,
        taken: ['main'],
        number: 12,
        parts: [
          { list: 'main', name: '', items: 1, for_sale: 0 },
          { list: 'more', name: 'Divers', items: 2, for_sale: 1 },
        ],
        at_ms: now - 50 * hour,
      },
    ],
    shared: [
      {
        share: 's1',
        state: 'accepted',
        channel: 'c4',
        number: 4,
        name: 'Evening',
        ...of(ilse),
        note: 'For your Sundays',
        reason: '',
        problem: '',
        revision: now,
        at_ms: now - 20 * hour,
      },
    ],
    wishes: [
      {
        wish: 'w1',
        outgoing: false,
        ...of(ilse),
        channel: 'Family',
        note: 'Tim told us of it.',
        at_ms: now - hour,
      },
      { wish: 'w2', outgoing: true, ...of(other ?? ilse), channel: '9', note: '', at_ms: now },
    ],
    open: [1],
  };
}

const missing = () =>
  new Refusal('not_found', 'No channel waits under that. Nothing was changed.', 404);
const contactOf = (home, words) => {
  const found = home.contacts.find((one) => one.name === words || one.home === words);
  if (!found) throw new Refusal('unknown_contact', `No contact is called ${words}.`, 404);
  return found;
};
const channelOf = (home, id) => {
  const found = home.channels.find((one) => one.id === id || String(one.number) === id);
  if (!found) throw missing();
  return found;
};

function withPin(home, args) {
  const month = Number.parseFloat(args.budget_month ?? '0');
  if (month === 0 || !home.rules.pin || args.pin === '1234') return;
  throw new Refusal('pin_needed', 'This needs the PIN of this home. Nothing was done.', 403);
}

export const sharing = {
  'channel-offers': (home) => [home.sharing],
  'channel-share': (home, args) => {
    const channel = channelOf(home, args.channel);
    const all = home.sharing;
    if (args.open || args.closed) {
      all.open = all.open.filter((one) => one !== channel.number);
      if (args.open) all.open.push(channel.number);
    }
    if (!args.to) return [{ channel: channel.id, number: channel.number }, 'channels'];
    const contact = contactOf(home, args.to);
    const share = {
      share: `s${all.shared.length + 1}`,
      state: 'offered',
      channel: channel.id,
      number: channel.number,
      name: channel.name,
      home: contact.home,
      contact: contact.name,
      note: args.note ?? '',
      reason: '',
      problem: '',
      revision: 0,
      at_ms: Date.now(),
    };
    all.shared.push(share);
    all.wishes = all.wishes.filter((one) => one.outgoing || one.channel !== channel.name);
    return [{ channel: channel.id, number: channel.number, shared: share }, 'channels'];
  },
  'channel-unshare': (home, args) => {
    const channel = channelOf(home, args.channel);
    for (const one of home.sharing.shared) {
      if (one.channel === channel.id && one.home === args.with) one.state = 'ended';
    }
    return [
      { channel: channel.id, number: channel.number, name: channel.name, ended: 1 },
      'channels',
    ];
  },
  'channel-subscribe': (home, args) => {
    const contact = contactOf(home, args.from);
    const wish = {
      wish: `w${Date.now()}`,
      outgoing: true,
      home: contact.home,
      contact: contact.name,
      channel: args.channel,
      note: args.note ?? '',
      at_ms: Date.now(),
    };
    home.sharing.wishes.push(wish);
    return [wish, 'channels'];
  },
  'channel-accept': (home, args) => {
    const offered = home.sharing.offered.find((one) => one.offer === args.offer);
    if (!offered) throw missing();
    withPin(home, args);
    const of = { withheld: 1, not_taken: args.whole ? 0 : 2 };
    const number = args.number ?? offered.number ?? 30;
    Object.assign(offered, {
      state: 'accepted',
      number,
      whole: args.whole ?? false,
      taken: args.only ?? [],
    });
    let channel = home.channels.find((one) => one.id === offered.offer);
    if (!channel) {
      channel = { ...home.channels[0], id: offered.offer, name: offered.name, version: 1 };
      home.channels.push(channel);
    }
    Object.assign(channel, {
      number,
      from: { home: offered.home, contact: offered.contact, ...of },
    });
    return [{ channel: channel.id, number, name: channel.name, from: channel.from }, 'channels'];
  },
  'channel-decline': (home, args) => {
    const all = home.sharing;
    const wish = all.wishes.find((one) => one.wish === args.offer);
    if (wish) {
      all.wishes = all.wishes.filter((one) => one !== wish);
      return [wish, 'channels'];
    }
    const offered = all.offered.find((one) => one.offer === args.offer);
    if (!offered) throw missing();
    offered.state = offered.state === 'accepted' ? 'left' : 'declined';
    home.channels = home.channels.filter((one) => one.id !== offered.offer);
    return [offered, 'channels'];
  },
};
