// The gift that somebody is putting together: what, for whom, with which words. Pure: decides what
// is missing, what it costs, and what the command is.
import { dayMs, sums } from './format';
import type { MessageKey } from './i18n';
import type { Contact, Kind, Library, Money, Offer, Voucher } from './types';

/** Something that this home can give. */
export interface Choice {
  /** What the command is told: an offer's id, or a private title's. */
  what: string;
  title: string;
  name: string;
  kind: Kind;
  size: number;
  durationMs: number;
  /** What has to be paid; nothing for a private title. */
  price?: Money;
  /** The wallet holds a voucher: nothing is paid. */
  held: boolean;
  private: boolean;
}

export interface Draft {
  what: string[];
  to: string;
  note: string;
  /** Days, as `<input type="date">` writes them; empty: none. */
  openFrom: string;
  expires: string;
  channel: string;
  /** `<input type="datetime-local">`. */
  placeAt: string;
  pocket: number;
  /** A small JPEG, base64url. */
  picture: string;
  /** The wish that it grants. */
  wish: string;
}

export const mostTitles = 16;
export const longestNote = 2000;

export function emptyDraft(): Draft {
  return {
    what: [],
    to: '',
    note: '',
    openFrom: '',
    expires: '',
    channel: '',
    placeAt: '',
    pocket: 0,
    picture: '',
    wish: '',
  };
}

/** Held vouchers first, then own private titles, then what the catalogue sells. */
export function choicesOf(
  offers: readonly Offer[],
  vouchers: readonly Voucher[],
  library: Library,
): Choice[] {
  const held = new Set(vouchers.filter((one) => one.state === 'held').map((one) => one.offer));
  const catalogued = offers.filter((offer) => offer.giftable);
  const known = new Set(catalogued.map((offer) => offer.offer));
  const bought = catalogued.map((offer) => ({
    what: offer.offer,
    title: offer.title,
    name: offer.name,
    kind: offer.kind,
    size: offer.size,
    durationMs: offer.duration_ms,
    price: offer.price,
    held: held.has(offer.offer),
    private: false,
  }));
  // Held, and no longer sold.
  const kept = vouchers
    .filter((one) => one.state === 'held' && !known.has(one.offer))
    .filter((one, at, all) => all.findIndex((other) => other.offer === one.offer) === at)
    .map((one) => ({
      what: one.offer,
      title: '',
      name: one.name,
      kind: 'data' as Kind,
      size: 0,
      durationMs: 0,
      held: true,
      private: false,
    }));
  const own = library.titles
    .filter((title) => title.origin === 'published' && title.private)
    .map((title) => ({
      what: title.title,
      title: title.title,
      name: title.name,
      kind: title.kind,
      size: title.size,
      durationMs: 0,
      held: false,
      private: true,
    }));
  const rank = (choice: Choice) => (choice.held ? 0 : choice.private ? 1 : 2);
  return [...bought, ...kept, ...own].toSorted(
    (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name),
  );
}

/** The homes that something can be given to. */
export function receiversOf(contacts: readonly Contact[]): Contact[] {
  return contacts.filter((one) => one.state === 'confirmed' || one.state === 'invited');
}

export function chosen(draft: Draft, choices: readonly Choice[]): Choice[] {
  return draft.what.flatMap((what) => choices.find((one) => one.what === what) ?? []);
}

/** Taken out when it is in it, else put in; no more than a gift may hold. */
export function toggled(draft: Draft, what: string): Draft {
  if (draft.what.includes(what)) {
    return { ...draft, what: draft.what.filter((one) => one !== what) };
  }
  return draft.what.length < mostTitles ? { ...draft, what: [...draft.what, what] } : draft;
}

export function costOf(picked: readonly Choice[]): Money[] {
  return sums(picked.flatMap((one) => (one.price && !one.held ? [one.price] : [])));
}

/** What stands in the way of sending it; undefined: nothing. */
export function missing(draft: Draft, now: number): MessageKey | undefined {
  if (draft.what.length === 0) return 'send.missing.what';
  if (draft.to === '') return 'send.missing.to';
  const opens = dayMs(draft.openFrom);
  const expires = dayMs(draft.expires, true);
  if (expires !== undefined && expires <= now) return 'send.missing.expired';
  if (expires !== undefined && opens !== undefined && expires <= opens) {
    return 'send.missing.order';
  }
  if (draft.placeAt !== '' && draft.channel.trim() === '') return 'send.missing.channel';
  return undefined;
}

/** The command and its arguments: `gift-send`, or `gift-grant` of a wish. */
export function commandOf(draft: Draft): { command: string; args: Record<string, unknown> } {
  const words: Record<string, unknown> = {};
  const put = (name: string, value: unknown) => {
    if (value !== undefined && value !== '' && value !== 0) words[name] = value;
  };
  put('note', draft.note.trim());
  put('open_from_ms', dayMs(draft.openFrom));
  put('expires_ms', dayMs(draft.expires, true));
  put('channel', draft.channel.trim());
  put('place_ms', draft.placeAt === '' ? undefined : new Date(draft.placeAt).getTime());
  put('pocket', draft.pocket);
  put('picture_bytes', draft.picture);
  if (draft.wish !== '') return { command: 'gift-grant', args: { id: draft.wish, ...words } };
  const what = draft.what.length === 1 ? draft.what[0] : draft.what;
  return { command: 'gift-send', args: { what, to: draft.to, ...words } };
}
