// The grid of channels and hours: where a time stands, which parts of the guide are needed for
// what one sees, and where the cursor goes. Pure.
import type { Guide, GuideRow, Programme } from './types';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
/** What is asked for at a time. */
export const rowsAtOnce = 25;
export const hoursAtOnce = 4;

/** Local midnight of the day that `ms` is in, and `days` later. */
export function midnight(ms: number, days = 0): number {
  const date = new Date(ms);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

export interface Span {
  from: number;
  to: number;
}

/** What the grid of a day shows: from its midnight until three in the next night. */
export function spanOf(day: number): Span {
  return { from: midnight(day), to: midnight(day, 1) + 3 * hourMs };
}

/** Local half hours from `from` on: 30 minutes are as wide at a change of the clock as ever. */
export function halfHours(span: Span): number[] {
  const date = new Date(span.from);
  const into = (date.getMinutes() % 30) * minuteMs + date.getSeconds() * 1000;
  const out: number[] = [];
  for (let at = span.from - into; at < span.to; at += 30 * minuteMs) {
    if (at >= span.from) out.push(at);
  }
  return out;
}

export function offsetOf(span: Span, at: number, perHour: number): number {
  return ((Math.min(Math.max(at, span.from), span.to) - span.from) / hourMs) * perHour;
}

/** One request's part of the guide. */
export interface Part {
  key: string;
  first: number;
  from: number;
  to: number;
}

/** The parts that a view of rows [first, last] and times [from, to) needs. */
export function partsOf(span: Span, first: number, last: number, from: number, to: number): Part[] {
  const out: Part[] = [];
  const step = hoursAtOnce * hourMs;
  const begin = Math.floor((Math.max(from, span.from) - span.from) / step);
  const end = Math.ceil((Math.min(to, span.to) - span.from) / step);
  for (let row = Math.floor(Math.max(0, first) / rowsAtOnce) * rowsAtOnce; row <= last;) {
    for (let time = begin; time < end; time += 1) {
      const start = span.from + time * step;
      const part = { first: row, from: start, to: Math.min(start + step, span.to) };
      out.push({ key: `${row} ${start}`, ...part });
    }
    row += rowsAtOnce;
  }
  return out;
}

/** What came for a part. */
export interface Answer extends Part {
  guide: Guide;
}

/** The rows by their place, programmes of several parts put together, each once. */
export function rowsOf(answers: Iterable<Answer>): Map<number, GuideRow> {
  const rows = new Map<number, GuideRow>();
  const sorted = [...answers].toSorted((a, b) => a.from - b.from);
  for (const { first, guide } of sorted) {
    guide.rows.forEach((row, index) => {
      const at = first + index;
      const known = rows.get(at);
      if (!known || known.channel !== row.channel) {
        rows.set(at, { ...row, programmes: [...row.programmes] });
        return;
      }
      const last = known.programmes.at(-1)?.start_ms ?? -Infinity;
      known.programmes.push(...row.programmes.filter((one) => one.start_ms > last));
    });
  }
  return rows;
}

/** What is on at that moment. */
export function onAt(programmes: readonly Programme[], at: number): Programme | undefined {
  return programmes.find((one) => one.start_ms <= at && at < one.end_ms);
}

/** The row and a time in it: what one goes along when one goes up and down. */
export interface Cursor {
  row: number;
  at: number;
}

export type Step = 'left' | 'right' | 'up' | 'down' | 'page-up' | 'page-down';

/** Up and down keep the time, left and right go to the neighbour's beginning. */
export function moved(
  cursor: Cursor,
  step: Step,
  rows: ReadonlyMap<number, GuideRow>,
  count: number,
  span: Span,
): Cursor {
  const inRows = (row: number) => Math.min(Math.max(row, 0), Math.max(0, count - 1));
  if (step === 'up') return { ...cursor, row: inRows(cursor.row - 1) };
  if (step === 'down') return { ...cursor, row: inRows(cursor.row + 1) };
  if (step === 'page-up') return { ...cursor, row: inRows(cursor.row - 5) };
  if (step === 'page-down') return { ...cursor, row: inRows(cursor.row + 5) };
  const here = onAt(rows.get(cursor.row)?.programmes ?? [], cursor.at);
  if (!here) return cursor;
  const at = step === 'right' ? here.end_ms : here.start_ms - 1;
  if (at < span.from || at >= span.to) return cursor;
  const next = onAt(rows.get(cursor.row)?.programmes ?? [], at);
  return { row: cursor.row, at: Math.max(span.from, next?.start_ms ?? at) };
}

/** How far a programme is, in percent. */
export function progressOf(programme: Programme, now: number): number {
  const length = Math.max(1, programme.end_ms - programme.start_ms);
  return Math.max(0, Math.min(100, ((now - programme.start_ms) * 100) / length));
}

/** What is on in a row, and what comes then. */
export function nowAndThen(row: GuideRow, now: number): { on?: Programme; then?: Programme } {
  const on = onAt(row.programmes, now);
  const then = row.programmes.find((one) => one.start_ms > now && one.kind !== 'dead_air');
  return { ...(on ? { on } : {}), ...(then ? { then } : {}) };
}

/** One cell of the grid: a programme, or several that are too short for cells of their own. */
export interface Cell {
  programme: Programme;
  count: number;
  end: number;
}

/** Neighbours that are shorter than `shortest` share a cell until it is as long as that. */
export function cellsOf(programmes: readonly Programme[], shortest: number): Cell[] {
  const cells: Cell[] = [];
  for (const programme of programmes) {
    const last = cells.at(-1);
    const isShort = programme.end_ms - programme.start_ms < shortest;
    if (last && isShort && last.end - last.programme.start_ms < shortest) {
      last.count += 1;
      last.end = programme.end_ms;
    } else cells.push({ programme, count: 1, end: programme.end_ms });
  }
  return cells;
}
