import { describe, expect, it } from 'vitest';
import { isKey } from '../src/lib/i18n';
import {
  kindOf,
  mayAccept,
  mayTakeBack,
  mayThank,
  opensAt,
  parcelsOf,
  stepOf,
  toneOf,
} from '../src/lib/gifts';
import type { Gift } from '../src/lib/types';

const gift = (extra: Partial<Gift> = {}): Gift => ({
  gift: 'a',
  direction: 'received',
  state: 'waiting',
  name: 'Autumn film',
  kind: 'video',
  size: 100,
  home: 'home1x',
  contact: 'Ilse',
  known: true,
  note: '',
  reason: '',
  private: false,
  picture: false,
  at_ms: 1000,
  ...extra,
});

// docs/api.md, "States"
const sent =
  'buying failed sending sent delivered accepted fetched played declined returned expired taking_back taken_back'.split(
    ' ',
  );
const received = 'waiting accepted fetching fetched declined expired used_up'.split(' ');

describe('gifts', () => {
  it('of one parcel are one, by their part, newest parcel first', () => {
    const parcels = parcelsOf([
      gift({ gift: 'b', parcel: { id: 'p', part: 2, parts: 2 }, kind: 'audio' }),
      gift({ gift: 'a', parcel: { id: 'p', part: 1, parts: 2 } }),
      gift({ gift: 'c', at_ms: 2000 }),
      gift({ gift: 'd', parcel: { id: 'p', part: 1, parts: 2 }, direction: 'sent', at_ms: 500 }),
    ]);
    expect(parcels.map((one) => one.gifts.map((part) => part.gift))).toEqual([
      ['c'],
      ['a', 'b'],
      ['d'],
    ]);
    expect(parcels[1]?.size).toBe(200);
    expect(parcels.map(kindOf)).toEqual(['video', undefined, 'video']);
  });

  it('open on the later of their giver’s and their seller’s day', () => {
    const late = gift({ open_from_ms: 50, not_before_ms: 70 });
    expect(opensAt(late)).toBe(70);
    expect(mayAccept(late, 69)).toBe(false);
    expect(mayAccept(late, 70)).toBe(true);
    expect(mayAccept(gift({ state: 'fetched' }), 70)).toBe(false);
    expect(mayAccept(gift({ direction: 'sent', state: 'waiting' }), 70)).toBe(false);
  });

  it('can be thanked for once they are accepted, once', () => {
    expect(received.filter((state) => mayThank(gift({ state })))).toEqual([
      'accepted',
      'fetching',
      'fetched',
    ]);
    expect(mayThank(gift({ state: 'fetched', thanks: 'Thank you!' }))).toBe(false);
    expect(mayThank(gift({ state: 'fetched', direction: 'sent' }))).toBe(false);
  });

  it('can be taken back until they are accepted, except private ones', () => {
    const given = (state: string, extra: Partial<Gift> = {}) =>
      mayTakeBack(gift({ direction: 'sent', state, ...extra }));
    expect(sent.filter((state) => given(state))).toEqual(['sending', 'sent', 'delivered']);
    expect(given('sent', { private: true })).toBe(false);
  });

  it('have words and a tone for every state that the node knows', () => {
    for (const state of sent) {
      expect(isKey(`sent.state.${state}`) && isKey(`sent.means.${state}`), state).toBe(true);
      expect(toneOf(gift({ direction: 'sent', state }))).toBeTypeOf('string');
    }
    for (const state of received) {
      expect(isKey(`received.state.${state}`) && isKey(`received.means.${state}`), state).toBe(
        true,
      );
    }
  });

  it('go forward on their road, or come back', () => {
    const road = ['sending', 'sent', 'delivered', 'accepted', 'fetched', 'played'].map(stepOf);
    expect(road).toEqual(road.toSorted((a, b) => a - b));
    for (const state of ['declined', 'returned', 'expired', 'taken_back', 'failed']) {
      expect(stepOf(state)).toBe(-1);
    }
  });
});
