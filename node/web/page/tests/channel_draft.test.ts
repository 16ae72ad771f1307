import { describe, expect, it } from 'vitest';
import {
  applied,
  difference,
  drafted,
  freshId,
  rebased,
  sent,
  usesOf,
  usualWith,
  withChange,
  type Change,
} from '../src/lib/channel_draft';
import type { ChannelDocument } from '../src/lib/types';

const item = (id: string) => ({ id, kind: 'title' as const, media: id, name: id });
const channel: ChannelDocument = {
  id: 'c',
  number: 4,
  name: 'Evening',
  colour: '#3366cc',
  zone: 'UTC',
  version: 7,
  lists: [
    { id: 'main', order: 'sequence', items: [item('a'), item('b'), item('c')] },
    { id: 'spare', order: 'sequence', items: [item('z')] },
  ],
  slots: [
    { id: 's1', list: 'main', take: 'one', at: '20:15', first: '2026-01-01', rule: 'FREQ=DAILY' },
    { id: 's2', list: 'main', take: 'flood' },
  ],
  fillers: [
    { id: 'f1', list: 'spare', place: 'fallback', amount: 'all' },
    { id: 'f2', list: 'spare', place: 'tail', amount: 'all' },
  ],
  usual_fillers: ['f1'],
};
const ids = (document: ChannelDocument, list = 0) =>
  document.lists[list]?.items.map((one) => one.id).join('');

describe('changes of a channel', () => {
  it('are seen at once, and leave what they were made of alone', () => {
    const rows: [Change, (document: ChannelDocument) => unknown, unknown][] = [
      [{ change: 'move_item', item: 'c', list: 'main', before: 'a' }, ids, 'cab'],
      [{ change: 'move_item', item: 'a', list: 'main', before: '' }, ids, 'bca'],
      [{ change: 'move_item', item: 'a', list: 'spare', before: 'z' }, (one) => ids(one, 1), 'az'],
      [{ change: 'move_item', item: 'a', list: 'main', before: 'a' }, ids, 'abc'],
      [{ change: 'move_item', item: 'nobody', list: 'main', before: '' }, ids, 'abc'],
      [{ change: 'remove_item', item: 'b' }, ids, 'ac'],
      [{ change: 'add_items', list: 'main', items: [item('x')], before: 'b' }, ids, 'axbc'],
      [
        { change: 'set_item', item: 'a', members: { name: null, length_ms: 5 } },
        (one) => one.lists[0]?.items[0],
        { id: 'a', kind: 'title', media: 'a', length_ms: 5 },
      ],
      [{ change: 'move_slot', slot: 's2', before: 's1' }, (one) => one.slots[0]?.id, 's2'],
      [{ change: 'remove_slot', slot: 's1' }, (one) => one.slots.length, 1],
      [
        { change: 'skip_day', slot: 's1', day: '2026-12-24' },
        (one) => one.slots[0]?.except,
        ['2026-12-24'],
      ],
      [{ change: 'remove_filler', filler: 'f1' }, (one) => one.usual_fillers, []],
      [{ change: 'set_channel', members: { name: 'Late' } }, (one) => one.name, 'Late'],
      [{ change: 'remove_list', list: 'spare' }, (one) => one.lists.length, 1],
    ];
    const before = structuredClone(channel);
    for (const [change, read, expected] of rows) {
      expect(read(applied(channel, change)), change.change).toEqual(expected);
    }
    expect(channel).toEqual(before);
  });

  it('of one part are one change, until something else is changed', () => {
    let changes: Change[] = [];
    for (const name of ['E', 'Ev', 'Eve']) {
      changes = withChange(changes, { change: 'set_channel', members: { name } });
    }
    changes = withChange(changes, { change: 'set_channel', members: { number: 5 } });
    expect(changes).toEqual([{ change: 'set_channel', members: { name: 'Eve', number: 5 } }]);
    changes = withChange(changes, { change: 'remove_item', item: 'a' });
    changes = withChange(changes, { change: 'set_channel', members: { name: 'Evening' } });
    expect(changes).toHaveLength(3);
    expect(drafted(channel, changes).number).toBe(5);
  });

  it('are sent with what the home names itself by its name alone', () => {
    const change: Change = {
      change: 'add_items',
      list: 'main',
      items: [
        { ...item('x'), what: 'title-id' },
        { id: 'p', kind: 'page', text: 'Back soon' },
      ],
      before: '',
    };
    expect(sent([change])).toEqual([
      {
        change: 'add_items',
        list: 'main',
        items: [
          { id: 'x', what: 'title-id' },
          { id: 'p', kind: 'page', text: 'Back soon' },
        ],
        before: '',
      },
    ]);
  });

  it('go on top of somebody else’s, without those that lost their part', () => {
    const mine: Change[] = [
      { change: 'add_items', list: 'main', items: [item('new')], before: '' },
      { change: 'set_item', item: 'new', members: { name: 'New' } },
      { change: 'set_item', item: 'b', members: { name: 'B' } },
      { change: 'move_slot', slot: 's1', before: '' },
    ];
    const theirs = applied(applied(channel, { change: 'remove_item', item: 'b' }), {
      change: 'remove_slot',
      slot: 's1',
    });
    const kept = rebased(theirs, mine);
    expect(kept).toEqual(mine.slice(0, 2));
    expect(ids(drafted(theirs, kept))).toBe('acnew');
  });
});

describe('parts', () => {
  it('differ in what has to be said', () => {
    const slot = channel.slots[0];
    if (!slot) throw new Error('there is one');
    const { rule, ...once } = slot;
    expect(rule).toBe('FREQ=DAILY');
    expect(difference(slot, { ...once, at: '21:00' })).toEqual({ at: '21:00', rule: null });
    expect(difference(slot, { ...slot })).toEqual({});
  });

  it('get ids that nobody has', () => {
    const all = new Set(Array.from({ length: 200 }, () => freshId(channel, 'i')));
    expect(all.size).toBe(200);
    expect([...all].every((id) => /^i-[a-z0-9]{1,30}$/.test(id))).toBe(true);
  });

  it('know who uses them', () => {
    expect(usesOf(channel, 'main')).toBe(2);
    expect(usesOf(channel, 'spare')).toBe(2);
    const [fallback, tail] = channel.fillers ?? [];
    if (!fallback || !tail) throw new Error('there are two');
    expect(usualWith(channel, tail, true)).toEqual(['f1', 'f2']);
    expect(usualWith(channel, fallback, false)).toEqual([]);
    expect(usualWith(channel, { ...tail, place: 'fallback' }, true)).toEqual(['f2']);
  });
});
