// What the page knows of its home: one topic per document, fetched when somebody looks at it, and
// again when the home says that it changed. No topic is fetched twice at a time; a change that
// comes during a fetch leads to one more.
import { Problem } from './api';

/** The names that `GET /api/events` uses. */
export type Change =
  | 'gifts'
  | 'wishes'
  | 'contacts'
  | 'library'
  | 'transfers'
  | 'wallet'
  | 'tv'
  | 'rules'
  | 'phones'
  | 'channels'
  | 'status';

export class Topic<T> {
  value: T | undefined;
  problem: Problem | undefined;
  loading = false;
  private stale = true;
  private generation = 0;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly fetcher: () => Promise<T>,
    /** The changes after which it has to be fetched again. */
    readonly follows: readonly Change[],
  ) {}

  /** Soon fetches what is not fresh; the answer ends the watching. */
  watch(changed: () => void): () => void {
    this.watchers.add(changed);
    // Later: whoever begins to watch is being drawn just now.
    if (this.stale) queueMicrotask(() => void this.load());
    return () => this.watchers.delete(changed);
  }

  /** What is known is old. Whoever watches gets it anew. */
  invalidate(): void {
    this.stale = true;
    if (this.watchers.size > 0) void this.load();
  }

  /** Forgets everything: another session. */
  clear(): void {
    this.generation += 1;
    this.value = undefined;
    this.problem = undefined;
    this.loading = false;
    this.stale = true;
    this.tell();
  }

  async load(): Promise<void> {
    if (this.loading) return;
    const generation = this.generation;
    this.loading = true;
    this.tell();
    while (this.stale && generation === this.generation) {
      this.stale = false;
      try {
        const value = await this.fetcher();
        if (generation !== this.generation) return;
        this.value = value;
        this.problem = undefined;
      } catch (failure) {
        if (generation !== this.generation) return;
        this.problem = failure instanceof Problem ? failure : new Problem('internal', '', 0);
      }
    }
    if (generation !== this.generation) return;
    this.loading = false;
    this.tell();
  }

  private tell(): void {
    for (const changed of this.watchers) changed();
  }
}

export class Topics {
  private readonly all: Topic<unknown>[] = [];

  add<T>(fetcher: () => Promise<T>, follows: readonly Change[]): Topic<T> {
    const topic = new Topic(fetcher, follows);
    this.all.push(topic as Topic<unknown>);
    return topic;
  }

  changed(changes: readonly string[]): void {
    for (const topic of this.all) {
      if (topic.follows.some((one) => changes.includes(one))) topic.invalidate();
    }
  }

  /** After a time without a connection nobody knows what changed. */
  everythingChanged(): void {
    for (const topic of this.all) topic.invalidate();
  }

  clear(): void {
    for (const topic of this.all) topic.clear();
  }
}
