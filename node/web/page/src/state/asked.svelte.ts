// One answer of the home for one part of a page, asked for again when `when` changes.
import { Problem } from '../lib/api';

export interface Asked<T> {
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  again: () => void;
}

export function asked<T>(ask: () => Promise<T>, when: () => unknown = () => 0): Asked<T> {
  let value = $state.raw<T | undefined>();
  let problem = $state.raw<Problem | undefined>();
  let turn = 0;

  async function load() {
    const mine = (turn += 1);
    try {
      const answer = await ask();
      if (mine !== turn) return;
      value = answer;
      problem = undefined;
    } catch (failure) {
      if (mine !== turn) return;
      problem = failure instanceof Problem ? failure : new Problem('internal', '', 0);
    }
  }

  $effect(() => {
    void when();
    void load();
  });
  return {
    get value() {
      return value;
    },
    get problem() {
      return problem;
    },
    again: () => void load(),
  };
}
