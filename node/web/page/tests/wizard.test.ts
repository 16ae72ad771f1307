import { describe, expect, it } from 'vitest';
import { dayText } from '../src/lib/format';
import type { Contact, Library, Offer, Title, Voucher } from '../src/lib/types';
import {
  choicesOf,
  chosen,
  commandOf,
  costOf,
  emptyDraft,
  missing,
  mostTitles,
  receiversOf,
  toggled,
} from '../src/lib/wizard';

const offer = (id: string, minor: number, extra: Partial<Offer> = {}): Offer => ({
  offer: id,
  title: `t${id}`,
  name: `Film ${id}`,
  kind: 'video',
  media_type: 'video/mp4',
  size: 10,
  duration_ms: 0,
  price: { minor, currency: 'EUR', text: `${(minor / 100).toFixed(2)} EUR` },
  seller: 'home1',
  giftable: true,
  min_age: 0,
  sold_until_ms: 0,
  not_before_ms: 0,
  redeem_until_ms: 0,
  refund_until_ms: 0,
  homes: 1,
  complete_sources: 1,
  ...extra,
});
const voucher = (offerId: string, state = 'held'): Voucher => ({
  voucher: `v${offerId}`,
  offer: offerId,
  name: `Film ${offerId}`,
  epoch: 1,
  state,
});
const title = (id: string, extra: Partial<Title>): Title => ({
  title: id,
  name: `Own ${id}`,
  kind: 'video',
  media_type: 'video/mp4',
  size: 5,
  duration_ms: 0,
  origin: 'published',
  private: true,
  complete: true,
  has_key: true,
  ...extra,
});
const none: Library = { items: [], titles: [] };

describe('what can be given', () => {
  it('is held first, then own, then sold; never what may not be given away', () => {
    const choices = choicesOf(
      [offer('a', 350), offer('b', 199), offer('c', 100, { giftable: false })],
      [voucher('b'), voucher('a', 'given'), voucher('z')],
      {
        items: [],
        titles: [
          title('p', {}),
          title('q', { origin: 'received' }),
          title('r', { private: false }),
        ],
      },
    );
    expect(choices.map((one) => one.what)).toEqual(['b', 'z', 'p', 'a']);
    expect(choices.map((one) => one.held)).toEqual([true, true, false, false]);
  });

  it('costs what is not held; private titles nothing', () => {
    const choices = choicesOf([offer('a', 350), offer('b', 199)], [voucher('b')], {
      items: [],
      titles: [title('p', {})],
    });
    const draft = { ...emptyDraft(), what: ['a', 'b', 'p'] };
    expect(costOf(chosen(draft, choices))).toEqual([
      { minor: 350, currency: 'EUR', text: '3.50 EUR' },
    ]);
    expect(costOf(chosen({ ...draft, what: ['b', 'p'] }, choices))).toEqual([]);
  });

  it('is put in and taken out, at most as many as a gift holds', () => {
    let draft = toggled(emptyDraft(), 'a');
    expect(draft.what).toEqual(['a']);
    expect(toggled(draft, 'a').what).toEqual([]);
    for (let index = 0; index < 20; index += 1) draft = toggled(draft, `x${index}`);
    expect(draft.what).toHaveLength(mostTitles);
  });

  it('goes to homes that are friends or asked', () => {
    const states: Contact['state'][] = ['invited', 'asked', 'confirmed', 'blocked', 'gone'];
    const contacts = states.map((state) => ({
      name: state,
      home: state,
      state,
      muted: false,
      added_ms: 0,
    }));
    expect(receiversOf(contacts).map((one) => one.name)).toEqual(['invited', 'confirmed']);
  });
});

describe('a draft', () => {
  const now = Date.now();
  const inDays = (days: number) => dayText(now + days * 86_400_000);
  const ready = { ...emptyDraft(), what: ['a'], to: 'Ilse' };

  it('says what is missing, one thing after the other', () => {
    expect(missing(emptyDraft(), now)).toBe('send.missing.what');
    expect(missing({ ...ready, to: '' }, now)).toBe('send.missing.to');
    expect(missing({ ...ready, expires: inDays(-1) }, now)).toBe('send.missing.expired');
    expect(missing({ ...ready, openFrom: inDays(5), expires: inDays(3) }, now)).toBe(
      'send.missing.order',
    );
    expect(missing({ ...ready, placeAt: '2026-12-24T18:00' }, now)).toBe('send.missing.channel');
    expect(missing(ready, now)).toBeUndefined();
    expect(missing({ ...ready, openFrom: inDays(5), expires: inDays(5) }, now)).toBeUndefined();
  });

  it('becomes the command, with nothing in it that was not said', () => {
    expect(commandOf(ready)).toEqual({ command: 'gift-send', args: { what: 'a', to: 'Ilse' } });
    const full = commandOf({
      ...ready,
      what: ['a', 'b'],
      note: ' For you ',
      openFrom: '2026-12-24',
      expires: '2026-12-31',
      channel: 'Evenings',
      placeAt: '2026-12-24T18:00',
      pocket: 3,
      picture: 'AAAA',
    });
    expect(full.args).toEqual({
      what: ['a', 'b'],
      to: 'Ilse',
      note: 'For you',
      open_from_ms: new Date(2026, 11, 24).getTime(),
      expires_ms: new Date(2027, 0, 1).getTime() - 1,
      channel: 'Evenings',
      place_ms: new Date(2026, 11, 24, 18).getTime(),
      pocket: 3,
      picture_bytes: 'AAAA',
    });
  });

  it('that grants a wish names the wish, which knows what and whose', () => {
    expect(commandOf({ ...ready, wish: 'w1', note: 'Here it is' })).toEqual({
      command: 'gift-grant',
      args: { id: 'w1', note: 'Here it is' },
    });
  });

  it('finds what it holds in an empty catalogue too', () => {
    expect(
      choicesOf([], [voucher('a'), { ...voucher('a'), voucher: 'second' }], none),
    ).toHaveLength(1);
  });
});
