import { describe, expect, it, vi } from 'vitest';
import { Problem } from '../src/lib/api';
import { Topics } from '../src/lib/topics';

/** A fetcher whose answers the test gives. */
function controlled<T>() {
  const waiting: { give: (value: T) => void; fail: (why: unknown) => void }[] = [];
  const fetcher = vi.fn(() => new Promise<T>((give, fail) => waiting.push({ give, fail })));
  return { fetcher, waiting };
}
const settled = () => new Promise((done) => setTimeout(done, 0));

describe('a topic', () => {
  it('is fetched when somebody looks at it, not before', async () => {
    const { fetcher, waiting } = controlled<number>();
    const topic = new Topics().add(fetcher, ['gifts']);
    topic.invalidate();
    expect(fetcher).not.toHaveBeenCalled();
    const changed = vi.fn();
    topic.watch(changed);
    await settled();
    expect(fetcher).toHaveBeenCalledOnce();
    waiting[0]?.give(7);
    await settled();
    expect(topic.value).toBe(7);
    expect(changed).toHaveBeenCalled();
  });

  it('is fetched again when what it follows changed, and only then', async () => {
    const topics = new Topics();
    const { fetcher, waiting } = controlled<number>();
    topics.add(fetcher, ['gifts', 'wallet']).watch(() => undefined);
    await settled();
    waiting[0]?.give(1);
    await settled();
    topics.changed(['phones']);
    expect(fetcher).toHaveBeenCalledTimes(1);
    topics.changed(['wallet']);
    expect(fetcher).toHaveBeenCalledTimes(2);
  });

  it('that changes during its fetch is fetched once more, never twice at a time', async () => {
    const topics = new Topics();
    const { fetcher, waiting } = controlled<number>();
    const topic = topics.add(fetcher, ['gifts']);
    topic.watch(() => undefined);
    await settled();
    topics.changed(['gifts']);
    topics.changed(['gifts']);
    expect(fetcher).toHaveBeenCalledTimes(1);
    waiting[0]?.give(1);
    await settled();
    expect(fetcher).toHaveBeenCalledTimes(2);
    waiting[1]?.give(2);
    await settled();
    expect(topic.value).toBe(2);
    expect(fetcher).toHaveBeenCalledTimes(2);
  });

  it('keeps what it knows when a fetch fails', async () => {
    const topics = new Topics();
    const { fetcher, waiting } = controlled<number>();
    const topic = topics.add(fetcher, ['gifts']);
    topic.watch(() => undefined);
    await settled();
    waiting[0]?.give(1);
    await settled();
    topics.changed(['gifts']);
    waiting[1]?.fail(new Problem('unreachable', '', 0));
    await settled();
    expect(topic.value).toBe(1);
    expect(topic.problem?.code).toBe('unreachable');
    expect(topic.loading).toBe(false);
  });

  it('of a session that ended takes no late answer', async () => {
    const topics = new Topics();
    const { fetcher, waiting } = controlled<number>();
    const topic = topics.add(fetcher, ['gifts']);
    topic.watch(() => undefined);
    await settled();
    topics.clear();
    waiting[0]?.give(1);
    await settled();
    expect(topic.value).toBeUndefined();
  });

  it('that nobody looks at any more waits until somebody does', async () => {
    const topics = new Topics();
    const { fetcher, waiting } = controlled<number>();
    const topic = topics.add(fetcher, ['gifts']);
    topic.watch(() => undefined)();
    await settled();
    waiting[0]?.give(1);
    await settled();
    topics.everythingChanged();
    expect(fetcher).toHaveBeenCalledTimes(1);
    topic.watch(() => undefined);
    await settled();
    expect(fetcher).toHaveBeenCalledTimes(2);
  });
});
