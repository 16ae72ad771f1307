import { afterEach, describe, expect, it } from 'vitest';
import {
  dayMs,
  dayText,
  decimalText,
  exponentOf,
  formatAgo,
  formatBytes,
  formatDuration,
  formatMoney,
  percent,
  secondsLeft,
  sums,
} from '../src/lib/format';
import { setLanguage } from '../src/lib/i18n';

afterEach(() => setLanguage('en'));

const money = (minor: number, currency: string, text: string) => ({ minor, currency, text });
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it('is written by the currency’s own exponent, in the person’s language', () => {
    expect(formatMoney(money(350, 'EUR', '3.50 EUR'))).toBe('€3.50');
    expect(formatMoney(money(1500, 'JPY', '1500 JPY'))).toBe('¥1,500');
    expect(formatMoney(money(1234, 'KWD', '1.234 KWD'))).toContain('1.234');
    expect(formatMoney(money(350, 'EUR', '3.50 EUR'), true)).toBe('+€3.50');
    setLanguage('de');
    expect(plain(formatMoney(money(-123_456, 'EUR', '-1234.56 EUR')))).toBe('-1.234,56 €');
  });

  it('never becomes a floating-point number', () => {
    expect(decimalText(9_007_199_254_740_991, 2)).toBe('90071992547409.91');
    expect(formatMoney(money(9_007_199_254_740_991, 'EUR', '90071992547409.91 EUR'))).toBe(
      '€90,071,992,547,409.91',
    );
    expect(decimalText(-5, 2)).toBe('-0.05');
    expect(decimalText(0, 2)).toBe('0.00');
    expect(decimalText(7, 0)).toBe('7');
    expect(() => decimalText(0.5, 2)).toThrow(RangeError);
  });

  it('is added per currency', () => {
    const sum = sums([
      money(350, 'EUR', '3.50 EUR'),
      money(100, 'CHF', '1.00 CHF'),
      money(1, 'EUR', '0.01 EUR'),
    ]);
    expect(sum).toEqual([money(351, 'EUR', '3.51 EUR'), money(100, 'CHF', '1.00 CHF')]);
    const most = money(Number.MAX_SAFE_INTEGER, 'EUR', '90071992547409.91 EUR');
    expect(() => sums([most, most])).toThrow(RangeError);
  });

  it('of a currency that the browser does not know is the ledger’s own text', () => {
    expect(formatMoney(money(350, 'no currency', '3.50 no currency'))).toBe('3.50 no currency');
    expect(exponentOf(money(3, 'JPY', '3 JPY'))).toBe(0);
  });
});

describe('sizes and times', () => {
  it('are for people', () => {
    expect(plain(formatBytes(0))).toBe('0 bytes');
    expect(plain(formatBytes(1500))).toBe('1.5 kB');
    expect(plain(formatBytes(2_000_000_000))).toBe('2 GB');
    expect(plain(formatBytes(6_400_000, true))).toBe('6.4 MB/s');
    expect(formatDuration(3_723_000)).toBe('1:02:03');
    expect(formatDuration(59_999)).toBe('0:59');
  });

  it('say how long it is ago', () => {
    const now = Date.UTC(2026, 10, 27, 12);
    expect(formatAgo(now - 30_000, now)).toBe('this minute');
    expect(formatAgo(now - 3 * 3_600_000, now)).toBe('3 hours ago');
    expect(formatAgo(now - 86_400_000, now)).toBe('yesterday');
    expect(formatAgo(now - 30 * 86_400_000, now)).toContain('October');
  });

  it('say how much is left', () => {
    expect(secondsLeft(50, 100, 10)).toBe(5);
    expect(secondsLeft(50, 100, 0)).toBeUndefined();
    expect(secondsLeft(100, 100, 10)).toBeUndefined();
    expect(percent(999, 1000)).toBe(99);
    expect(percent(5, 0)).toBe(0);
    expect(percent(7, 5)).toBe(100);
  });
});

describe('days', () => {
  it('begin and end where the person is, also when the clocks change', () => {
    for (const day of ['2026-03-29', '2026-10-25', '2026-12-24', '2028-02-29']) {
      const begin = dayMs(day) ?? 0;
      const end = dayMs(day, true) ?? 0;
      expect(dayText(begin)).toBe(day);
      expect(dayText(end)).toBe(day);
      expect(new Date(begin).getHours()).toBe(0);
      expect(dayText(end + 1)).not.toBe(day);
    }
    expect(dayMs('')).toBeUndefined();
    expect(dayMs('24.12.2026')).toBeUndefined();
  });
});
