import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { chooseLanguage, setLanguage, t, tn, word } from '../src/lib/i18n';
import de from '../src/locales/de.json';
import en from '../src/locales/en.json';
import refusalsDe from '../src/locales/refusals.de.json';
import refusalsEn from '../src/locales/refusals.en.json';

afterEach(() => setLanguage('en'));

const values = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]).sort();

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : [readFileSync(path, 'utf8')];
  });
}

describe('the languages', () => {
  it('have the same sentences, in the same order', () => {
    expect(Object.keys(de)).toEqual(Object.keys(en));
    expect(Object.keys(en)).toEqual(Object.keys(en).toSorted());
  });

  it('say the same values in each of them', () => {
    for (const [key, text] of Object.entries(en)) {
      expect(values(de[key as keyof typeof de]), key).toEqual(values(text));
      expect(text, key).not.toBe('');
    }
  });

  it('refuse in the same cases, and say what became of it', () => {
    expect(Object.keys(refusalsDe)).toEqual(Object.keys(refusalsEn));
    for (const text of [...Object.values(refusalsEn), ...Object.values(refusalsDe)]) {
      expect(text).toMatch(/^[A-ZÄÖÜ].{18,}\.$/);
    }
  });

  it('have no sentence that nobody says', () => {
    const code = sources('src').join('\n');
    // Words of the node, and those of a list, are put together: `sent.state` and a state.
    const groups = [...code.matchAll(/(?:word\(\s*|t\(\s*|tn\(\s*)[`'"]([\w.]+)/g)].map(
      (one) => one[1],
    );
    const said = (key: string) =>
      code.includes(`'${key}'`) ||
      code.includes(`'${key.replace(/\.(one|other)$/, '')}'`) ||
      groups.some((group) => key.startsWith(group?.endsWith('.') ? group : `${group}.`)) ||
      /^(sent|received)\.(state|means)\.|^problem\./.test(key);
    expect(Object.keys(en).filter((key) => !said(key))).toEqual([]);
  });

  it('are chosen by the first one that the page speaks', () => {
    expect(chooseLanguage([null, 'fr-CH', 'de-AT', 'en'])).toBe('de');
    expect(chooseLanguage(['en-GB', 'de'])).toBe('en');
    expect(chooseLanguage(['fr', undefined])).toBe('en');
  });

  it('count', () => {
    expect(tn('home.more_gifts', 1)).toBe('1 more gift');
    expect(tn('home.more_gifts', 3)).toBe('3 more gifts');
    setLanguage('de');
    expect(tn('home.more_gifts', 1)).toBe('1 weiteres Geschenk');
    expect(t('gift.from', { home: 'Ilse' })).toBe('Von Ilse');
  });

  it('show a word of the node that they do not know as it is', () => {
    expect(word('sent.state', 'delivered')).toBe('Delivered');
    expect(word('sent.state', 'teleported')).toBe('teleported');
  });

  it('leave text of others alone', () => {
    expect(t('gift.from', { home: '{home} $& <b>' })).toBe('From {home} $& <b>');
  });
});
