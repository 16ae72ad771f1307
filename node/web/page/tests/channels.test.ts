// @vitest-environment happy-dom
// Guide and channel editor before the made-up home.
import { configure } from '@testing-library/dom';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setLanguage } from '../src/lib/i18n';
import { forgetDrafts } from '../src/state/drafts.svelte';
import { at, openPage } from './made_up';

configure({
  asyncUtilTimeout: 15_000,
  getElementError: (message) => new Error(message ?? ''),
});
// They are no part of the first load; a slow machine compiles them for a while.
beforeAll(async () => {
  await Promise.all([import('../src/pages/Channel.svelte'), import('../src/pages/Guide.svelte')]);
}, 120_000);
beforeEach(() => {
  window.scrollTo = () => undefined;
  forgetDrafts();
});
afterEach(() => {
  cleanup();
  setLanguage('en');
});

function paired(hash: string, role = 'owner') {
  const page = openPage(hash);
  page.mock.home.paired = true;
  page.mock.home.session.role = role;
  page.show();
  return page;
}
const press = async (name: RegExp | string) =>
  fireEvent.click(await screen.findByRole('button', { name }));
const sentTo = (page: ReturnType<typeof openPage>, command: string) =>
  page.asked.filter((one) => one.path === `/api/${command}`).map((one) => one.body);
const made = (page: ReturnType<typeof openPage>, id: string) =>
  page.mock.home.channels.find((one: { id: string }) => one.id === id) as {
    name: string;
    version: number;
    lists: { items: { id: string; name: string }[] }[];
  };

describe('the guide', () => {
  it('asks for what is in sight, and shows who is on when', async () => {
    const page = paired('#/guide');
    expect(await screen.findByRole('grid')).toBeTruthy();
    expect((await screen.findAllByText('Evening')).length).toBeGreaterThan(0);
    const asked = sentTo(page, 'guide') as { from_ms: number; to_ms: number; count?: number }[];
    expect(asked.every((one) => one.to_ms - one.from_ms <= 4 * 3_600_000)).toBe(true);
    expect(asked.some((one) => one.count === 25)).toBe(true);
    expect(document.querySelectorAll('[role=gridcell][tabindex="0"]').length).toBeLessThan(2);
  });

  it('tells of a programme what it is and costs, and turns the TV to it', async () => {
    const page = openPage();
    const evening = new Date().setHours(20, 30, 0, 0);
    page.mock.home.paired = true;
    at(`#/guide/c4/${evening}`);
    page.show();
    expect(await screen.findByText(/It is bought for €2.90 before it is on/)).toBeTruthy();
    await press(/Evening on the TV|Turn the TV to Evening|Watch it on the TV/);
    await waitFor(() => expect(page.mock.home.tv.channel).toBe('c4'));
  });

  it('of a child’s phone has nothing to change', async () => {
    paired('#/guide', 'child');
    expect(await screen.findByRole('grid')).toBeTruthy();
    expect(screen.queryByText('New channel')).toBeNull();
  });
});

describe('a channel', () => {
  it('is made in three taps', async () => {
    const page = paired('#/channel/new');
    await press(/Grandfather builds a boat/);
    await press('Make it with 1 title');
    expect(await screen.findByRole('heading', { name: 'Channel 2' })).toBeTruthy();
    expect(sentTo(page, 'channel-create')).toHaveLength(1);
    expect(page.mock.home.channels.at(-1)?.lists[0]?.items).toHaveLength(1);
  });

  it('is changed by keys, tried, saved and undone', async () => {
    const page = paired('#/channel/c4');
    const before = made(page, 'c4').lists[0]?.items.map((one) => one.id);
    const handle = await screen.findByRole('button', { name: 'Move Grandfather builds a boat' });
    await fireEvent.keyDown(handle, { key: 'End' });
    expect(await screen.findByText('1 change')).toBeTruthy();
    expect(made(page, 'c4').lists[0]?.items.map((one) => one.id)).toEqual(before);
    await press('Check and save');
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByText('In the next two days:')).toBeTruthy();
    expect(made(page, 'c4').version).toBe(3);
    await fireEvent.click(dialog.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(made(page, 'c4').version).toBe(4));
    expect(made(page, 'c4').lists[0]?.items.at(-1)?.id).toBe(before?.[0]);
    expect(sentTo(page, 'channel-edit')).toMatchObject([
      { version: 3, dry_run: true },
      { version: 3, changes: [{ change: 'move_item', item: 'i1' }] },
    ]);
    await press('Undo');
    await fireEvent.click(await screen.findByRole('button', { name: 'Save' }));
    await waitFor(() => expect(made(page, 'c4').version).toBe(5));
    expect(made(page, 'c4').lists[0]?.items.map((one) => one.id)).toEqual(before);
  });

  it('that somebody else changed keeps one’s changes, and takes them on top', async () => {
    const page = paired('#/channel/c4');
    const handle = await screen.findByRole('button', { name: 'Move Grandfather builds a boat' });
    await fireEvent.keyDown(handle, { key: 'End' });
    Object.assign(made(page, 'c4'), { name: 'Late evening', version: 9 });
    await press('Check and save');
    expect(await screen.findByText('Somebody else was faster')).toBeTruthy();
    await press('Put mine on top');
    await fireEvent.click(await screen.findByRole('button', { name: 'Save' }));
    await waitFor(() => expect(made(page, 'c4').version).toBe(10));
    expect(made(page, 'c4').name).toBe('Late evening');
  });

  it('keeps what was not saved while one looks elsewhere, and goes on with it', async () => {
    const page = paired('#/channel/c4');
    const handle = await screen.findByRole('button', { name: 'Move Grandfather builds a boat' });
    await fireEvent.keyDown(handle, { key: 'End' });
    at('#/guide');
    expect(await screen.findByRole('grid')).toBeTruthy();
    at('#/channel/c4');
    expect(await screen.findByText('1 change')).toBeTruthy();
    await fireEvent.keyDown(await screen.findByRole('button', { name: 'Move Holiday 2025' }), {
      key: 'End',
    });
    expect(await screen.findByText('2 changes')).toBeTruthy();
    const order = screen
      .getAllByRole('button', { name: /^Move / })
      .map((one) => one.getAttribute('aria-label'));
    expect(order[2]).toBe('Move Holiday 2025');
    expect(made(page, 'c4').version).toBe(3);
  });

  it('takes a change back before it is saved', async () => {
    const page = paired('#/channel/c4');
    const handle = await screen.findByRole('button', { name: 'Move Grandfather builds a boat' });
    await fireEvent.keyDown(handle, { key: 'ArrowDown' });
    await press('Take back the last change');
    await waitFor(() => expect(screen.queryByText('1 change')).toBeNull());
    expect(sentTo(page, 'channel-edit')).toEqual([]);
  });
});

describe('refusals', () => {
  it('are said in German by their code, with the home’s own words below', async () => {
    const page = paired('#/settings');
    await press('Deutsch');
    await screen.findByRole('heading', { name: 'Einstellungen' });
    await page.home.act('gift-claim', { text: 'nonsense' });
    expect(await screen.findByText(/Das ist keine Geschenkkarte/)).toBeTruthy();
    expect(screen.getByText(/This is not a gift card/).getAttribute('lang')).toBe('en');
    await press('English');
  });
});
