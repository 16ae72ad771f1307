// What docs/api.md says of channels and their guide.
import type { Money, Kind, ChannelTrouble } from './types';

export type Availability = 'ready' | 'known' | 'late' | 'missing';
export type Source = 'own' | 'received' | 'bought' | 'coming' | 'for_sale' | 'unknown';

export interface Programme {
  start_ms: number;
  end_ms: number;
  kind: 'programme' | 'filler' | 'dead_air';
  name: string;
  item?: string;
  media?: string;
  slot?: string;
  availability?: Availability;
  shown?: boolean;
  cut?: boolean;
  /** For older people than whoever has this phone: nothing else of it is told. */
  locked?: boolean;
  source?: Source;
  price?: Money;
  min_age?: number;
  // With `details`:
  length_ms?: number;
  text?: string;
  trouble?: string;
  media_kind?: Kind;
  size?: number;
  description?: string;
  title?: string;
}

export interface GuideRow {
  channel: string;
  number: number;
  name: string;
  colour: string;
  logo?: string;
  programmes: Programme[];
}

export interface Guide {
  from_ms: number;
  to_ms: number;
  /** How many there are in all. */
  channels: number;
  rows: GuideRow[];
}

/** A channel's document, docs/protocol.md §18, as far as the editor changes it. */
export interface ChannelItem {
  id: string;
  kind: 'title' | 'offer' | 'album' | 'music' | 'page';
  media?: string;
  name?: string;
  text?: string;
  length_ms?: number;
  picture_ms?: number;
  weight?: number;
  pictures?: string[];
  transition?: 'cut' | 'fade';
}

export type ListOrder = 'sequence' | 'shuffle' | 'weighted';

export interface ChannelList {
  id: string;
  name?: string;
  order: ListOrder;
  items: ChannelItem[];
}

export interface ChannelSlot {
  id: string;
  name?: string;
  list?: string;
  take: 'one' | 'multiple' | 'duration' | 'flood';
  count?: number;
  duration_ms?: number;
  rank?: number;
  link?: 'none' | 'follows' | 'reruns';
  linked?: string;
  fillers?: string[];
  /** "20:15" of a fixed one; else it floats. */
  at?: string;
  first?: string;
  rule?: string;
  except?: string[];
  also?: string[];
}

export interface ChannelFiller {
  id: string;
  list: string;
  place: 'pre' | 'mid' | 'post' | 'tail' | 'fallback';
  amount: 'count' | 'duration' | 'pad' | 'all';
  value?: number;
  every_ms?: number;
}

export interface Watermark {
  corner: 'top_left' | 'top_right' | 'bottom_left' | 'bottom_right';
  width_percent: number;
  opacity_percent: number;
}

export interface ChannelBudget {
  title: number;
  month: number;
  currency: string;
}

export interface ChannelDocument {
  id: string;
  number: number;
  name: string;
  colour: string;
  zone: string;
  version: number;
  seed?: number;
  /** Where its list stands; the node's alone. */
  since?: object;
  logo?: string;
  dead_air?: string;
  max_lateness_ms?: number;
  lists: ChannelList[];
  slots: ChannelSlot[];
  fillers?: ChannelFiller[];
  usual_fillers?: string[];
  watermark?: Watermark;
  budget?: ChannelBudget;
}

/** Of a channel of another home. */
export interface ChannelFrom {
  home: string;
  contact: string;
  /** Items that stay there, and those that this home did not take. */
  withheld: number;
  not_taken: number;
}

export interface Channel {
  channel: string;
  number: number;
  name: string;
  zone: string;
  colour: string;
  logo?: string;
  version: number;
  items: number;
  slots: number;
  on: Programme | null;
  troubles: number;
  from?: ChannelFrom;
}

export interface ChannelShown extends Channel {
  document: ChannelDocument;
}

export interface ChannelWarning {
  problem: string;
  /** The id of a part; empty: the channel. */
  where: string;
  sentence: string;
}

export interface ChannelChecked extends Omit<Channel, 'troubles'> {
  warnings: ChannelWarning[];
  troubles: ChannelTrouble[];
  budget?: { title: Money; month: Money; spent_month: Money };
}

export interface ChannelImported extends Channel {
  warnings: ChannelWarning[];
  left_out: string[];
  home?: string;
}

export interface ChannelEdited {
  channel: string;
  number: number;
  name: string;
  version: number;
  dry_run: boolean;
  gone: Programme[];
  fresh: Programme[];
  warnings: ChannelWarning[];
}

export interface ChannelVersion {
  version: number;
  from_ms: number;
  what: string;
  restores?: number;
}

// Channels between homes.

export interface OfferedPart {
  list: string;
  name: string;
  items: number;
  for_sale: number;
}

/** A channel that another home shows to this one; its id there is the offer's here. */
export interface OfferedChannel {
  offer: string;
  state: 'waiting' | 'accepted' | 'declined' | 'left' | 'ended';
  home: string;
  contact: string;
  name: string;
  note: string;
  whole: boolean;
  /** Ids of lists and items. */
  taken: string[];
  number?: number;
  parts?: OfferedPart[];
  at_ms: number;
}

/** One of this home's, as another home has it. */
export interface SharedChannel {
  share: string;
  state: 'offered' | 'accepted' | 'declined' | 'left' | 'ended';
  channel: string;
  number?: number;
  name?: string;
  home: string;
  contact: string;
  note: string;
  reason: string;
  /** Why the last change did not get there. */
  problem: string;
  revision: number;
  at_ms: number;
}

/** A channel that is asked for: by its name or number there. */
export interface ChannelWish {
  wish: string;
  outgoing: boolean;
  home: string;
  contact: string;
  channel: string;
  note: string;
  at_ms: number;
}

export interface ChannelSharing {
  offered: OfferedChannel[];
  shared: SharedChannel[];
  wishes: ChannelWish[];
  /** Numbers of those that contacts get when they ask. */
  open: number[];
}
