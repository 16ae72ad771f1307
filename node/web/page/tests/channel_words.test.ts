import { afterEach, describe, expect, it } from 'vitest';
import {
  clockText,
  dayWords,
  fillerWords,
  lengthWords,
  minorOf,
  moneyOf,
  repeatOf,
  ruleOf,
  slotName,
  slotWhen,
  typedMinor,
  versionWords,
} from '../src/lib/channel_words';
import { inkOn, isColour } from '../src/lib/colour';
import { setLanguage } from '../src/lib/i18n';
import type { ChannelDocument, ChannelSlot } from '../src/lib/types';

afterEach(() => setLanguage('en'));

const channel: ChannelDocument = {
  id: 'c',
  number: 4,
  name: 'Evening',
  colour: '#3366cc',
  zone: 'UTC',
  version: 1,
  lists: [{ id: 'films', name: 'Films', order: 'sequence', items: [] }],
  slots: [{ id: 's1', list: 'films', take: 'one', at: '20:15', first: '2026-12-24' }],
};

describe('repetitions', () => {
  it('are the rules that the node reads, and back', () => {
    for (const rule of [
      '',
      'FREQ=DAILY',
      'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      'FREQ=WEEKLY;BYDAY=SA,SU',
      'FREQ=WEEKLY;BYDAY=MO,SU',
      'FREQ=MONTHLY;BYDAY=1FR',
      'FREQ=WEEKLY',
    ]) {
      expect(ruleOf(repeatOf(rule))).toBe(rule);
    }
    expect(repeatOf('FREQ=WEEKLY;BYDAY=MO,XX').kind).toBe('rule');
    expect(ruleOf({ kind: 'days', days: ['SU', 'MO'] })).toBe('FREQ=WEEKLY;BYDAY=MO,SU');
  });

  it('are said as people say them', () => {
    const slot: ChannelSlot = { id: 's', take: 'one', at: '20:15', first: '2026-12-24' };
    expect(slotWhen(slot)).toBe('20:15, Thu, Dec 24, 2026');
    expect(slotWhen({ ...slot, rule: 'FREQ=WEEKLY;BYDAY=MO,WE' })).toBe('20:15, Mon, Wed');
    setLanguage('de');
    expect(slotWhen({ ...slot, rule: 'FREQ=DAILY' })).toBe('20:15 Uhr, Jeden Tag');
    expect(dayWords('not a day')).toBe('not a day');
  });
});

describe('what is shown', () => {
  it('has a name of its own, or one by what it does', () => {
    const [slot] = channel.slots;
    if (!slot) throw new Error('there is one');
    expect(slotName(slot, channel)).toContain('The next of Films');
    expect(slotName({ ...slot, name: 'The film' }, channel)).toBe('The film');
    const rerun: ChannelSlot = { id: 's2', take: 'one', link: 'reruns', linked: 's1' };
    expect(slotName(rerun, channel)).toContain('Shows again');
    expect(
      fillerWords(
        { id: 'f', list: 'films', place: 'mid', amount: 'count', value: 2, every_ms: 1_800_000 },
        channel,
      ),
    ).toBe('2 of Films, every 30 min');
  });

  it('is as long as it is', () => {
    expect(lengthWords(5_400_000)).toBe('1 hr 30 min');
    expect(lengthWords(45_000)).toBe('45 sec');
    expect(lengthWords(0)).toBe('0 sec');
    expect(clockText('20:15:00')).toBe('20:15');
    expect(clockText('20:15:30')).toBe('20:15:30');
    expect(clockText('8 pm')).toBe('');
  });
});

describe('budgets', () => {
  it('are whole minor units of their currency, however they are typed', () => {
    expect(minorOf('12,5', 'EUR')).toBe(1250);
    expect(minorOf(' 12.50 ', 'EUR')).toBe(1250);
    expect(minorOf('12', 'JPY')).toBe(12);
    expect(minorOf('12.345', 'KWD')).toBe(12_345);
    for (const wrong of ['', '-1', '1.2.3', '12.345', '1e3', 'x']) {
      expect(minorOf(wrong, 'EUR'), wrong).toBeUndefined();
    }
    expect(typedMinor(1250, 'EUR')).toBe('12.50');
    expect(moneyOf(5, 'JPY').text).toBe('5 JPY');
  });
});

describe('versions and colours', () => {
  it('are said in the page’s words', () => {
    expect(versionWords('add film.mp4')).toBe('Added: film.mp4');
    expect(versionWords('back to version 3')).toBe('Back to version 3');
    expect(versionWords('gift: Autumn')).toBe('A gift was put in: Autumn');
    expect(versionWords('teleport x')).toBe('teleport');
  });

  it('can be read', () => {
    expect(inkOn('#b08900')).toBe('#0b0d12');
    expect(inkOn('#5f3dc4')).toBe('#ffffff');
    expect(inkOn('red')).toBe('#ffffff');
    expect(isColour('#12abef')).toBe(true);
    expect(isColour('#12ABEF;x')).toBe(false);
  });
});
