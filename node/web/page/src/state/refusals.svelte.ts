// What the home refuses with, in the person's language: a sentence for each error code. The node's
// own sentence knows the names and amounts, and speaks English; here it is the second one. The
// tables are no part of the first load.
import { language, type Language } from '../lib/i18n';

type Table = Record<string, string>;
let tables = $state.raw<Partial<Record<Language, Table>>>({});

const load: Record<Language, () => Promise<{ default: Table }>> = {
  en: () => import('../locales/refusals.en.json'),
  de: () => import('../locales/refusals.de.json'),
};

export async function loadRefusals(): Promise<void> {
  const wanted = language();
  if (tables[wanted]) return;
  try {
    const table = (await load[wanted]()).default;
    tables = { ...tables, [wanted]: table };
  } catch {
    // Then the node's sentence is told alone.
  }
}

export function refusalOf(code: string): string | undefined {
  const table = tables[language()];
  return table && Object.hasOwn(table, code) ? table[code] : undefined;
}
