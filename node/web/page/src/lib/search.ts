// Finding in lists that are here already.
import type { Kind } from './types';

export type KindFilter = Kind | 'all';

export function matches(name: string, search: string): boolean {
  const folded = name.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => folded.includes(word));
}

export function found<T extends { name: string; kind: Kind }>(
  all: readonly T[],
  search: string,
  kind: KindFilter,
): T[] {
  return all.filter((one) => (kind === 'all' || one.kind === kind) && matches(one.name, search));
}
