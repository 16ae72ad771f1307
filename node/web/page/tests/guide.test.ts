import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  halfHours,
  hourMs,
  midnight,
  minuteMs,
  cellsOf,
  moved,
  nowAndThen,
  offsetOf,
  onAt,
  partsOf,
  progressOf,
  rowsOf,
  spanOf,
  type Answer,
} from '../src/lib/guide';
import type { GuideRow, Programme } from '../src/lib/types';

const zone = process.env.TZ ?? 'UTC';
beforeEach(() => (process.env.TZ = 'Europe/Berlin'));
afterEach(() => (process.env.TZ = zone));

const programme = (
  start_ms: number,
  end_ms: number,
  extra: Partial<Programme> = {},
): Programme => ({
  start_ms,
  end_ms,
  kind: 'programme',
  name: String(start_ms),
  ...extra,
});
const row = (channel: string, programmes: Programme[]): GuideRow => ({
  channel,
  number: 1,
  name: channel,
  colour: '#3366cc',
  programmes,
});

describe('a day of the guide', () => {
  it('is from midnight to three in the next night, also when the clock changes', () => {
    const length = (day: number) => (spanOf(day).to - spanOf(day).from) / hourMs;
    expect(length(new Date(2026, 5, 1).getTime())).toBe(27);
    expect(length(new Date(2026, 2, 29, 12).getTime())).toBe(26);
    expect(length(new Date(2026, 9, 25, 12).getTime())).toBe(28);
    expect(midnight(new Date(2026, 2, 29, 12).getTime(), 1)).toBe(new Date(2026, 2, 30).getTime());
  });

  it('has its half hours at the wall clock’s', () => {
    process.env.TZ = 'Asia/Kathmandu';
    const span = spanOf(new Date(2026, 5, 1).getTime());
    const ticks = halfHours(span);
    expect(ticks[0]).toBe(span.from);
    expect(ticks.every((tick) => new Date(tick).getMinutes() % 30 === 0)).toBe(true);
    expect(ticks).toHaveLength(54);
    process.env.TZ = 'Europe/Berlin';
    const spring = halfHours(spanOf(new Date(2026, 2, 29).getTime()));
    expect(spring.map((tick) => new Date(tick).getHours())).not.toContain(undefined);
    expect(spring.filter((tick) => new Date(tick).getHours() === 2)).toHaveLength(2);
  });

  it('stands where it belongs, and not outside', () => {
    const span = { from: 0, to: 10 * hourMs };
    expect(offsetOf(span, 2 * hourMs + 30 * minuteMs, 200)).toBe(500);
    expect(offsetOf(span, -hourMs, 200)).toBe(0);
    expect(offsetOf(span, 99 * hourMs, 200)).toBe(2000);
  });
});

describe('parts of the guide', () => {
  const span = { from: 0, to: 27 * hourMs };

  it('are what is in sight, 25 rows and four hours each', () => {
    const parts = partsOf(span, 20, 30, 3 * hourMs, 5 * hourMs);
    expect(parts.map((part) => part.key)).toEqual([
      '0 0',
      `0 ${4 * hourMs}`,
      '25 0',
      `25 ${4 * hourMs}`,
    ]);
    expect(partsOf(span, 0, 0, 26 * hourMs, 40 * hourMs)).toEqual([
      { key: `0 ${24 * hourMs}`, first: 0, from: 24 * hourMs, to: 27 * hourMs },
    ]);
    expect(partsOf(span, 0, -1, 0, hourMs)).toEqual([]);
  });

  it('are put together, each programme once', () => {
    const answer = (first: number, from: number, rows: GuideRow[]): Answer => ({
      key: '',
      first,
      from,
      to: from + 4 * hourMs,
      guide: { from_ms: from, to_ms: 0, channels: 2, rows },
    });
    const long = programme(3, 5);
    const rows = rowsOf([
      answer(0, 4, [row('a', [long, programme(5, 8)])]),
      answer(0, 0, [row('a', [programme(0, 3), long])]),
      answer(25, 0, [row('z', [programme(0, 9)])]),
    ]);
    expect(rows.get(0)?.programmes.map((one) => one.start_ms)).toEqual([0, 3, 5]);
    expect(rows.get(25)?.channel).toBe('z');
  });
});

describe('the cursor', () => {
  const span = { from: 0, to: 100 };
  const rows = new Map([
    [0, row('a', [programme(0, 30), programme(30, 90), programme(90, 120)])],
    [1, row('b', [programme(0, 70), programme(70, 100)])],
  ]);

  it('keeps its time up and down, and goes to the neighbour left and right', () => {
    expect(moved({ row: 0, at: 65 }, 'down', rows, 2, span)).toEqual({ row: 1, at: 65 });
    expect(moved({ row: 1, at: 65 }, 'up', rows, 2, span)).toEqual({ row: 0, at: 65 });
    expect(moved({ row: 0, at: 65 }, 'right', rows, 2, span)).toEqual({ row: 0, at: 90 });
    expect(moved({ row: 0, at: 65 }, 'left', rows, 2, span)).toEqual({ row: 0, at: 0 });
  });

  it('stays inside', () => {
    expect(moved({ row: 0, at: 5 }, 'left', rows, 2, span)).toEqual({ row: 0, at: 5 });
    expect(moved({ row: 0, at: 95 }, 'right', rows, 2, span)).toEqual({ row: 0, at: 95 });
    expect(moved({ row: 1, at: 5 }, 'page-down', rows, 2, span).row).toBe(1);
    expect(moved({ row: 0, at: 5 }, 'page-up', rows, 2, span).row).toBe(0);
    expect(moved({ row: 7, at: 5 }, 'right', rows, 9, span)).toEqual({ row: 7, at: 5 });
  });
});

describe('cells', () => {
  it('are shared by what is too short for one', () => {
    const all = [0, 2, 4, 6, 8].map((at) => programme(at, at + 2));
    expect(cellsOf(all, 4).map((cell) => [cell.programme.start_ms, cell.end, cell.count])).toEqual([
      [0, 4, 2],
      [4, 8, 2],
      [8, 10, 1],
    ]);
    expect(cellsOf([programme(0, 9), programme(9, 11)], 4)).toHaveLength(2);
    expect(cellsOf(all, 0)).toHaveLength(5);
  });
});

describe('what is on', () => {
  const all = [
    programme(0, 10),
    programme(10, 20, { kind: 'dead_air', name: '' }),
    programme(20, 30),
  ];
  it('is half-open, and the next one is something', () => {
    expect(onAt(all, 10)).toBe(all[1]);
    expect(onAt(all, 30)).toBeUndefined();
    expect(nowAndThen(row('a', all), 5)).toEqual({ on: all[0], then: all[2] });
    expect(nowAndThen(row('a', all), 25)).toEqual({ on: all[2] });
    expect(progressOf(programme(0, 10), 5)).toBe(50);
    expect(progressOf(programme(0, 10), 50)).toBe(100);
  });
});
