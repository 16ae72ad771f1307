// The rules of the home between their document and the texts that `rules-set` takes. Pure.
import { decimalText, exponentOf } from './format';
import type { Kind, Money } from './types';

export const kinds: Kind[] = ['video', 'audio', 'image', 'data'];
/** `max_age` from here on: whatever its rating. */
export const noAgeLimit = 21;
export const ages = [0, 6, 12, 16, 18];

/** "none", or the largest unit that says it in whole numbers: "4 GB". */
export function sizeValue(bytes: number): string {
  if (bytes === 0) return 'none';
  const all: [string, number][] = [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
  ];
  for (const [unit, length] of all) {
    if (bytes % length === 0) return `${bytes / length} ${unit}`;
  }
  return `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

export const sizes = ['none', '100 MB', '500 MB', '1 GB', '2 GB', '4 GB', '10 GB', '50 GB'];
export const quotas = ['none', '1 GB', '5 GB', '10 GB', '50 GB', '100 GB', '1 TB'];

/** The usual ones, and the one that is set. */
export function withCurrent(usual: readonly string[], current: string): string[] {
  return usual.includes(current) ? [...usual] : [...usual, current];
}

export function kindsValue(taken: readonly Kind[]): string {
  return taken.length === kinds.length ? 'all' : taken.join(',');
}

export function ageValue(years: number): string {
  return years >= noAgeLimit ? 'none' : String(years);
}

export interface Hours {
  always: boolean;
  from: string;
  to: string;
}

export function hoursOf(text: string): Hours {
  const found = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text);
  if (!found) return { always: true, from: '08:00', to: '20:00' };
  return { always: false, from: found[1] ?? '', to: found[2] ?? '' };
}

export function hoursValue(hours: Hours): string {
  return hours.always ? 'always' : `${hours.from}-${hours.to}`;
}

/** What a person typed as an amount, "12,50" or "12.50", with its currency; undefined: no amount. */
export function amountText(typed: string, currency: string): string | undefined {
  const text = typed.trim().replace(',', '.');
  return /^\d{1,12}(\.\d{1,4})?$/.test(text) ? `${text} ${currency}` : undefined;
}

/** What stands in the field for an amount that is set. */
export function typedAmount(money: Money | undefined): string {
  return money ? decimalText(money.minor, exponentOf(money)) : '';
}
