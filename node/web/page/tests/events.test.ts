import { describe, expect, it, vi } from 'vitest';
import { Events, topicsIn, type Line } from '../src/lib/events';

function world() {
  const lines: Line[] = [];
  const pauses: { ms: number; then: () => void }[] = [];
  const changed = vi.fn();
  const connected = vi.fn();
  const lost = vi.fn();
  const events = new Events({
    open: () => {
      const line: Line = { onopen: null, onmessage: null, onclose: null, close: vi.fn() };
      lines.push(line);
      return line;
    },
    after: (ms, then) => {
      const pause = { ms, then };
      pauses.push(pause);
      return () => pauses.splice(pauses.indexOf(pause), 1);
    },
    changed,
    connected,
    lost,
  });
  return { events, lines, pauses, changed, connected, lost };
}

describe('the line of changes', () => {
  it('tells what changed', () => {
    const { events, lines, changed } = world();
    events.start();
    lines[0]?.onopen?.();
    lines[0]?.onmessage?.({ data: '{"changed":["gifts","wallet"]}' });
    expect(changed).toHaveBeenCalledWith(['gifts', 'wallet']);
  });

  it('comes back by itself, each time a little later, at most half a minute', () => {
    const { events, lines, pauses, connected, lost } = world();
    events.start();
    lines[0]?.onopen?.();
    expect(connected).toHaveBeenLastCalledWith(false);
    for (let round = 0; round < 9; round += 1) {
      lines.at(-1)?.onclose?.();
      pauses.at(-1)?.then();
    }
    expect(pauses.map((pause) => pause.ms)).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect(lost).toHaveBeenCalledTimes(9);
    lines.at(-1)?.onopen?.();
    // What happened in between nobody told.
    expect(connected).toHaveBeenLastCalledWith(true);
    lines.at(-1)?.onclose?.();
    expect(pauses.at(-1)?.ms).toBe(500);
  });

  it('does not wait when somebody looks again', () => {
    const { events, lines, pauses } = world();
    events.start();
    events.hurry();
    expect(lines).toHaveLength(1);
    lines[0]?.onclose?.();
    events.hurry();
    expect(lines).toHaveLength(2);
    expect(pauses).toHaveLength(0);
  });

  it('stays away once it is stopped', () => {
    const { events, lines, pauses } = world();
    events.start();
    events.stop();
    expect(lines[0]?.close).toHaveBeenCalled();
    lines[0]?.onclose?.();
    expect(pauses).toHaveLength(0);
  });

  it('takes only messages of the form', () => {
    for (const data of ['', 'x', '[]', '{}', '{"changed":1}', 'null', 7, `"${'x'.repeat(5000)}"`]) {
      expect(topicsIn(data)).toEqual([]);
    }
    expect(topicsIn('{"changed":["tv",3,null]}')).toEqual(['tv']);
  });
});
