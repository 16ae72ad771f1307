// @vitest-environment happy-dom
// Channels between homes, before the made-up home.
import { configure } from '@testing-library/dom';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetDrafts } from '../src/state/drafts.svelte';
import { openPage } from './made_up';

configure({
  asyncUtilTimeout: 15_000,
  getElementError: (message) => new Error(message ?? ''),
});
beforeAll(async () => {
  await Promise.all([import('../src/pages/Channel.svelte'), import('../src/pages/Shared.svelte')]);
}, 120_000);
beforeEach(() => {
  window.scrollTo = () => undefined;
  forgetDrafts();
});
afterEach(() => cleanup());

function paired(hash: string) {
  const page = openPage(hash);
  page.mock.home.paired = true;
  page.show();
  return page;
}
const press = async (name: RegExp | string) =>
  fireEvent.click(await screen.findByRole('button', { name }));
const inDialog = async () => within(await screen.findByRole('dialog'));
const sentTo = (page: ReturnType<typeof openPage>, command: string) =>
  page.asked.filter((one) => one.path === `/api/${command}`).map((one) => one.body);

describe('a channel of another home', () => {
  it('is taken in part, with a budget for which the PIN is asked once', async () => {
    const page = paired('#/shared/c30');
    const dialog = await inDialog();
    expect(dialog.getByText('All of it, and what is added to it later.')).toBeTruthy();
    await fireEvent.click(dialog.getByLabelText(/^In between/));
    await fireEvent.input(dialog.getByLabelText(/^Number/), { target: { value: '31' } });
    await fireEvent.change(dialog.getByLabelText(/^In a month/), { target: { value: '9' } });
    await fireEvent.click(dialog.getByRole('button', { name: 'Take it' }));
    await fireEvent.input(await screen.findByLabelText('PIN'), { target: { value: '1234' } });
    await press('Go on');
    expect(await screen.findByText(/is in your guide, number 31/)).toBeTruthy();
    const args = {
      offer: 'c30',
      only: ['main', 'films'],
      number: 31,
      budget_title: '9.00 EUR',
      budget_month: '9.00 EUR',
    };
    expect(sentTo(page, 'channel-accept')).toEqual([args, { ...args, pin: '1234' }]);
  });

  it('cannot be taken without any part, nor with a number that is none', async () => {
    paired('#/shared/c30');
    const dialog = await inDialog();
    const take = dialog.getByRole('button', { name: 'Take it' });
    await fireEvent.input(dialog.getByLabelText(/^Number/), { target: { value: '0' } });
    await waitFor(() => expect(take).toHaveProperty('disabled', true));
    await fireEvent.input(dialog.getByLabelText(/^Number/), { target: { value: '' } });
    await waitFor(() => expect(take).toHaveProperty('disabled', false));
    for (const part of dialog.getAllByRole('checkbox')) await fireEvent.click(part);
    expect(await dialog.findByText('Choose at least one.')).toBeTruthy();
    expect(take).toHaveProperty('disabled', true);
  });

  it('is declined with a word', async () => {
    const page = paired('#/shared');
    const card = (await screen.findByRole('heading', { name: /Grandma’s cinema/ })).closest(
      'article',
    );
    await fireEvent.click(within(card as HTMLElement).getByText('No, thank you'));
    const dialog = await inDialog();
    await fireEvent.input(dialog.getByRole('textbox'), { target: { value: 'Too much' } });
    await fireEvent.click(dialog.getByRole('button', { name: 'No, thank you' }));
    await waitFor(() =>
      expect(sentTo(page, 'channel-decline')).toEqual([{ offer: 'c30', note: 'Too much' }]),
    );
  });

  it('tells what stays there, takes other parts, and is left', async () => {
    const page = paired('#/channel/c12');
    expect(await screen.findByText(/1 title stays with Grandma Ilse/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Add something' })).toBeNull();
    await fireEvent.click(await screen.findByLabelText(/^Divers/));
    await press('Save');
    await waitFor(() =>
      expect(sentTo(page, 'channel-accept')).toEqual([{ offer: 'c12', number: 12, whole: true }]),
    );
    await press('Leave the channel');
    await fireEvent.click((await inDialog()).getByRole('button', { name: 'Leave the channel' }));
    expect(await screen.findByText(/Aquarium is gone/)).toBeTruthy();
    await waitFor(() => expect(location.hash).toBe('#/shared'));
  });
});

describe('a channel of this home', () => {
  it('is shared with who does not have it yet, kept open, and taken back', async () => {
    const page = paired('#/channel/c4');
    await press('Share');
    await press('Share with…');
    const dialog = await inDialog();
    expect(dialog.queryByText('Grandma Ilse')).toBeNull();
    await fireEvent.click(dialog.getByRole('button', { name: /Linden Street 4/ }));
    await fireEvent.click(dialog.getByRole('button', { name: 'Share it' }));
    expect(await screen.findByText('Not answered yet')).toBeTruthy();
    await fireEvent.click(screen.getByLabelText(/^Friends get it when they ask/));
    await fireEvent.click(screen.getAllByRole('button', { name: 'Stop sharing' })[0] as Element);
    await fireEvent.click((await inDialog()).getByRole('button', { name: 'Stop sharing' }));
    await waitFor(() => expect(sentTo(page, 'channel-unshare')).toHaveLength(1));
    expect(sentTo(page, 'channel-share')).toEqual([
      { channel: 'c4', to: expect.stringMatching(/^home1|Linden/) as string },
      { channel: 'c4', open: true },
    ]);
  });

  it('is given to who asked for it by its name', async () => {
    const page = paired('#/shared');
    expect(await screen.findByText('Tim told us of it.')).toBeTruthy();
    await press('Share it');
    const dialog = await inDialog();
    const which = dialog.getByLabelText('Which of your channels?');
    await waitFor(() => expect(which).toHaveProperty('value', 'c1'));
    await fireEvent.click(dialog.getByRole('button', { name: 'Share it' }));
    await waitFor(() => expect(screen.queryByText('Tim told us of it.')).toBeNull());
    expect(sentTo(page, 'channel-share')).toHaveLength(1);
  });
});

describe('asking for a channel', () => {
  it('of a friend stands in the list until it is answered', async () => {
    const page = paired('#/shared/ask/Grandma Ilse');
    const dialog = await inDialog();
    await fireEvent.input(dialog.getByLabelText(/^Which channel/), {
      target: { value: 'Fairy tales' },
    });
    await fireEvent.click(dialog.getByRole('button', { name: 'Ask them' }));
    expect(await screen.findByText('Fairy tales')).toBeTruthy();
    expect(sentTo(page, 'channel-subscribe')).toEqual([
      { from: 'Grandma Ilse', channel: 'Fairy tales' },
    ]);
  });
});
