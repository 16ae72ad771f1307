// Numbers for people: money, bytes, times. Money is a whole number of minor units and never
// becomes a floating-point number: Intl is given its decimal text.
import { language } from './i18n';
import type { Money } from './types';

/** Digits after the point, as the ledger itself writes that currency. */
export function exponentOf(money: Money): number {
  const digits = /\.(\d+)/.exec(money.text)?.[1];
  return digits?.length ?? 0;
}

/** "-3.50": the exact decimal text. */
export function decimalText(minor: number, exponent: number): string {
  if (!Number.isSafeInteger(minor)) throw new RangeError('money is a whole number');
  const sign = minor < 0 ? '-' : '';
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

export function formatMoney(money: Money, signed = false): string {
  const exponent = exponentOf(money);
  try {
    const format = new Intl.NumberFormat(language(), {
      style: 'currency',
      currency: money.currency,
      minimumFractionDigits: exponent,
      maximumFractionDigits: exponent,
      signDisplay: signed ? 'exceptZero' : 'auto',
    });
    return format.format(decimalText(money.minor, exponent) as Intl.StringNumericLiteral);
  } catch {
    return money.text;
  }
}

/** The sum per currency, in the order in which they first come. */
export function sums(amounts: readonly Money[]): Money[] {
  const all = new Map<string, Money>();
  for (const one of amounts) {
    const before = all.get(one.currency);
    const minor = (before?.minor ?? 0) + one.minor;
    if (!Number.isSafeInteger(minor)) throw new RangeError('too much money');
    const exponent = Math.max(exponentOf(one), before ? exponentOf(before) : 0);
    const text = `${decimalText(minor, exponent)} ${one.currency}`;
    all.set(one.currency, { minor, currency: one.currency, text });
  }
  return [...all.values()];
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function formatBytes(bytes: number, perSecond = false): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: `${units[unit] ?? 'byte'}${perSecond ? '-per-second' : ''}`,
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}

/** "1:02:03", "4:05". */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function formatDay(ms: number): string {
  return new Intl.DateTimeFormat(language(), {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    ...(new Date(ms).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }),
  }).format(ms);
}

export function formatTime(ms: number): string {
  return new Intl.DateTimeFormat(language(), { timeStyle: 'short' }).format(ms);
}

/** A day alone where the time is its beginning or end. */
export function formatWhen(ms: number): string {
  const date = new Date(ms);
  const atMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  const atEnd = date.getHours() === 23 && date.getMinutes() === 59;
  return atMidnight || atEnd ? formatDay(ms) : `${formatDay(ms)}, ${formatTime(ms)}`;
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** "3 hours ago", for what is not older than a week. */
export function formatAgo(ms: number, now: number): string {
  const past = now - ms;
  if (past > 7 * 86_400_000 || past < -86_400_000) return formatDay(ms);
  const format = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' });
  for (const [unit, length] of steps) {
    if (Math.abs(past) >= length) return format.format(-Math.floor(past / length), unit);
  }
  return format.format(0, 'minute');
}

/** Seconds until it is all here; undefined when nothing moves. */
export function secondsLeft(done: number, total: number, perSecond: number): number | undefined {
  if (perSecond <= 0 || done >= total) return undefined;
  return Math.ceil((total - done) / perSecond);
}

export function percent(done: number, total: number): number {
  if (total <= 0) return 0;
  return Math.max(0, Math.min(100, Math.floor((done * 100) / total)));
}

/** The day of an `<input type="date">`, at its first or last millisecond, in this zone. */
export function dayMs(text: string, end = false): number | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!found) return undefined;
  const [year, month, day] = [Number(found[1]), Number(found[2]) - 1, Number(found[3])];
  const date = end ? new Date(year, month, day + 1) : new Date(year, month, day);
  return Number.isNaN(date.getTime()) ? undefined : date.getTime() - (end ? 1 : 0);
}

/** The day of a time, as `<input type="date">` wants it. */
export function dayText(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
