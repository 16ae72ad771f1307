// Channels of the made-up home: enough of a schedule to look at, and the editing that the page's
// tests need. Lists go round and round; what has a time is on every day.
import { Refusal } from './refusal.js';

const minute = 60_000;
const source = { title: 'own', music: 'own', album: 'own', page: 'own', offer: 'for_sale' };
const lengthOf = (item) =>
  item.kind === 'album'
    ? (item.picture_ms ?? 10_000) * (item.pictures?.length ?? 1)
    : item.length_ms || minute;

export function channelsOf(titles, offers, friend) {
  const item = (title, index) => ({
    id: `i${index + 1}`,
    kind: title.kind === 'audio' ? 'music' : 'title',
    media: title.title,
    name: title.name,
    length_ms: title.duration_ms || 25 * minute,
  });
  const one = (id, number, name, colour, all, extra = {}) => ({
    id,
    number,
    name,
    colour,
    zone: 'Europe/Berlin',
    version: 3,
    lists: [{ id: 'main', order: 'sequence', items: all.map(item) }],
    slots: [{ id: 'always', list: 'main', take: 'flood' }],
    ...extra,
  });
  const films = titles.filter((title) => title.kind === 'video');
  const paid = offers.slice(6, 7).map((offer) => ({
    id: 'p1',
    kind: 'offer',
    media: offer.offer,
    name: offer.name,
    length_ms: offer.duration_ms,
  }));
  const evening = one('c4', 4, 'Evening', '#d9480f', films, {
    fillers: [{ id: 'f1', list: 'spare', place: 'fallback', amount: 'all' }],
    usual_fillers: ['f1'],
    budget: { title: 500, month: 2000, currency: 'EUR' },
  });
  evening.lists.push(
    { id: 'feature', name: 'The film at a quarter past eight', order: 'shuffle', items: paid },
    {
      id: 'spare',
      name: 'In between',
      order: 'sequence',
      items: [{ id: 't1', kind: 'page', text: 'We are back in a moment.', length_ms: 20_000 }],
    },
  );
  evening.slots.unshift({
    id: 's1',
    list: 'feature',
    take: 'one',
    at: '20:15',
    first: '2026-01-01',
    rule: 'FREQ=DAILY',
    rank: 2,
  });
  const tunes = titles.filter((title) => title.kind !== 'image');
  return [
    one('c1', 1, 'Family', '#2b8a3e', films.toReversed()),
    evening,
    one('c7', 7, 'Evening songs and stories', '#5f3dc4', tunes),
    one('c12', 12, 'Aquarium', '#0b7285', films.slice(0, 1), {
      from: { home: friend, contact: 'Grandma Ilse', withheld: 1, not_taken: 2 },
    }),
    one('c20', 20, 'Empty yet', '#b08900', []),
  ];
}

/** The list until `to`, from the midnight before `from`. */
function programmesOf(channel, offers, from, to) {
  const midnight = new Date(from).setHours(0, 0, 0, 0);
  const always = channel.lists[0].items.filter(() => channel.slots.some((one) => !one.at));
  const fixed = channel.slots
    .filter((slot) => slot.at)
    .flatMap((slot) =>
      [0, 1, 2].map((day) => {
        const [hour, min] = slot.at.split(':').map(Number);
        const at = new Date(midnight);
        at.setDate(at.getDate() + day);
        at.setHours(hour, min);
        return { slot, at: at.getTime() };
      }),
    )
    .toSorted((a, b) => a.at - b.at);
  const out = [];
  const put = (start, end, item, slot) => {
    const price = offers.find((offer) => offer.offer === item?.media)?.price;
    out.push({
      start_ms: start,
      end_ms: end,
      kind: item ? 'programme' : 'dead_air',
      name: item ? (item.name ?? item.text ?? '') : '',
      ...(item
        ? {
            item: item.id,
            media: item.media,
            slot,
            availability: 'ready',
            shown: true,
            source: source[item.kind],
            ...(price ? { price, availability: 'known' } : {}),
          }
        : {}),
    });
  };
  let turn = 0;
  for (let at = midnight; at < to;) {
    const next = fixed.find((one) => one.at >= at);
    if (next?.at === at) {
      const item = channel.lists.find((list) => list.id === next.slot.list)?.items[0];
      const end = at + (item ? lengthOf(item) : 30 * minute);
      put(at, end, item, next.slot.id);
      at = end;
      continue;
    }
    const limit = next?.at ?? Infinity;
    if (always.length === 0) {
      const end = Math.min(limit, new Date(at).setHours(24, 0, 0, 0));
      put(at, end);
      at = end;
      continue;
    }
    const item = always[turn % always.length];
    turn += 1;
    const end = Math.min(limit, at + lengthOf(item));
    put(at, end, item, 'always');
    at = end;
  }
  return out.filter((one) => one.end_ms > from && one.start_ms < to);
}

const members = (part, fresh) => {
  for (const [name, value] of Object.entries(fresh)) {
    if (value === null) Reflect.deleteProperty(part, name);
    else part[name] = value;
  }
};
const placed = (all, fresh, before) => {
  const at = all.findIndex((one) => one.id === before);
  all.splice(at < 0 ? all.length : at, 0, ...fresh);
};
const taken = (all, id) => {
  const at = all.findIndex((one) => one.id === id);
  if (at < 0) throw new Refusal('not_found', `There is no "${id}". Nothing was changed.`, 404);
  return all.splice(at, 1)[0];
};
const listWith = (channel, item) =>
  channel.lists.find((list) => list.items.some((one) => one.id === item));

function change(home, channel, one) {
  const list = channel.lists.find((each) => each.id === one.list);
  const named = (item) => {
    const title = home.titles.find((each) => each.title === item.what);
    const offer = home.offers.find((each) => each.offer === item.what);
    const of = title ?? offer;
    if (!of) return item;
    const kind = title ? (of.kind === 'audio' ? 'music' : 'title') : 'offer';
    return { id: item.id, kind, media: item.what, name: of.name, length_ms: of.duration_ms };
  };
  const acts = {
    add_items: () => placed(list.items, one.items.map(named), one.before),
    move_item: () =>
      placed(list.items, [taken(listWith(channel, one.item).items, one.item)], one.before),
    remove_item: () => taken((listWith(channel, one.item) ?? { items: [] }).items, one.item),
    set_item: () =>
      members(
        listWith(channel, one.item).items.find((each) => each.id === one.item),
        one.members,
      ),
    add_list: () => channel.lists.push(one.list),
    set_list: () => members(list, one.members),
    add_slot: () => placed(channel.slots, [one.slot], one.before),
    set_slot: () =>
      members(
        channel.slots.find((each) => each.id === one.slot),
        one.members,
      ),
    remove_slot: () => taken(channel.slots, one.slot),
    set_channel: () => members(channel, one.members),
  };
  acts[one.change]?.();
}

const find = (home, id) => {
  const found = home.channels.find((one) => one.id === id || String(one.number) === id);
  if (!found) throw new Refusal('not_found', 'There is no such channel.', 404);
  return found;
};

const documentOf = (home, one) => {
  const now = Date.now();
  return {
    channel: one.id,
    number: one.number,
    name: one.name,
    zone: one.zone,
    colour: one.colour,
    version: one.version,
    items: one.lists.reduce((sum, list) => sum + list.items.length, 0),
    slots: one.slots.length,
    on: programmesOf(one, home.offers, now, now + 1)[0] ?? null,
    troubles: 0,
    ...(one.from ? { from: one.from } : {}),
  };
};

function edited(home, args, act) {
  const before = find(home, args.channel);
  if (args.version && args.version !== before.version)
    throw new Refusal('changed_meanwhile', 'The channel was changed in the meantime.', 409);
  const after = structuredClone(before);
  act(after);
  after.version = before.version + 1;
  const [from, to] = [Date.now(), Date.now() + 2 * 86_400_000];
  const rows = (one) => programmesOf(one, home.offers, from, to);
  const key = (one) => `${one.start_ms} ${one.item}`;
  const [old, fresh] = [rows(before), rows(after)];
  const [had, has] = [new Set(old.map(key)), new Set(fresh.map(key))];
  const empty = after.lists.find((list) => list.items.length === 0);
  if (!args.dry_run) {
    before.older = undefined;
    after.older = before;
    home.channels[home.channels.indexOf(before)] = after;
  }
  return [
    {
      channel: after.id,
      number: after.number,
      name: after.name,
      version: after.version,
      dry_run: args.dry_run ?? false,
      gone: old.filter((one) => !has.has(key(one))),
      fresh: fresh.filter((one) => !had.has(key(one))),
      warnings: empty
        ? [
            {
              problem: 'empty_list',
              where: empty.id,
              sentence: `The list "${empty.name ?? empty.id}" has nothing to show.`,
            },
          ]
        : [],
    },
    ...(args.dry_run ? [] : ['channels']),
  ];
}

export const television = {
  guide: (home, args) => {
    const all = args.channel ? [find(home, args.channel)] : home.channels;
    const from = args.from_ms ?? Date.now();
    const to = args.to_ms ?? from + 6 * 60 * minute;
    const rows = all.slice(args.first ?? 0, (args.first ?? 0) + (args.count ?? 500));
    return [
      {
        from_ms: from,
        to_ms: to,
        channels: all.length,
        rows: rows.map((one) => ({
          channel: one.id,
          number: one.number,
          name: one.name,
          colour: one.colour,
          programmes: programmesOf(one, home.offers, from, to).map((each) =>
            args.details && each.item
              ? {
                  ...each,
                  media_kind: 'video',
                  length_ms: each.end_ms - each.start_ms,
                  title: home.titles.find((title) => title.title === each.media)?.title,
                }
              : each,
          ),
        })),
      },
    ];
  },
  tune: (home, args) => {
    const one = find(home, args.channel);
    Object.assign(home.tv, { state: 'playing', title: '', channel: one.id, name: one.name });
    return [{ tv: home.tv }, 'tv'];
  },
  'channel-list': (home) => [{ channels: home.channels.map((one) => documentOf(home, one)) }],
  'channel-show': (home, args) => {
    const document = { ...find(home, args.channel) };
    delete document.older;
    delete document.from;
    return [{ ...documentOf(home, find(home, args.channel)), document }];
  },
  'channel-check': (home, args) => [
    { ...documentOf(home, find(home, args.channel)), warnings: [], troubles: [] },
  ],
  'channel-versions': (home, args) => {
    const one = find(home, args.channel);
    const at = Date.now() - 3_600_000;
    return [
      {
        channel: one.id,
        number: one.number,
        versions: [
          { version: one.version - 1, from_ms: at, what: 'add Autumn by the sea' },
          { version: one.version, from_ms: at + 60_000, what: 'edit' },
        ],
      },
    ];
  },
  'channel-create': (home, args) => {
    const number = 1 + Math.max(0, ...home.channels.map((one) => one.number));
    const one = {
      id: `c${number}`,
      number,
      name: args.name,
      colour: '#3366cc',
      zone: 'Europe/Berlin',
      version: 1,
      lists: [{ id: 'main', order: 'sequence', items: [] }],
      slots: [{ id: 'always', list: 'main', take: 'flood' }],
    };
    const items = (args.what ?? []).map((what, index) => ({ id: `i${index + 1}`, what }));
    change(home, one, { change: 'add_items', list: 'main', items, before: '' });
    home.channels.push(one);
    return [documentOf(home, one), 'channels'];
  },
  'channel-edit': (home, args) =>
    edited(home, args, (after) => {
      for (const one of args.changes) change(home, after, one);
    }),
  'channel-undo': (home, args) =>
    edited(home, args, (after) => {
      if (!after.older) throw new Refusal('not_found', 'There is nothing to undo.', 404);
      Object.assign(after, structuredClone(after.older));
    }),
  'channel-export': (home, args) => {
    const one = find(home, args.channel);
    return [{ channel: one.id, name: one.name, format: 'hearth', text: 'eyJhbGciOiJFZERTQSJ9' }];
  },
  'channel-import': (home, args) => {
    const [made, ...topics] = television['channel-create'](home, { name: 'Imported' });
    return [{ ...made, warnings: [], left_out: args.text.length > 40 ? ['One.'] : [] }, ...topics];
  },
  'channel-delete': (home, args) => {
    const one = find(home, args.channel);
    home.channels = home.channels.filter((each) => each !== one);
    return [{ channel: one.id, number: one.number, name: one.name }, 'channels'];
  },
};
