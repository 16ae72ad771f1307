// Channels between homes: what waits for a person, what is taken of another home's channel, and
// which one somebody means. Pure.
import { shortened } from './address';
import type { Arguments } from './api';
import { moneyOf } from './channel_words';
import type {
  Channel,
  ChannelBudget,
  ChannelChecked,
  ChannelSharing,
  ChannelWarning,
  ChannelWish,
  OfferedChannel,
  SharedChannel,
} from './types';

/** What the home calls that one, or its address. */
export function homeName(one: { contact: string; home: string }): string {
  return one.contact || shortened(one.home);
}

/** Channels that other homes show and nobody answered. */
export function offeredOf(sharing: ChannelSharing | undefined): OfferedChannel[] {
  return (sharing?.offered ?? []).filter((one) => one.state === 'waiting');
}

/** What other homes would like to see. */
export function wantedOf(sharing: ChannelSharing | undefined): ChannelWish[] {
  return (sharing?.wishes ?? []).filter((one) => !one.outgoing);
}

/** How much of it waits for a person. */
export function waitingIn(sharing: ChannelSharing | undefined): number {
  return offeredOf(sharing).length + wantedOf(sharing).length;
}

/** Whether that home has it, or is to. */
export function isShared(one: SharedChannel): boolean {
  return one.state === 'offered' || one.state === 'accepted';
}

/** With whom a channel is shared, then with whom it was; newest first. */
export function sharesOf(sharing: ChannelSharing, channel: string): SharedChannel[] {
  return sharing.shared
    .filter((one) => one.channel === channel)
    .toSorted((a, b) => Number(isShared(b)) - Number(isShared(a)) || b.at_ms - a.at_ms);
}

/** The own channel that a wish names, by number, id or name, as the node finds it. */
export function channelMeant(channels: readonly Channel[], words: string): Channel | undefined {
  const named = channels.filter((one) => one.name === words);
  return (
    channels.find((one) => String(one.number) === words || one.channel === words) ??
    (named.length === 1 ? named[0] : undefined)
  );
}

/** The ids that are ticked: lists, and single items that somebody took. */
export function takenOf(offered: OfferedChannel): string[] {
  if (offered.whole) return (offered.parts ?? []).map((one) => one.list);
  return offered.taken;
}

/** Single items among what is ticked: the page offers whole lists, the command line those too. */
export function singlesOf(offered: OfferedChannel): string[] {
  const lists = new Set((offered.parts ?? []).map((one) => one.list));
  return offered.whole ? [] : offered.taken.filter((id) => !lists.has(id));
}

/** All lists: then the whole channel, with what comes to it later. */
export function isWhole(offered: OfferedChannel, ticked: readonly string[]): boolean {
  return (offered.parts ?? []).every((one) => ticked.includes(one.list));
}

export interface Taking {
  ticked: readonly string[];
  /** As it was typed; empty: as the node chooses. */
  number: string;
  budget: ChannelBudget | undefined;
  /** There was one before, which an empty one ends. */
  before: ChannelBudget | undefined;
}

/** 1 to 9999, or nothing. */
export function isNumber(typed: string): boolean {
  return /^([1-9]\d{0,3})?$/.test(typed.trim());
}

export function acceptArguments(offered: OfferedChannel, taking: Taking): Arguments {
  const number = Number(taking.number.trim());
  const budget = taking.budget ?? (taking.before && { ...taking.before, title: 0, month: 0 });
  return {
    offer: offered.offer,
    ...(number > 0 ? { number } : {}),
    ...(isWhole(offered, taking.ticked) ? { whole: true } : { only: [...taking.ticked] }),
    ...(budget
      ? {
          budget_title: moneyOf(budget.title, budget.currency).text,
          budget_month: moneyOf(budget.month, budget.currency).text,
        }
      : {}),
  };
}

/** With another amount for a title or a month; undefined: nothing may be bought any more. */
export function budgetWith(
  now: ChannelBudget,
  which: 'title' | 'month',
  minor: number,
): ChannelBudget | undefined {
  const budget = { ...now, [which]: minor };
  // A month buys at least one title; who names a month alone may spend it on one.
  if (which === 'title') budget.month = Math.max(budget.month, minor);
  if (which === 'month' && now.title === 0) budget.title = minor;
  return budget.month === 0 ? undefined : budget;
}

/** What could not be shown, and what should be known of the channel. */
export function warningsOf(checked: ChannelChecked | undefined): ChannelWarning[] {
  const troubles = (checked?.troubles ?? []).map((one) => ({
    problem: 'trouble',
    where: one.media,
    sentence: one.sentence,
  }));
  return [...troubles, ...(checked?.warnings ?? [])];
}
