// A home that is made up, for working on the page without a node. Nothing of it is shipped.
import { sharingOf } from './sharing.js';
import { channelsOf } from './television.js';

const day = 86_400_000;
const now = Date.now();
const hex = (seed, length = 64) => {
  let out = '';
  for (let value = seed * 2654435761; out.length < length; value = (value * 48271) % 2147483647) {
    out += Math.abs(value % 65536)
      .toString(16)
      .padStart(4, '0');
  }
  return out.slice(0, length);
};
const address = (seed) =>
  `home1${[...hex(seed, 58)].map((digit) => 'qpzry9x8gf2tvdw0'[parseInt(digit, 16)]).join('')}`;
export const eur = (minor) => ({
  minor,
  currency: 'EUR',
  text: `${(minor / 100).toFixed(2)} EUR`,
});

const names = [
  ['Autumn by the sea', 'video', 350, 5_820_000],
  ['Grandfather builds a boat', 'video', 0, 1_260_000],
  ['Slow trains of the Alps', 'video', 499, 3_120_000],
  ['Evening songs', 'audio', 199, 2_400_000],
  ['The garden in May', 'image', 0, 0],
  ['Recipes of the Linden house', 'data', 99, 0],
  ['Northern light', 'video', 290, 4_500_000],
  ['A winter’s tale, read aloud', 'audio', 250, 7_200_000],
  ['City at night', 'video', 399, 2_700_000],
  ['Holiday 2025', 'video', 0, 900_000],
];
const types = {
  video: 'video/mp4',
  audio: 'audio/ogg',
  image: 'image/jpeg',
  data: 'application/pdf',
};

const offers = names.map(([name, kind, price, duration_ms], index) => ({
  offer: hex(100 + index),
  title: hex(200 + index),
  name,
  kind,
  media_type: types[kind],
  size: 12_000_000 + index * 331_000_000,
  duration_ms,
  price: eur(price),
  seller: address(1 + (index % 3)),
  giftable: index !== 8,
  min_age: index === 8 ? 12 : 0,
  sold_until_ms: 0,
  not_before_ms: 0,
  redeem_until_ms: index === 2 ? now + 200 * day : 0,
  refund_until_ms: 0,
  homes: 1,
  complete_sources: index % 4,
}));

const gift = (index, extra) => {
  const offer = offers[index];
  return {
    gift: hex(300 + index + (extra.state?.length ?? 0) * 7, 32),
    direction: 'received',
    state: 'waiting',
    name: offer.name,
    kind: offer.kind,
    size: offer.size,
    title: offer.title,
    offer: offer.offer,
    home: address(1),
    contact: 'Grandma Ilse',
    known: true,
    note: '',
    reason: '',
    private: false,
    picture: false,
    at_ms: now - 40 * 60_000,
    media_type: offer.media_type,
    duration_ms: offer.duration_ms,
    width: 1920,
    height: 1080,
    publisher: offer.seller,
    ...extra,
  };
};

const titleOf = (index, extra) => {
  const { title, name, kind, media_type, size, duration_ms, offer } = offers[index];
  return {
    title,
    name,
    kind,
    media_type,
    size,
    duration_ms,
    origin: 'received',
    offer,
    private: false,
    complete: true,
    has_key: true,
    ...extra,
  };
};

export function madeUpHome() {
  const gifts = [
    gift(0, {
      note: 'For a rainy Sunday, with tea.\nSee you at Christmas!',
      picture: true,
      expires_ms: now + 20 * day,
      place: { channel: 'Evenings', at_ms: 0 },
    }),
    gift(3, { contact: 'Linden Street 4', home: address(2), at_ms: now - 5 * 3_600_000 }),
    {
      ...gift(4, {
        open_from_ms: now + 27 * day,
        hidden: true,
        at_ms: now - day,
        gift: hex(777, 32),
      }),
      name: '',
      kind: 'data',
      size: 0,
      title: undefined,
      offer: undefined,
    },
    gift(1, { state: 'fetched', private: true, at_ms: now - 3 * day, contact: 'Jonas and Mia' }),
    gift(6, {
      direction: 'sent',
      state: 'delivered',
      contact: 'Jonas and Mia',
      at_ms: now - 2 * day,
      note: 'Enjoy!',
    }),
    gift(2, {
      direction: 'sent',
      state: 'played',
      at_ms: now - 9 * day,
      thanks: 'What a journey, thank you!',
    }),
    gift(7, {
      direction: 'sent',
      state: 'declined',
      reason: 'We have it already',
      at_ms: now - 12 * day,
    }),
  ];
  const titles = [
    titleOf(1, { private: true, offer: undefined }),
    titleOf(9, { origin: 'published', private: true, offer: undefined }),
    titleOf(5, { origin: 'published' }),
    titleOf(4, {}),
    titleOf(6, { complete: false }),
    titleOf(7, {}),
  ];
  return {
    paired: false,
    session: {
      home: 'The Harbour House',
      address: address(9),
      role: 'owner',
      phone: { id: 'a1b2', name: 'Anna’s phone' },
      language: 'en',
    },
    phones: [
      {
        phone: 'a1b2',
        name: 'Anna’s phone',
        role: 'owner',
        paired_ms: now - 60 * day,
        used_ms: now,
      },
      {
        phone: 'c3d4',
        name: 'Laptop in the kitchen',
        role: 'member',
        paired_ms: now - 9 * day,
        used_ms: now - 2 * day,
      },
      {
        phone: 'e5f6',
        name: 'Tim’s tablet',
        role: 'child',
        profile: 'Tim',
        paired_ms: now - 9 * day,
        used_ms: now - 3_600_000,
      },
    ],
    tv: {
      connected: true,
      state: 'playing',
      title: offers[1].title,
      name: offers[1].name,
      position_ms: 433_000,
      duration_ms: 1_260_000,
      page: 0,
      pages: 0,
      sentence: '',
      channel: '',
      lag_ms: 0,
    },
    ledger: { url: 'https://ledger.example:7400', reachable: true },
    offers,
    gifts,
    wishes: [
      {
        wish: hex(900, 32),
        direction: 'received',
        granted: false,
        offer: offers[7].offer,
        name: offers[7].name,
        home: address(1),
        contact: 'Grandma Ilse',
        note: 'The one with the old voice.',
        at_ms: now - 5 * 3_600_000,
        price: offers[7].price,
      },
    ],
    addresses: [
      { kind: 'mac', value: '020000000001', address: 'mac:020000000001' },
      { kind: 'esn', value: 'TV-4711', address: 'esn:TV-4711' },
    ],
    contacts: [
      {
        name: 'Grandma Ilse',
        home: address(1),
        state: 'confirmed',
        muted: false,
        reception: 'accept',
        added_ms: now - 90 * day,
      },
      {
        name: 'Linden Street 4',
        home: address(2),
        state: 'confirmed',
        muted: true,
        added_ms: now - 70 * day,
      },
      {
        name: 'Jonas and Mia',
        home: address(3),
        state: 'invited',
        muted: false,
        added_ms: now - 2 * day,
      },
      {
        name: 'The Oak Farm',
        home: address(4),
        state: 'asked',
        muted: false,
        note: 'We met at the harbour fair. Karl',
        added_ms: now - 3_600_000,
      },
      {
        name: 'Noisy neighbours',
        home: address(5),
        state: 'blocked',
        muted: false,
        added_ms: now - 200 * day,
      },
    ],
    items: [
      {
        item: hex(41, 8),
        path: '/srv/media/beach.mp4',
        name: 'Beach, first day.mp4',
        kind: 'video',
        media_type: 'video/mp4',
        size: 830_000_000,
        duration_ms: 312_000,
        width: 1920,
        height: 1080,
      },
      {
        item: hex(42, 8),
        path: '/srv/media/choir.ogg',
        name: 'Choir rehearsal.ogg',
        kind: 'audio',
        media_type: 'audio/ogg',
        size: 42_000_000,
        duration_ms: 1_500_000,
        width: 0,
        height: 0,
      },
    ],
    titles,
    channels: channelsOf(titles, offers, address(1)),
    sharing: sharingOf(
      [
        { name: 'Grandma Ilse', home: address(1) },
        { name: 'Linden Street 4', home: address(2) },
      ],
      now,
    ),
    transfers: [
      {
        title: offers[6].title,
        name: offers[6].name,
        direction: 'in',
        done_bytes: 812_000_000,
        total_bytes: 1_998_000_000,
        bytes_per_second: 6_400_000,
        peers: 3,
        seeds: 1,
        complete: false,
        has_key: true,
        state: 'keyed',
      },
      {
        title: offers[5].title,
        name: offers[5].name,
        direction: 'out',
        done_bytes: 1_667_000_000,
        total_bytes: 1_667_000_000,
        bytes_per_second: 240_000,
        peers: 1,
        seeds: 0,
        complete: true,
        has_key: true,
        state: 'seeding',
      },
      {
        title: offers[4].title,
        name: offers[4].name,
        direction: 'in',
        done_bytes: 0,
        total_bytes: 12_000_000,
        bytes_per_second: 0,
        peers: 0,
        seeds: 0,
        complete: false,
        has_key: false,
        state: 'failed',
        problem: {
          code: 'no_source',
          sentence:
            'No home that has it came in time. The voucher is in the wallet again; nothing was lost.',
        },
      },
    ],
    balances: [eur(2480)],
    pockets: [{ pocket: 1, balance: eur(500) }],
    entries: [
      {
        index: 31,
        at_ms: now - 2 * day,
        kind: 'purchase',
        amount: eur(-290),
        reference: '',
        offer: offers[6].offer,
      },
      {
        index: 28,
        at_ms: now - 3 * day,
        kind: 'redemption',
        amount: eur(94),
        reference: '',
        offer: offers[5].offer,
      },
      { index: 22, at_ms: now - 6 * day, kind: 'transfer', amount: eur(-500), reference: '' },
      {
        index: 22,
        at_ms: now - 6 * day,
        kind: 'transfer',
        amount: eur(500),
        reference: '',
        pocket: 1,
      },
      {
        index: 12,
        at_ms: now - 11 * day,
        kind: 'refund',
        amount: eur(250),
        reference: '',
        offer: offers[7].offer,
      },
      {
        index: 3,
        at_ms: now - 40 * day,
        kind: 'deposit',
        amount: eur(3000),
        reference: 'bank 4711',
      },
    ],
    pending: [],
    vouchers: [
      {
        voucher: hex(51, 16),
        offer: offers[2].offer,
        name: offers[2].name,
        epoch: 1,
        state: 'held',
      },
      {
        voucher: hex(52, 16),
        offer: offers[6].offer,
        name: offers[6].name,
        epoch: 1,
        state: 'given',
      },
    ],
    cards: [
      {
        card: hex(61, 16),
        name: offers[3].name,
        state: 'out',
        note: 'Happy birthday, Ben!',
        made_ms: now - day,
      },
      { card: hex(62, 16), name: offers[0].name, state: 'used', note: '', made_ms: now - 30 * day },
    ],
    rules: {
      push: 'contacts',
      reception: 'ask',
      kinds: ['video', 'audio', 'image'],
      max_size: 4_000_000_000,
      month_quota: 50_000_000_000,
      max_age: 16,
      hours: '08:00-20:00',
      out_of_hours: 'wait',
      share_played: true,
      spending: [
        {
          currency: 'EUR',
          purchase: eur(500),
          month: eur(2000),
          spent_day: eur(0),
          spent_month: eur(290),
        },
      ],
      profile: '',
      profiles: [{ name: 'Tim', max_age: 6, used: false }],
      pin: true,
    },
  };
}
