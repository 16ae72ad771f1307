// The parts of the guide that one looks at: fetched when they come into sight, and anew when
// anything of the channels changed.
import { Problem } from '../lib/api';
import { rowsAtOnce, rowsOf, type Answer, type Part } from '../lib/guide';
import type { Guide } from '../lib/types';
import type { Home } from './home.svelte';

/** Parts far away are forgotten: a day of 500 channels is not kept. */
const mostKept = 60;

export class GuideWindow {
  count = $state(0);
  problem = $state.raw<Problem | undefined>();
  /** Asked last, last. */
  #answers = $state.raw<readonly Answer[]>([]);
  readonly rows = $derived(rowsOf(this.#answers));
  #wanted: Part[] = [];
  #asking: string[] = [];
  #generation = 0;

  constructor(private readonly home: Home) {}

  /** These are in sight. */
  want(parts: Part[]): void {
    this.#wanted = parts;
    for (const part of parts) {
      if (!this.#answers.some((one) => one.key === part.key)) void this.#ask(part);
    }
  }

  /** What is shown is old; it stays until what is new is there. */
  refresh(): void {
    this.#generation += 1;
    this.#asking = [];
    const kept = this.#wanted.map((part) => part.key);
    this.#answers = this.#answers.filter((one) => kept.includes(one.key));
    for (const part of this.#wanted) void this.#ask(part);
  }

  async #ask(part: Part): Promise<void> {
    if (this.#asking.includes(part.key)) return;
    this.#asking.push(part.key);
    const generation = this.#generation;
    try {
      const guide = await this.home.api.post<Guide>('guide', {
        from_ms: part.from,
        to_ms: part.to,
        first: part.first,
        count: rowsAtOnce,
      });
      if (generation !== this.#generation) return;
      const others = this.#answers.filter((one) => one.key !== part.key);
      this.#answers = [...others, { ...part, guide }].slice(-mostKept);
      this.count = guide.channels;
      this.problem = undefined;
    } catch (failure) {
      if (generation !== this.#generation) return;
      this.problem = failure instanceof Problem ? failure : new Problem('internal', '', 0);
    } finally {
      if (generation === this.#generation) {
        this.#asking = this.#asking.filter((key) => key !== part.key);
      }
    }
  }
}
