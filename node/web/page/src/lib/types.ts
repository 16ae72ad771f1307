// The documents of docs/api.md, as this page reads them. tests/golden.test.ts holds them against
// what the node really writes.

export * from './channel_types';

export interface Money {
  minor: number;
  currency: string;
  text: string;
}

export type Kind = 'video' | 'audio' | 'image' | 'data';
export type Role = 'owner' | 'member' | 'child';

export interface Session {
  home: string;
  address: string;
  role: Role;
  phone: { id: string; name: string };
  /** A child's: what its phone shows. */
  profile?: string;
  language: string;
}

export interface Phone {
  phone: string;
  name: string;
  role: Role;
  profile?: string;
  paired_ms: number;
  used_ms: number;
}

/** An open pairing; `url` holds the secret. */
export interface PairingShown {
  code: string;
  url: string;
  as: Role;
  left_ms: number;
}

export interface Tv {
  connected: boolean;
  state: string;
  title: string;
  name: string;
  position_ms: number;
  duration_ms: number;
  page: number;
  pages: number;
  sentence: string;
  /** Its id; then `title` is empty. */
  channel: string;
  lag_ms: number;
}

export interface Alarm {
  sentence: string;
  since_ms: number;
  before: string;
  shown: string;
}

export interface Status {
  name: string;
  role: string;
  version: string;
  ledger: { url: string; reachable: boolean; sentence?: string; alarm?: Alarm };
  tv: Tv;
  waiting_gifts: number;
  titles: number;
  /** Absent on a seed server. */
  channels?: { count: number; troubles: ChannelTrouble[] };
  swarm: { port: number; up_rate: number; down_rate: number };
}

/** What a channel could not show as planned. */
export interface ChannelTrouble {
  media: string;
  name: string;
  sentence: string;
  at_ms: number;
}

export interface Item {
  item: string;
  path: string;
  name: string;
  kind: Kind;
  media_type: string;
  size: number;
  duration_ms: number;
  width: number;
  height: number;
}

export interface Title {
  title: string;
  name: string;
  kind: Kind;
  media_type: string;
  size: number;
  duration_ms: number;
  origin: 'published' | 'received';
  offer?: string;
  private: boolean;
  complete: boolean;
  has_key: boolean;
  /** Its bytes are not here. */
  removed?: boolean;
}

export interface Library {
  items: Item[];
  titles: Title[];
}

export interface Offer {
  offer: string;
  title: string;
  name: string;
  kind: Kind;
  media_type: string;
  size: number;
  duration_ms: number;
  price: Money;
  seller: string;
  giftable: boolean;
  min_age: number;
  sold_until_ms: number;
  not_before_ms: number;
  redeem_until_ms: number;
  refund_until_ms: number;
  homes: number;
  complete_sources: number;
}

export type ContactState = 'invited' | 'asked' | 'confirmed' | 'blocked' | 'gone';

export interface Contact {
  name: string;
  home: string;
  state: ContactState;
  muted: boolean;
  reception?: 'ask' | 'accept';
  problem?: string;
  note?: string;
  added_ms: number;
}

export type SentState =
  | 'buying'
  | 'failed'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'accepted'
  | 'fetched'
  | 'played'
  | 'declined'
  | 'returned'
  | 'expired'
  | 'taking_back'
  | 'taken_back';
export type ReceivedState =
  'waiting' | 'accepted' | 'fetching' | 'fetched' | 'declined' | 'expired' | 'used_up';

export interface Gift {
  gift: string;
  direction: 'received' | 'sent';
  state: string;
  name: string;
  kind: Kind;
  size: number;
  home: string;
  contact: string;
  known: boolean;
  note: string;
  reason: string;
  private: boolean;
  picture: boolean;
  at_ms: number;
  title?: string;
  offer?: string;
  parcel?: { id: string; part: number; parts: number };
  open_from_ms?: number;
  expires_ms?: number;
  place?: { channel: string; at_ms: number };
  wish?: string;
  thanks?: string;
  min_age?: number;
  not_before_ms?: number;
  played_ms?: number;
  hidden?: boolean;
  media_type?: string;
  duration_ms?: number;
  width?: number;
  height?: number;
  publisher?: string;
}

export interface GiftShown extends Gift {
  gifts: Gift[];
}

export interface Wish {
  wish: string;
  direction: 'received' | 'sent';
  granted: boolean;
  offer: string;
  name: string;
  home: string;
  contact: string;
  note: string;
  at_ms: number;
  price?: Money;
}

export interface SentDocument {
  gift: string;
  name: string;
  to: string;
  state: string;
  paid?: Money;
  balance?: Money;
}

export interface GiftCardRow {
  card: string;
  name: string;
  state: 'out' | 'voided' | 'used';
  note: string;
  made_ms: number;
}

export interface GiftCard extends GiftCardRow {
  offer: string;
  kind: Kind;
  duration_ms: number;
  width: number;
  height: number;
  from: string;
  redeem_until_ms: number;
  text?: string;
  uri?: string;
  paid?: Money;
  sentence?: string;
}

export interface Claimed {
  offer: string;
  name: string;
  voucher: string;
  claimed: boolean;
  delivery: boolean;
  sentence?: string;
}

export interface Pocket {
  pocket: number;
  balance: Money;
}

export interface Balance {
  balances: Money[];
  pockets: Pocket[];
}

export interface HistoryEntry {
  index: number;
  at_ms: number;
  kind: string;
  amount: Money;
  reference: string;
  offer?: string;
  pocket?: number;
}

export interface PendingEntry {
  kind: 'purchase' | 'refund' | 'transfer';
  state: string;
  name?: string;
  amount?: Money;
  sentence?: string;
}

export interface History {
  entries: HistoryEntry[];
  pending: PendingEntry[];
}

export interface Voucher {
  voucher: string;
  offer: string;
  name: string;
  epoch: number;
  state: string;
  gift?: string;
}

export interface Transfer {
  title?: string;
  name: string;
  direction: 'in' | 'out';
  done_bytes: number;
  total_bytes: number;
  bytes_per_second: number;
  peers: number;
  seeds: number;
  complete: boolean;
  has_key?: boolean;
  state: string;
  problem?: { code: string; sentence: string };
}

export interface Profile {
  name: string;
  max_age: number;
  used: boolean;
}

export interface SpendingLimit {
  currency: string;
  purchase?: Money;
  day?: Money;
  month?: Money;
  spent_day: Money;
  spent_month: Money;
}

export interface Rules {
  push: 'nobody' | 'contacts' | 'anyone';
  reception: 'ask' | 'accept';
  kinds: Kind[];
  max_size: number;
  month_quota: number;
  max_age: number;
  hours: string;
  out_of_hours: 'wait' | 'refuse';
  share_played: boolean;
  spending: SpendingLimit[];
  profile: string;
  profiles: Profile[];
  pin: boolean;
}

export interface DirectoryEntry {
  kind: string;
  value: string;
  address: string;
}

export interface Job {
  job: string;
  state: 'running' | 'done' | 'failed';
  done: number;
  total: number;
  unit: string;
  step: string;
  result?: unknown;
  problem?: { code: string; sentence: string };
}
