// What a channel's rules are in words, and words as rules: repetitions, lengths, times. Pure.
import { decimalText, formatMoney } from './format';
import { language, t, tn, word } from './i18n';
import type {
  ChannelDocument,
  ChannelFiller,
  ChannelItem,
  ChannelList,
  ChannelSlot,
  Money,
} from './types';

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof weekdays)[number];

export type Repeat =
  | { kind: 'once' | 'daily' | 'weekdays' | 'weekends' }
  | { kind: 'days'; days: Weekday[] }
  | { kind: 'rule'; rule: string };

const workdays = 'MO,TU,WE,TH,FR';

function isWeekday(text: string): text is Weekday {
  return (weekdays as readonly string[]).includes(text);
}

/** RFC 5545 as the editor shows it; a rule that it has no words for stays as it is. */
export function repeatOf(rule: string | undefined): Repeat {
  if (!rule) return { kind: 'once' };
  if (rule === 'FREQ=DAILY') return { kind: 'daily' };
  const days = /^FREQ=WEEKLY;BYDAY=([A-Z,]+)$/.exec(rule)?.[1];
  if (days === workdays) return { kind: 'weekdays' };
  if (days === 'SA,SU') return { kind: 'weekends' };
  const list = days?.split(',') ?? [];
  if (list.length > 0 && list.every(isWeekday)) return { kind: 'days', days: list };
  return { kind: 'rule', rule };
}

export function ruleOf(repeat: Repeat): string {
  switch (repeat.kind) {
    case 'once':
      return '';
    case 'daily':
      return 'FREQ=DAILY';
    case 'weekdays':
      return `FREQ=WEEKLY;BYDAY=${workdays}`;
    case 'weekends':
      return 'FREQ=WEEKLY;BYDAY=SA,SU';
    case 'days':
      return `FREQ=WEEKLY;BYDAY=${weekdays.filter((day) => repeat.days.includes(day)).join(',')}`;
    case 'rule':
      return repeat.rule;
  }
}

/** "Mo", "Tu": as this language shortens them. */
export function weekdayName(day: Weekday, style: 'short' | 'long' = 'short'): string {
  // 2024-01-01 was a Monday.
  const date = new Date(2024, 0, 1 + weekdays.indexOf(day));
  return new Intl.DateTimeFormat(language(), { weekday: style }).format(date);
}

/** "2026-12-24" as a day of this language. */
export function dayWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return day;
  return new Intl.DateTimeFormat(language(), {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(year, month - 1, date));
}

export function repeatWords(slot: ChannelSlot): string {
  const repeat = repeatOf(slot.rule);
  switch (repeat.kind) {
    case 'once':
      return slot.first ? dayWords(slot.first) : t('repeat.once');
    case 'days':
      return repeat.days.map((day) => weekdayName(day)).join(', ');
    case 'rule':
      return repeat.rule;
    default:
      return t(`repeat.${repeat.kind}`);
  }
}

/** "1 h 30 min", "45 s". */
export function lengthWords(ms: number): string {
  const unit = (value: number, name: 'hour' | 'minute' | 'second') =>
    new Intl.NumberFormat(language(), { style: 'unit', unit: name, unitDisplay: 'short' }).format(
      value,
    );
  const seconds = Math.round(ms / 1000);
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const parts = [
    hours > 0 ? unit(hours, 'hour') : '',
    minutes > 0 ? unit(minutes, 'minute') : '',
    rest > 0 && hours === 0 && minutes < 10 ? unit(rest, 'second') : '',
  ].filter((part) => part !== '');
  return parts.join(' ') || unit(0, 'second');
}

export function listName(list: ChannelList | undefined): string {
  if (!list) return '';
  return list.name || (list.id === 'main' ? t('list.main') : list.id);
}

export function itemName(item: ChannelItem): string {
  return item.name || item.text?.split('\n')[0]?.slice(0, 60) || t('item.unnamed');
}

/** How long it is on; 0: not known yet. */
export function itemLength(item: ChannelItem): number {
  if (item.kind === 'album') return (item.picture_ms ?? 0) * (item.pictures?.length ?? 0);
  return item.length_ms ?? 0;
}

/** What a slot takes, as a person would say it. */
export function slotWhat(slot: ChannelSlot, channel: ChannelDocument): string {
  if (slot.link && slot.link !== 'none') {
    const other = channel.slots.find((one) => one.id === slot.linked);
    return t(`slot.${slot.link}`, { name: other ? slotName(other, channel) : (slot.linked ?? '') });
  }
  const name = listName(channel.lists.find((one) => one.id === slot.list));
  if (slot.take === 'multiple') return tn('slot.multiple', slot.count ?? 1, { name });
  if (slot.take === 'duration') {
    return t('slot.duration', { name, length: lengthWords(slot.duration_ms ?? 0) });
  }
  return t(slot.take === 'one' ? 'slot.one' : 'slot.flood', { name });
}

export function slotWhen(slot: ChannelSlot): string {
  if (slot.at === undefined) return t('slot.floats');
  return t('slot.at', { time: slot.at, when: repeatWords(slot) });
}

export function slotName(slot: ChannelSlot, channel: ChannelDocument): string {
  return slot.name || `${slotWhen(slot)}: ${slotWhat(slot, channel)}`;
}

/** "Before each: 2 of Trailers". */
export function fillerWords(filler: ChannelFiller, channel: ChannelDocument): string {
  const name = listName(channel.lists.find((one) => one.id === filler.list));
  const value = filler.value ?? 0;
  const much =
    filler.place === 'fallback' || filler.amount === 'all'
      ? name
      : filler.amount === 'count'
        ? tn('filler.count', value, { name })
        : filler.amount === 'duration'
          ? t('filler.duration', { name, length: lengthWords(value) })
          : t('filler.to_full', { name, minutes: value });
  const every = filler.place === 'mid' ? lengthWords(filler.every_ms ?? 0) : '';
  return every ? t('filler.mid_words', { what: much, every }) : much;
}

/** "20:15" of what an `<input type="time">` gives; seconds only where there are some. */
export function clockText(typed: string): string {
  const found = /^(\d\d:\d\d)(:\d\d)?$/.exec(typed);
  if (!found?.[1]) return '';
  return found[2] && found[2] !== ':00' ? typed : found[1];
}

/** What the node says of a version in its own words, in the page's. */
export function versionWords(what: string): string {
  const [first = '', ...rest] = what.split(' ');
  const verb = first.replace(/:$/, '');
  const back = /^back to version (\d+)$/.exec(what)?.[1];
  if (back) return t('version.back', { version: back });
  const said = word('version', verb);
  const name = rest.join(' ');
  return name && (verb === 'add' || verb === 'gift') ? `${said}: ${name}` : said;
}

/** Digits after the point of a currency's amounts. */
function digitsOf(currency: string): number {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Minor units of a document as money. */
export function moneyOf(minor: number, currency: string): Money {
  return { minor, currency, text: `${decimalText(minor, digitsOf(currency))} ${currency}` };
}

/** What a person typed, "12,50" or "12.50", in minor units; undefined: no amount. */
export function minorOf(typed: string, currency: string): number | undefined {
  const found = /^(\d{1,9})(?:[.,](\d{1,4}))?$/.exec(typed.trim());
  const digits = digitsOf(currency);
  if (!found?.[1] || (found[2] ?? '').length > digits) return undefined;
  return Number(found[1] + (found[2] ?? '').padEnd(digits, '0'));
}

/** As it is typed. */
export function typedMinor(minor: number, currency: string): string {
  return decimalText(minor, digitsOf(currency));
}

export function priceWords(price: Money): string {
  return price.minor === 0 ? t('market.free') : formatMoney(price);
}
