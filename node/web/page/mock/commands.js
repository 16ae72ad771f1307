// What the made-up home does when it is asked: enough to try every page, no more.
import { eur } from './home.js';
import { Refusal } from './refusal.js';
import { sharing } from './sharing.js';
import { television } from './television.js';

export { Refusal };

const now = () => Date.now();

const found = (list, test) => {
  const one = list.find(test);
  if (!one) throw new Refusal('not_found', 'There is no such thing. Nothing was changed.', 404);
  return one;
};
const needPin = (home, args) => {
  if (!home.rules.pin || args.pin === '1234') return;
  const why =
    args.pin === undefined
      ? 'This needs the PIN of this home. Nothing was done.'
      : 'That is not the PIN. Nothing was done; 4 tries are left.';
  throw new Refusal('pin_needed', why, 403);
};
const giftOf = (home, args) => found(home.gifts, (one) => one.gift === args.id);
const contactOf = (home, args) => found(home.contacts, (one) => one.name === args.name);
const answered = (gift) => ({ gift: gift.gift, state: gift.state, name: gift.name, gifts: [gift] });
const contacted = (contact) => ({ contacts: [contact], ready: true });
const step = (state) => (home, args) => {
  const contact = contactOf(home, args);
  contact.state = state;
  return [contacted(contact), 'contacts'];
};

export const commands = {
  ...television,
  ...sharing,
  status: (home) => [
    {
      name: home.session.home,
      role: 'home',
      version: '0.1.0',
      ledger: home.ledger,
      waiting_gifts: home.gifts.filter((one) => one.state === 'waiting').length,
      titles: home.titles.length,
      swarm: { port: 6881, up_rate: 240_000, down_rate: 6_400_000 },
      tv: home.tv,
    },
  ],
  'gift-list': (home) => [{ gifts: home.gifts }],
  'gift-wishes': (home) => [{ wishes: home.wishes }],
  'contacts-list': (home) => [{ contacts: home.contacts }],
  'directory-show': (home) => [{ entries: home.addresses }],
  'directory-clear': (home, args) => {
    home.addresses = home.addresses.filter((one) => !(args.entries ?? []).includes(one.address));
    return [{ entries: home.addresses }, 'contacts'];
  },
  'library-list': (home) => [{ items: home.items, titles: home.titles }],
  catalogue: (home) => [{ offers: home.offers }],
  transfers: (home) => [{ transfers: home.transfers }],
  'wallet-balance': (home) => [{ balances: home.balances, pockets: home.pockets }],
  'wallet-history': (home) => [{ entries: home.entries, pending: home.pending }],
  'wallet-vouchers': (home) => [{ vouchers: home.vouchers }],
  'gift-cards': (home) => [{ cards: home.cards }],
  'rules-show': (home) => [home.rules],
  'phones-list': (home) => [{ phones: home.phones }],
  'gift-show': (home, args) => {
    const gift = giftOf(home, args);
    return [{ ...gift, gifts: [gift] }];
  },
  'gift-accept': (home, args) => {
    const gift = giftOf(home, args);
    gift.state = 'fetching';
    return [answered(gift), 'gifts', 'transfers'];
  },
  'gift-decline': (home, args) => {
    const gift = giftOf(home, args);
    Object.assign(gift, { state: 'declined', reason: args.reason ?? '' });
    return [answered(gift), 'gifts'];
  },
  'gift-thank': (home, args) => {
    const gift = giftOf(home, args);
    gift.thanks = args.text;
    return [answered(gift), 'gifts'];
  },
  'gift-take-back': (home, args) => {
    const gift = giftOf(home, args);
    gift.state = 'taken_back';
    return [answered(gift), 'gifts', 'wallet'];
  },
  'gift-send': (home, args) => {
    const whats = [args.what].flat();
    const offers = whats.flatMap((what) => home.offers.filter((one) => one.offer === what));
    const held = (offer) =>
      home.vouchers.some((one) => one.offer === offer.offer && one.state === 'held');
    const cost = offers.filter((one) => !held(one)).reduce((sum, one) => sum + one.price.minor, 0);
    if (cost > 500) needPin(home, args);
    const to = found(home.contacts, (one) => one.name === args.to);
    home.balances = [eur(home.balances[0].minor - cost)];
    const first = offers[0] ?? found(home.titles, (one) => one.title === whats[0]);
    const gift = {
      ...home.gifts[0],
      gift: (Math.random() + '').slice(2).padEnd(32, '0'),
      direction: 'sent',
      state: 'sent',
      name: first.name,
      kind: first.kind,
      size: first.size,
      title: first.title,
      offer: first.offer,
      contact: to.name,
      home: to.home,
      note: args.note ?? '',
      picture: Boolean(args.picture_bytes),
      at_ms: now(),
      place: undefined,
      expires_ms: args.expires_ms,
    };
    home.gifts.unshift(gift);
    const paid = cost > 0 ? { paid: eur(cost), balance: home.balances[0] } : {};
    return [
      { gift: gift.gift, name: gift.name, to: to.name, state: 'sent', ...paid },
      'gifts',
      'wallet',
    ];
  },
  'gift-grant': (home, args) => {
    const wish = found(home.wishes, (one) => one.wish === args.id);
    wish.granted = true;
    const [answer, ...topics] = commands['gift-send'](home, {
      ...args,
      what: wish.offer,
      to: wish.contact,
    });
    return [answer, 'wishes', ...topics];
  },
  'gift-wish': (home, args) => {
    const offer = found(home.offers, (one) => one.offer === args.offer);
    const wish = {
      wish: String(now()),
      direction: 'sent',
      granted: false,
      offer: offer.offer,
      name: offer.name,
      home: '',
      contact: args.to,
      note: args.note ?? '',
      at_ms: now(),
    };
    home.wishes.push(wish);
    return [wish, 'wishes'];
  },
  'gift-card': (home, args) => {
    let card = home.cards.find((one) => one.card === args.what);
    const changes = !card || args.void;
    if (!card) {
      const offer = found(home.offers, (one) => one.offer === args.what);
      card = {
        card: String(now()).padEnd(16, '0'),
        name: offer.name,
        state: 'out',
        note: args.note ?? '',
        made_ms: now(),
      };
      home.cards.unshift(card);
    } else if (args.void) card.state = 'voided';
    const offer = found(home.offers, (one) => one.name === card.name);
    const text = `gift1${'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.repeat(7)}`;
    const shown = card.state === 'out' ? { text, uri: `hearth:gift/${text}` } : {};
    return [
      {
        ...card,
        offer: offer.offer,
        kind: offer.kind,
        duration_ms: offer.duration_ms,
        width: 0,
        height: 0,
        from: home.session.home,
        redeem_until_ms: offer.redeem_until_ms,
        ...shown,
      },
      ...(changes ? ['wallet'] : []),
    ];
  },
  'gift-claim': (home, args) => {
    if (!args.text.startsWith('gift1'))
      throw new Refusal(
        'bad_gift_card',
        'This is not a gift card, or one damaged in copying. Nothing was claimed or charged; compare it with the card letter by letter.',
        400,
      );
    return [
      {
        offer: home.offers[0].offer,
        name: home.offers[0].name,
        voucher: '0011',
        claimed: true,
        delivery: true,
      },
      'wallet',
      'transfers',
    ];
  },
  'contacts-card': (home) => [
    {
      card: `hearth:card/${home.session.address.repeat(5)}`,
      home: home.session.address,
      name: home.session.home,
      ready: true,
    },
  ],
  'card-picture': (home, args) => {
    if (args.picture.length < 1000)
      throw new Refusal(
        'bad_card',
        `There is no QR code in ${args.name} that can be read. Nothing was done.`,
        400,
      );
    return [{ text: `hearth:card/${home.session.address.repeat(5)}` }];
  },
  'contacts-add': (home, args) => {
    if (!args.card.startsWith('hearth:'))
      throw new Refusal(
        'bad_card',
        'This is not a contact card, or one damaged in copying. Nothing was changed; ask for it again.',
        400,
      );
    const contact = {
      name: args.as ?? 'New friends',
      home: `home1${now()}`,
      state: 'invited',
      muted: false,
      added_ms: now(),
    };
    home.contacts.push(contact);
    return [contacted(contact), 'contacts'];
  },
  'contacts-accept': step('confirmed'),
  'contacts-block': step('blocked'),
  'contacts-unblock': step('confirmed'),
  'contacts-decline': (home, args) => commands['contacts-remove'](home, args),
  'contacts-remove': (home, args) => {
    const contact = contactOf(home, args);
    home.contacts = home.contacts.filter((one) => one !== contact);
    return [{ name: contact.name, home: contact.home, ready: true }, 'contacts'];
  },
  'contacts-rename': (home, args) => {
    const contact = contactOf(home, args);
    contact.name = args.as;
    return [contacted(contact), 'contacts'];
  },
  'contacts-mute': (home, args) => [
    contacted(Object.assign(contactOf(home, args), { muted: true })),
    'contacts',
  ],
  'contacts-unmute': (home, args) => [
    contacted(Object.assign(contactOf(home, args), { muted: false })),
    'contacts',
  ],
  'contacts-reception': (home, args) => [
    contacted(Object.assign(contactOf(home, args), { reception: args.reception })),
    'contacts',
  ],
  play: (home, args) => {
    const title = found(home.titles, (one) => one.title === args.title);
    Object.assign(home.tv, {
      state: 'playing',
      title: title.title,
      name: title.name,
      position_ms: 0,
    });
    return [{ tv: home.tv }, 'tv'];
  },
  stop: (home) => {
    Object.assign(home.tv, { state: 'idle', title: '', name: '' });
    return [{ tv: home.tv }, 'tv'];
  },
  buy: (home, args) => {
    const offer = found(home.offers, (one) => one.offer === args.offer);
    if (offer.price.minor > 400) needPin(home, args);
    home.balances = [eur(home.balances[0].minor - offer.price.minor)];
    return [
      {
        offer: offer.offer,
        name: offer.name,
        paid: offer.price,
        balance: home.balances[0],
        delivery: true,
      },
      'wallet',
      'transfers',
    ];
  },
  'wallet-refund': (home, args) => {
    const voucher = found(home.vouchers, (one) => one.voucher === args.voucher);
    voucher.state = 'refunded';
    return [
      {
        voucher: voucher.voucher,
        offer: voucher.offer,
        name: voucher.name,
        refunded: eur(499),
        pocket: 0,
        journal_index: 40,
      },
      'wallet',
    ];
  },
  'wallet-transfer': (home, args) => [
    {
      request: 'ab',
      amount: eur(Math.round(parseFloat(args.amount) * 100)),
      from: args.from,
      to: args.to,
      balance: home.balances[0],
      journal_index: 41,
    },
    'wallet',
  ],
  'rules-set': (home, args) => {
    needPin(home, args);
    const key = args.key.replaceAll('-', '_');
    if (key === 'share_played') home.rules.share_played = args.value === 'yes';
    else if (key === 'max_age')
      home.rules.max_age = args.value === 'none' ? 21 : Number(args.value);
    else if (key === 'kinds')
      home.rules.kinds =
        args.value === 'all' ? ['video', 'audio', 'image', 'data'] : args.value.split(',');
    else if (['push', 'reception', 'hours', 'out_of_hours'].includes(key))
      home.rules[key] = args.value;
    home.rules = { ...home.rules };
    return [home.rules, 'rules'];
  },
  'profile-use': (home, args) => {
    home.rules.profile = args.name ?? '';
    return [{}, 'rules'];
  },
  'pair-open': (home, args) => [
    {
      code: 'K7PX-2MQD',
      url: 'http://harbour.local:7300/#pair=3kq9d8sl2k3j4h5g6f7d8s9a',
      as: args.as ?? 'member',
      left_ms: 180_000,
    },
  ],
  'phones-rename': (home, args) => [
    Object.assign(
      found(home.phones, (one) => one.phone === args.phone),
      { name: args.as },
    ),
    'phones',
  ],
  'phones-remove': (home, args) => {
    home.phones = home.phones.filter((one) => one.phone !== args.phone);
    return [{}, 'phones'];
  },
};
