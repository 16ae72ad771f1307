// What the page says, in the person's language. `en.json` names all sentences; tests hold the
// other languages against it.
import de from '../locales/de.json';
import en from '../locales/en.json';

export type MessageKey = keyof typeof en;
/** `x` of `x.one` and `x.other`. */
export type CountedKey = {
  [K in MessageKey]: K extends `${infer Name}.other` ? Name : never;
}[MessageKey];
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const messages: Record<Language, Record<MessageKey, string>> = { en, de };
let current: Language = 'en';

export function language(): Language {
  return current;
}

export function setLanguage(to: Language): void {
  current = to;
}

/** The first of these that the page speaks: "de-AT" is German. */
export function chooseLanguage(wanted: readonly (string | null | undefined)[]): Language {
  for (const one of wanted) {
    const found = one?.toLowerCase().split(/[-_]/)[0];
    if (found === 'de' || found === 'en') return found;
  }
  return 'en';
}

type Values = Record<string, string | number>;

function filled(message: string, values: Values): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function t(key: MessageKey, values: Values = {}): string {
  return filled(messages[current][key], values);
}

/** With the plural form of `count`, which the sentence gets as {count}. */
export function tn(key: CountedKey, count: number, values: Values = {}): string {
  const form = new Intl.PluralRules(current).select(count) === 'one' ? 'one' : 'other';
  const number = new Intl.NumberFormat(current).format(count);
  return t(`${key}.${form}` as MessageKey, { count: number, ...values });
}

/** Whether there is a sentence of this name: for words that come from the node. */
export function isKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}

/** The page's word for a word of the node, or that word itself. */
export function word(group: string, name: string): string {
  const key = `${group}.${name}`;
  return isKey(key) ? t(key) : name;
}
