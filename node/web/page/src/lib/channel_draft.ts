// A channel that somebody is changing: the version that they look at, and their changes one after
// the other, as `channel-edit` takes them. They are shown at once, and nothing is kept before it is
// saved. Because they are changes and no document, they can be put on top of a version that
// somebody else made. Pure.
import type {
  ChannelDocument,
  ChannelFiller,
  ChannelItem,
  ChannelList,
  ChannelSlot,
} from './types';

/** `what`: a title or an offer; the node makes the rest of the item of it. */
export type DraftItem = ChannelItem & { what?: string };
type Members = Record<string, unknown>;

export type Change =
  | { change: 'add_items'; list: string; items: DraftItem[]; before: string }
  | { change: 'move_item'; item: string; list: string; before: string }
  | { change: 'remove_item'; item: string }
  | { change: 'set_item'; item: string; members: Members }
  | { change: 'add_list'; list: ChannelList }
  | { change: 'set_list'; list: string; members: Members }
  | { change: 'remove_list'; list: string }
  | { change: 'add_slot'; slot: ChannelSlot; before: string }
  | { change: 'move_slot'; slot: string; before: string }
  | { change: 'set_slot'; slot: string; members: Members }
  | { change: 'remove_slot'; slot: string }
  | { change: 'skip_day'; slot: string; day: string }
  | { change: 'add_filler'; filler: ChannelFiller }
  | { change: 'set_filler'; filler: string; members: Members }
  | { change: 'remove_filler'; filler: string }
  | { change: 'set_channel'; members: Members };

interface HasId {
  id: string;
}

/** Before the one of that id; at the end when there is none. */
function inserted<T extends HasId>(all: readonly T[], fresh: readonly T[], before: string): T[] {
  const at = all.findIndex((one) => one.id === before);
  const place = at < 0 ? all.length : at;
  return [...all.slice(0, place), ...fresh, ...all.slice(place)];
}

function without<T extends HasId>(all: readonly T[], id: string): T[] {
  return all.filter((one) => one.id !== id);
}

function reordered<T extends HasId>(all: readonly T[], id: string, before: string): T[] {
  const one = all.find((each) => each.id === id);
  if (!one || id === before) return [...all];
  return inserted(without(all, id), [one], before);
}

/** null takes a member away. */
function withMembers<T extends object>(part: T, members: Members): T {
  const all = Object.entries({ ...(part as Members), ...members });
  return Object.fromEntries(all.filter(([, value]) => value !== null)) as T;
}

function changed<T extends HasId>(all: readonly T[], id: string, members: Members): T[] {
  return all.map((one) => (one.id === id ? withMembers(one, members) : one));
}

function eachList(channel: ChannelDocument, edit: (list: ChannelList) => ChannelList) {
  return { ...channel, lists: channel.lists.map(edit) };
}

function itemMoved(channel: ChannelDocument, item: string, list: string, before: string) {
  const found = channel.lists.flatMap((one) => one.items).find((one) => one.id === item);
  if (!found || item === before) return channel;
  return eachList(channel, (one) => {
    const items = without(one.items, item);
    return { ...one, items: one.id === list ? inserted(items, [found], before) : items };
  });
}

function fillerRemoved(channel: ChannelDocument, filler: string): ChannelDocument {
  const gone = (ids: string[]) => ids.filter((id) => id !== filler);
  return {
    ...channel,
    fillers: without(channel.fillers ?? [], filler),
    usual_fillers: gone(channel.usual_fillers ?? []),
    slots: channel.slots.map((slot) =>
      slot.fillers ? { ...slot, fillers: gone(slot.fillers) } : slot,
    ),
  };
}

/** The document with one change; as it was, where the part is not there. */
export function applied(channel: ChannelDocument, change: Change): ChannelDocument {
  switch (change.change) {
    case 'add_items':
      return eachList(channel, (one) =>
        one.id === change.list
          ? { ...one, items: inserted(one.items, change.items, change.before) }
          : one,
      );
    case 'move_item':
      return itemMoved(channel, change.item, change.list, change.before);
    case 'remove_item':
      return eachList(channel, (one) => ({ ...one, items: without(one.items, change.item) }));
    case 'set_item':
      return eachList(channel, (one) => ({
        ...one,
        items: changed(one.items, change.item, change.members),
      }));
    case 'add_list':
      return { ...channel, lists: [...channel.lists, change.list] };
    case 'set_list':
      return { ...channel, lists: changed(channel.lists, change.list, change.members) };
    case 'remove_list':
      return { ...channel, lists: without(channel.lists, change.list) };
    case 'add_slot':
      return { ...channel, slots: inserted(channel.slots, [change.slot], change.before) };
    case 'move_slot':
      return { ...channel, slots: reordered(channel.slots, change.slot, change.before) };
    case 'set_slot':
      return { ...channel, slots: changed(channel.slots, change.slot, change.members) };
    case 'remove_slot':
      return { ...channel, slots: without(channel.slots, change.slot) };
    case 'skip_day':
      return {
        ...channel,
        slots: channel.slots.map((one) =>
          one.id === change.slot ? { ...one, except: [...(one.except ?? []), change.day] } : one,
        ),
      };
    case 'add_filler':
      return { ...channel, fillers: [...(channel.fillers ?? []), change.filler] };
    case 'set_filler':
      return {
        ...channel,
        fillers: changed(channel.fillers ?? [], change.filler, change.members),
      };
    case 'remove_filler':
      return fillerRemoved(channel, change.filler);
    case 'set_channel':
      return withMembers(channel, change.members);
  }
}

export function drafted(base: ChannelDocument, changes: readonly Change[]): ChannelDocument {
  return changes.reduce(applied, base);
}

/** Of which part it is; only what is set can be said in one. */
function partOf(change: Change): string | undefined {
  switch (change.change) {
    case 'set_item':
      return `item ${change.item}`;
    case 'set_list':
      return `list ${change.list}`;
    case 'set_slot':
      return `slot ${change.slot}`;
    case 'set_filler':
      return `filler ${change.filler}`;
    case 'set_channel':
      return 'channel';
    default:
      return undefined;
  }
}

/** One more; what is typed letter by letter is one change. */
export function withChange(changes: readonly Change[], fresh: Change): Change[] {
  const last = changes.at(-1);
  const part = partOf(fresh);
  if (last && part !== undefined && partOf(last) === part && 'members' in last) {
    const members = { ...last.members, ...('members' in fresh ? fresh.members : {}) };
    return [...changes.slice(0, -1), { ...last, members } as Change];
  }
  return [...changes, fresh];
}

/** As the node takes them: of what it names itself, the name alone. */
export function sent(changes: readonly Change[]): unknown[] {
  return changes.map((change) =>
    change.change !== 'add_items'
      ? change
      : {
          ...change,
          items: change.items.map((item) =>
            item.what === undefined ? item : { id: item.id, what: item.what },
          ),
        },
  );
}

/** The parts that a change needs to be there. */
function isThere(channel: ChannelDocument, change: Change): boolean {
  const has = (all: readonly HasId[], id: string) => all.some((one) => one.id === id);
  switch (change.change) {
    case 'add_items':
    case 'set_list':
    case 'remove_list':
      return has(channel.lists, change.list);
    case 'move_item':
    case 'remove_item':
    case 'set_item':
      return channel.lists.some((list) => has(list.items, change.item));
    case 'move_slot':
    case 'set_slot':
    case 'remove_slot':
    case 'skip_day':
      return has(channel.slots, change.slot);
    case 'set_filler':
    case 'remove_filler':
      return has(channel.fillers ?? [], change.filler);
    default:
      return true;
  }
}

/** The changes that still mean something in a version that somebody else made. */
export function rebased(newer: ChannelDocument, changes: readonly Change[]): Change[] {
  let channel = newer;
  return changes.filter((change) => {
    if (!isThere(channel, change)) return false;
    channel = applied(channel, change);
    return true;
  });
}

/** An id that no part has. */
export function freshId(channel: ChannelDocument, prefix: string): string {
  const taken = new Set([
    ...channel.lists.flatMap((list) => [list.id, ...list.items.map((item) => item.id)]),
    ...channel.slots.map((slot) => slot.id),
    ...(channel.fillers ?? []).map((filler) => filler.id),
  ]);
  for (;;) {
    // Two people who add at once take two ids.
    const id = `${prefix}-${Math.random().toString(36).slice(2, 10)}`;
    if (!taken.has(id)) return id;
  }
}

/** Slots and fillers that take from a list: it cannot go before them. */
export function usesOf(channel: ChannelDocument, list: string): number {
  return (
    channel.slots.filter((slot) => slot.list === list).length +
    (channel.fillers ?? []).filter((filler) => filler.list === list).length
  );
}

/** What has to be set so that `before` becomes `after`; what it has no more is null. */
export function difference<T extends object>(before: T, after: T): Members {
  const [old, fresh] = [before as Members, after as Members];
  const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
  names.delete('id');
  const out: Members = {};
  for (const name of names) {
    if (JSON.stringify(old[name]) !== JSON.stringify(fresh[name])) out[name] = fresh[name] ?? null;
  }
  return out;
}

/** The usual fillers with this one in it, or not: at most one of each place. */
export function usualWith(channel: ChannelDocument, filler: ChannelFiller, on: boolean): string[] {
  const place = (id: string) => channel.fillers?.find((one) => one.id === id)?.place;
  const others = (channel.usual_fillers ?? []).filter(
    (id) => id !== filler.id && (!on || place(id) !== filler.place),
  );
  return on ? [...others, filler.id] : others;
}
