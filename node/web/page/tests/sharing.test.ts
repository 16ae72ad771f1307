import { describe, expect, it } from 'vitest';
import {
  acceptArguments,
  budgetWith,
  channelMeant,
  homeName,
  isNumber,
  isWhole,
  sharesOf,
  singlesOf,
  takenOf,
  waitingIn,
} from '../src/lib/sharing';
import type { Channel, ChannelSharing, OfferedChannel, SharedChannel } from '../src/lib/types';

const offered: OfferedChannel = {
  offer: 'a1',
  state: 'waiting',
  home: 'home1abc',
  contact: 'Anna',
  name: 'Evening',
  note: '',
  whole: true,
  taken: [],
  parts: [
    { list: 'main', name: '', items: 3, for_sale: 0 },
    { list: 'films', name: 'Films', items: 2, for_sale: 2 },
  ],
  at_ms: 1,
};
const plain = { ticked: ['main', 'films'], number: '', budget: undefined, before: undefined };
const euros = { title: 400, month: 1250, currency: 'EUR' };

describe('what is taken of a channel of another home', () => {
  it('is all of it at first, and then what was said', () => {
    expect(takenOf(offered)).toEqual(['main', 'films']);
    const part = { ...offered, whole: false, taken: ['films', 'i7'] };
    expect(takenOf(part)).toEqual(['films', 'i7']);
    expect(singlesOf(part)).toEqual(['i7']);
    expect(singlesOf(offered)).toEqual([]);
    expect(isWhole(part, takenOf(part))).toBe(false);
  });

  it('is whole when all lists are ticked: what comes later is taken as well', () => {
    expect(acceptArguments(offered, plain)).toEqual({ offer: 'a1', whole: true });
    expect(acceptArguments(offered, { ...plain, ticked: ['films'] })).toEqual({
      offer: 'a1',
      only: ['films'],
    });
  });

  it('has a number and amounts as the node reads them', () => {
    expect(acceptArguments(offered, { ...plain, number: ' 7 ', budget: euros })).toEqual({
      offer: 'a1',
      whole: true,
      number: 7,
      budget_title: '4.00 EUR',
      budget_month: '12.50 EUR',
    });
  });

  it('ends a budget that was there, and says nothing of one that was not', () => {
    expect(acceptArguments(offered, { ...plain, before: euros })).toMatchObject({
      budget_title: '0.00 EUR',
      budget_month: '0.00 EUR',
    });
  });

  it('has a number of one to four digits, or none', () => {
    expect(['', '1', '9999'].every(isNumber)).toBe(true);
    expect(['0', '10000', '-1', '1.5', 'x'].some(isNumber)).toBe(false);
  });
});

describe('a budget', () => {
  const none = { title: 0, month: 0, currency: 'EUR' };
  it('of a month alone may be spent on one title; a title needs a month of its size', () => {
    expect(budgetWith(none, 'month', 900)).toEqual({ title: 900, month: 900, currency: 'EUR' });
    expect(budgetWith(none, 'title', 400)).toEqual({ title: 400, month: 400, currency: 'EUR' });
    expect(budgetWith(euros, 'title', 500)).toEqual({ ...euros, title: 500 });
  });
  it('of nothing is none', () => {
    expect(budgetWith(euros, 'month', 0)).toBeUndefined();
    expect(budgetWith(none, 'title', 0)).toBeUndefined();
  });
});

describe('channels between homes', () => {
  const share = (id: string, state: SharedChannel['state'], at_ms: number, channel = 'c4') =>
    ({ share: id, state, at_ms, channel }) as SharedChannel;
  const sharing: ChannelSharing = {
    offered: [offered, { ...offered, state: 'accepted' }, { ...offered, state: 'ended' }],
    shared: [
      share('left', 'left', 9),
      share('old', 'offered', 1),
      share('new', 'accepted', 2),
      share('other', 'accepted', 3, 'c5'),
    ],
    wishes: [
      { wish: 'w1', outgoing: true, home: 'h', contact: '', channel: '4', note: '', at_ms: 1 },
      { wish: 'w2', outgoing: false, home: 'h', contact: '', channel: '4', note: '', at_ms: 1 },
    ],
    open: [],
  };

  it('wait as offers and as wishes of others', () => {
    expect(waitingIn(sharing)).toBe(2);
    expect(waitingIn(undefined)).toBe(0);
  });

  it('of one channel: who has it before who had it, newest first', () => {
    expect(sharesOf(sharing, 'c4').map((one) => one.share)).toEqual(['new', 'old', 'left']);
  });

  it('are meant by number, id or a name that only one has', () => {
    const channel = (id: string, number: number, name: string) =>
      ({ channel: id, number, name }) as Channel;
    const all = [channel('a', 4, 'Evening'), channel('b', 5, 'Twin'), channel('c', 6, 'Twin')];
    expect(channelMeant(all, '5')?.channel).toBe('b');
    expect(channelMeant(all, 'c')?.channel).toBe('c');
    expect(channelMeant(all, 'Evening')?.channel).toBe('a');
    expect(channelMeant(all, 'Twin')).toBeUndefined();
    expect(channelMeant(all, 'Morning')).toBeUndefined();
  });

  it('are of a home by the name it has here, else by its address', () => {
    expect(homeName(offered)).toBe('Anna');
    expect(homeName({ contact: '', home: `home1${'q'.repeat(58)}` })).toMatch(/^home1/);
  });
});
