// Gifts as people see them: several titles that were given together are one, and each state has
// its words and its possible answers. Pure.
import { t, tn } from './i18n';
import type { Gift, Kind } from './types';

/** One gift on the screen: one title, or all of a parcel. */
export interface Parcel {
  /** The id that commands take; they mean the whole parcel. */
  id: string;
  first: Gift;
  gifts: Gift[];
  size: number;
}

export function parcelsOf(gifts: readonly Gift[]): Parcel[] {
  const all = new Map<string, Gift[]>();
  for (const gift of gifts) {
    const key = `${gift.direction} ${gift.parcel?.id ?? gift.gift}`;
    all.set(key, [...(all.get(key) ?? []), gift]);
  }
  return [...all.values()]
    .map((parts) => {
      const sorted = parts.toSorted((a, b) => (a.parcel?.part ?? 0) - (b.parcel?.part ?? 0));
      const first = sorted[0] as Gift;
      const size = sorted.reduce((sum, one) => sum + one.size, 0);
      return { id: first.gift, first, gifts: sorted, size };
    })
    .toSorted((a, b) => b.first.at_ms - a.first.at_ms);
}

export function isWaiting(gift: Gift): boolean {
  return gift.direction === 'received' && gift.state === 'waiting';
}

/** From when on it can be accepted: its giver's day, or its seller's. */
export function opensAt(gift: Gift): number {
  return Math.max(gift.open_from_ms ?? 0, gift.not_before_ms ?? 0);
}

export function mayAccept(gift: Gift, now: number): boolean {
  return isWaiting(gift) && now >= opensAt(gift);
}

export function mayThank(gift: Gift): boolean {
  const kept = ['accepted', 'fetching', 'fetched'].includes(gift.state);
  return gift.direction === 'received' && kept && !gift.thanks;
}

/** A private title cannot come back: there is no voucher that the ledger could exchange. */
export function mayTakeBack(gift: Gift): boolean {
  return (
    gift.direction === 'sent' &&
    !gift.private &&
    ['sending', 'sent', 'delivered'].includes(gift.state)
  );
}

export type Tone = 'calm' | 'good' | 'bad' | 'live';

const tones: Record<string, Tone> = {
  waiting: 'live',
  buying: 'live',
  sending: 'live',
  sent: 'calm',
  delivered: 'calm',
  accepted: 'good',
  fetching: 'live',
  fetched: 'good',
  played: 'good',
  taking_back: 'live',
  taken_back: 'calm',
  declined: 'calm',
  returned: 'bad',
  expired: 'calm',
  failed: 'bad',
  used_up: 'bad',
};

export function toneOf(gift: Gift): Tone {
  return tones[gift.state] ?? 'calm';
}

/** How far a sent gift is on its road, for the row of steps; -1: it came back. */
export function stepOf(state: string): number {
  const order = ['buying', 'sending', 'sent', 'delivered', 'accepted', 'fetched', 'played'];
  const at = order.indexOf(state);
  if (at < 0) return -1;
  return [0, 0, 1, 2, 3, 4, 5][at] ?? -1;
}

/** What a person is told of the kinds in a parcel: one, or none when they are mixed. */
export function kindOf(parcel: Parcel): Kind | undefined {
  const kinds = new Set(parcel.gifts.map((gift) => gift.kind));
  return kinds.size === 1 ? parcel.first.kind : undefined;
}

/** What a poster can be asked by: the title, the offer, else nothing. */
export function posterOf(gift: Gift): string {
  return gift.title ?? gift.offer ?? '';
}

/** A surprise has no name before its day. */
export function nameOf(parcel: Parcel): string {
  const { first, gifts } = parcel;
  if (first.hidden) return t('gift.surprise');
  return gifts.length > 1 ? tn('gift.titles', gifts.length, { name: first.name }) : first.name;
}
