// @vitest-environment happy-dom
import { configure } from '@testing-library/dom';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, openPage } from './made_up';

configure({
  asyncUtilTimeout: 10_000,
  // The whole document helps nobody.
  getElementError: (message) => new Error(message ?? ''),
});
afterEach(() => cleanup());
beforeEach(() => {
  window.scrollTo = () => undefined;
});

const button = (name: RegExp | string) => screen.findByRole('button', { name });
const press = async (name: RegExp | string) => fireEvent.click(await button(name));

describe('a phone that is not paired', () => {
  it('tells nothing of the home, and pairs with the code that is typed', async () => {
    const page = openPage();
    page.show();
    const code = await screen.findByLabelText(/^Code/);
    expect(document.body.textContent).not.toContain('Harbour');
    await fireEvent.input(code, { target: { value: 'zzzz-zzzz' } });
    await press('Pair this phone');
    expect(await screen.findByRole('alert')).toHaveProperty(
      'textContent',
      'That is not the code that is shown. Nothing was done; 4 tries are left.',
    );
    await fireEvent.input(code, { target: { value: 'abcd-efgh' } });
    await press('Pair this phone');
    expect(await screen.findByRole('heading', { name: 'The Harbour House' })).toBeTruthy();
    expect(page.asked.filter((one) => one.path === '/api/pair').at(-1)?.body).toMatchObject({
      code: 'ABCDEFGH',
    });
  });

  it('pairs by itself with the secret of a QR code, once', async () => {
    const page = openPage('', 'the-secret-of-a-code');
    page.show();
    expect(await screen.findByRole('heading', { name: 'The Harbour House' })).toBeTruthy();
    page.mock.home.paired = false;
    page.tell('gifts');
    expect(await screen.findByText(/no longer paired/)).toBeTruthy();
    expect(page.asked.filter((one) => one.path === '/api/pair')).toHaveLength(1);
  });
});

function paired(hash: string) {
  const page = openPage(hash);
  page.mock.home.paired = true;
  page.show();
  return page;
}

describe('a phone that is removed', () => {
  it('is told so when its line ends; one whose line only broke is not', async () => {
    const page = paired('#/gifts');
    expect(await screen.findByText('Evening songs')).toBeTruthy();
    page.hangUp();
    expect(await screen.findByText(/No connection to your home/)).toBeTruthy();
    page.mock.home.paired = false;
    page.home.hurry();
    page.hangUp();
    expect(await screen.findByText(/no longer paired/)).toBeTruthy();
    expect(document.body.textContent).not.toContain('Harbour');
  });
});

describe('a gift', () => {
  it('says from whom, what, how large, and what accepting does; then it is accepted', async () => {
    const page = openPage();
    const gift = page.mock.home.gifts[0] as { gift: string; state: string };
    at(`#/gifts/${gift.gift}`);
    page.mock.home.paired = true;
    page.show();
    expect(await screen.findByRole('heading', { name: 'From Grandma Ilse' })).toBeTruthy();
    expect(await screen.findByText(/For a rainy Sunday/)).toBeTruthy();
    expect(screen.getByText(/12 MB are fetched onto this home/)).toBeTruthy();
    expect(screen.getByText(/can no longer take it back/)).toBeTruthy();
    await press('Accept');
    await waitFor(() => expect(gift.state).toBe('fetching'));
    expect(await screen.findByText('It is on its way to this home.')).toBeTruthy();
  });

  it('shows what other homes write as text, whatever it is', async () => {
    const page = openPage();
    const gift = page.mock.home.gifts[0] as { gift: string; note: string; name: string };
    gift.name = '<img src=x onerror=alert(1)>';
    gift.note = '{@html "<b>bold</b>"}<script>alert(1)</script>';
    at(`#/gifts/${gift.gift}`);
    page.mock.home.paired = true;
    page.show();
    expect(await screen.findByText(gift.name)).toBeTruthy();
    expect(screen.getByText(gift.note)).toBeTruthy();
    expect(document.querySelector('#page script, main b, img[src="x"]')).toBeNull();
  });

  it('that is a surprise is told only as such, and waits for its day', async () => {
    const page = openPage();
    const hidden = page.mock.home.gifts.find((one: { hidden?: boolean }) => one.hidden);
    at(`#/gifts/${hidden?.gift}`);
    page.mock.home.paired = true;
    page.show();
    expect(await screen.findByRole('heading', { name: 'A surprise' })).toBeTruthy();
    expect((await button(/^Opens /)).hasAttribute('disabled')).toBe(true);
  });

  it('is declined with a reason', async () => {
    const page = openPage();
    const gift = page.mock.home.gifts[1] as { gift: string; state: string; reason: string };
    at(`#/gifts/${gift.gift}`);
    page.mock.home.paired = true;
    page.show();
    await press('No, thank you');
    const dialog = await screen.findByRole('dialog');
    await fireEvent.click(within(dialog).getByRole('button', { name: 'We have it already' }));
    await fireEvent.click(within(dialog).getByRole('button', { name: 'No, thank you' }));
    await waitFor(() => expect(gift.state).toBe('declined'));
    expect(gift.reason).toBe('We have it already');
  });

  it('is seen when it comes, without loading the page', async () => {
    const page = paired('#/gifts');
    expect(await screen.findByText('Evening songs')).toBeTruthy();
    const [first] = page.mock.home.gifts as { gift: string; name: string }[];
    page.mock.home.gifts.push({ ...first, gift: 'ffff', name: 'Late arrival' } as never);
    page.tell('gifts');
    expect(await screen.findByText('Late arrival')).toBeTruthy();
  });
});

describe('giving', () => {
  it('shows the cost before, asks for the PIN above the limit, and sends once', async () => {
    const page = paired('#/send');
    await press(/Autumn by the sea/);
    await press(/A winter’s tale/);
    expect(await screen.findByText('€6.00')).toBeTruthy();
    await press(/Grandma Ilse/);
    await fireEvent.input(screen.getByLabelText('A note'), { target: { value: 'With love' } });
    await press('Give it to Grandma Ilse');
    const pin = await screen.findByLabelText('PIN');
    await fireEvent.input(pin, { target: { value: '1234' } });
    await press('Go on');
    expect(await screen.findByText(/€6.00 paid. €18.80 is left./)).toBeTruthy();
    const sends = page.asked.filter((one) => one.path === '/api/gift-send');
    expect(sends).toHaveLength(2);
    expect(sends[1]?.body).toEqual({ ...(sends[0]?.body as object), pin: '1234' });
    expect(sends[0]?.body).toMatchObject({ to: 'Grandma Ilse', note: 'With love' });
  });

  it('of what is held costs nothing, and says so', async () => {
    paired('#/send');
    await press(/Slow trains of the Alps/);
    expect(await screen.findByText('Nothing')).toBeTruthy();
    expect(screen.getByText('1 is paid already: its voucher is in your wallet.')).toBeTruthy();
    expect((await button('Send the gift')).hasAttribute('disabled')).toBe(true);
    expect(screen.getByText('Choose for whom.')).toBeTruthy();
  });

  it('grants a wish to whoever wished', async () => {
    const page = openPage();
    at(`#/send/wish/${page.mock.home.wishes[0]?.wish}`);
    page.mock.home.paired = true;
    page.show();
    await press('Give it to Grandma Ilse');
    expect(await screen.findByText(/€2.50 paid/)).toBeTruthy();
    expect(page.mock.home.wishes[0]?.granted).toBe(true);
  });
});

describe('the rest of the home', () => {
  it('accepts a home that asks, whose words are shown', async () => {
    const page = paired('#/homes');
    expect(await screen.findByText('We met at the harbour fair. Karl')).toBeTruthy();
    await press('Yes, we know them');
    await waitFor(() => expect(page.mock.home.contacts[3]?.state).toBe('confirmed'));
  });

  it('tells a refusal with the home’s own sentence', async () => {
    paired('#/cards');
    const text = await screen.findByLabelText(/^Text of the card/);
    await fireEvent.input(text, { target: { value: 'nonsense' } });
    await press('Claim it');
    expect(
      await screen.findByText(/This is not a gift card, or one damaged in copying/),
    ).toBeTruthy();
  });

  it('asks for the PIN before a rule changes; kept, nothing changes', async () => {
    const page = paired('#/settings');
    const push = (await screen.findByLabelText('Who may give')) as HTMLSelectElement;
    await fireEvent.change(push, { target: { value: 'nobody' } });
    await fireEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', { name: 'Close' }),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(page.mock.home.rules.push).toBe('contacts');
    const shown = (await screen.findByLabelText('Who may give')) as HTMLSelectElement;
    await waitFor(() => expect(shown.isConnected ? shown.value : 'contacts').toBe('contacts'));
  });

  it('shows a child’s phone no money and nothing to give', async () => {
    const page = openPage('#/home');
    page.mock.home.paired = true;
    page.mock.home.session.role = 'child';
    page.show();
    expect((await screen.findAllByText('Grandfather builds a boat')).length).toBeGreaterThan(0);
    expect(screen.queryByText('Give')).toBeNull();
    expect(screen.queryByText('Wallet')).toBeNull();
    expect(page.asked.map((one) => one.path)).not.toContain('/api/wallet-balance');
  });

  it('speaks German at once when that is chosen', async () => {
    paired('#/settings');
    await press('Deutsch');
    expect(await screen.findByRole('heading', { name: 'Einstellungen' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('de');
    await press('English');
    expect(await screen.findByRole('heading', { name: 'Settings' })).toBeTruthy();
  });
});
