// The page's one home: session, documents, connection, and what it says to people. Everything that
// decides is in lib/; this is where it meets Svelte.
import { createContext } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import { Api, Problem, type Arguments, type Fetch } from '../lib/api';
import { Events, type Line } from '../lib/events';
import { language, t, word, isKey } from '../lib/i18n';
import { Topics, type Topic } from '../lib/topics';
import { forgetDrafts } from './drafts.svelte';
import { loadRefusals, refusalOf } from './refusals.svelte';
import type {
  Balance,
  Channel,
  ChannelSharing,
  Contact,
  DirectoryEntry,
  Gift,
  GiftCardRow,
  Guide,
  History,
  Library,
  Offer,
  Phone,
  Rules,
  Session,
  Status,
  Transfer,
  Voucher,
  Wish,
} from '../lib/types';

/** A topic that markup can read: whatever shows it is drawn again when it changes. */
export class Live<T> {
  readonly #topic: Topic<T>;
  readonly #seen: () => void;

  constructor(topic: Topic<T>) {
    this.#topic = topic;
    this.#seen = createSubscriber((update) => topic.watch(update));
  }

  get value(): T | undefined {
    this.#seen();
    return this.#topic.value;
  }

  get problem(): Problem | undefined {
    this.#seen();
    return this.#topic.problem;
  }

  get loading(): boolean {
    this.#seen();
    return this.#topic.loading;
  }

  refresh(): void {
    this.#topic.invalidate();
  }
}

export interface Toast {
  id: number;
  tone: 'good' | 'bad';
  text: string;
  /** The node's own sentence, in English. */
  detail?: string;
}

/** A question that waits for a person. */
export interface Question<T> {
  sentence: string;
  title?: string;
  yes?: string;
  danger?: boolean;
  answer: (value: T) => void;
}

export type Shown = 'starting' | 'unpaired' | 'unreachable' | 'paired';

/** What a person is told of a problem, in their language; in English the node's own sentence. */
export function sentenceOf(problem: Problem): string {
  if (problem.sentence !== '' && language() === 'en') return problem.sentence;
  const refusal = refusalOf(problem.code);
  const key = `problem.${problem.code}`;
  if (problem.sentence === '' && isKey(key)) return t(key);
  return refusal ?? (problem.sentence || t('problem.unknown', { code: problem.code }));
}

/** What the node itself says besides, in English: it knows names and amounts. */
export function detailOf(problem: Problem): string {
  return sentenceOf(problem) === problem.sentence ? '' : problem.sentence;
}

export class Home {
  shown = $state<Shown>('starting');
  session = $state.raw<Session | undefined>();
  online = $state(true);
  toasts = $state<Toast[]>([]);
  pinQuestion = $state.raw<Question<string | undefined> | undefined>();
  question = $state.raw<Question<boolean> | undefined>();
  /** This phone was paired until now. */
  wasEnded = $state(false);

  readonly api: Api;
  readonly #topics = new Topics();
  readonly #events: Events;
  #lastToast = 0;

  readonly status: Live<Status>;
  readonly gifts: Live<Gift[]>;
  readonly wishes: Live<Wish[]>;
  readonly contacts: Live<Contact[]>;
  readonly directory: Live<DirectoryEntry[]>;
  readonly library: Live<Library>;
  readonly offers: Live<Offer[]>;
  readonly transfers: Live<Transfer[]>;
  readonly balance: Live<Balance>;
  readonly history: Live<History>;
  readonly vouchers: Live<Voucher[]>;
  readonly cards: Live<GiftCardRow[]>;
  readonly rules: Live<Rules>;
  readonly phones: Live<Phone[]>;
  readonly channels: Live<Channel[]>;
  /** Channels between this home and others. */
  readonly sharing: Live<ChannelSharing>;
  /** What is on now and next, of the first channels. Asked again by whoever looks at it. */
  readonly onNow: Live<Guide>;

  constructor(fetcher: Fetch, openLine: () => Line) {
    this.api = new Api(fetcher, {
      askPin: (sentence) => this.#askPin(sentence),
      sessionEnded: () => this.#end(),
    });
    const live = <T>(fetch: () => Promise<T>, ...follows: Parameters<Topics['add']>[1]) =>
      new Live(this.#topics.add(fetch, follows));
    const list = <T>(command: string, field: string, ...follows: Parameters<Topics['add']>[1]) =>
      live(
        async () => (await this.api.post<Record<string, T[]>>(command))[field] ?? [],
        ...follows,
      );
    this.status = live(() => this.api.post<Status>('status'), 'tv', 'gifts', 'library', 'status');
    this.gifts = list<Gift>('gift-list', 'gifts', 'gifts');
    this.wishes = list<Wish>('gift-wishes', 'wishes', 'wishes', 'gifts');
    this.contacts = list<Contact>('contacts-list', 'contacts', 'contacts');
    this.directory = list<DirectoryEntry>('directory-show', 'entries', 'contacts');
    this.library = live(() => this.api.post<Library>('library-list'), 'library', 'rules');
    this.offers = list<Offer>('catalogue', 'offers', 'library', 'rules');
    this.transfers = list<Transfer>('transfers', 'transfers', 'transfers', 'library');
    this.balance = live(() => this.api.post<Balance>('wallet-balance'), 'wallet');
    this.history = live(() => this.api.post<History>('wallet-history'), 'wallet');
    this.vouchers = list<Voucher>('wallet-vouchers', 'vouchers', 'wallet', 'gifts');
    this.cards = list<GiftCardRow>('gift-cards', 'cards', 'wallet', 'gifts');
    this.rules = live(() => this.api.post<Rules>('rules-show'), 'rules', 'wallet');
    this.phones = list<Phone>('phones-list', 'phones', 'phones');
    const shown = ['channels', 'library', 'transfers', 'wallet', 'rules'] as const;
    this.channels = list<Channel>('channel-list', 'channels', ...shown);
    this.sharing = live(
      () => this.api.post<ChannelSharing>('channel-offers'),
      'channels',
      'contacts',
    );
    this.onNow = live(
      () => {
        const now = Date.now();
        return this.api.post<Guide>('guide', {
          from_ms: now,
          to_ms: now + 4 * 3_600_000,
          count: 12,
        });
      },
      ...shown,
    );
    this.#events = new Events({
      open: openLine,
      after: (ms, then) => {
        const timer = setTimeout(then, ms);
        return () => clearTimeout(timer);
      },
      changed: (topics) => this.#topics.changed(topics),
      connected: (again) => this.#connected(again),
      lost: () => {
        this.online = false;
        void this.#stillPaired();
      },
    });
  }

  /** Gives, pays and decides who is a friend; a child's phone does not. */
  get grownUp(): boolean {
    return this.session?.role === 'owner' || this.session?.role === 'member';
  }

  get owner(): boolean {
    return this.session?.role === 'owner';
  }

  /** Who this phone is; decides what is shown. */
  async start(): Promise<void> {
    try {
      this.session = await this.api.session();
      this.shown = 'paired';
      this.wasEnded = false;
      this.#events.start();
    } catch (failure) {
      const unpaired = failure instanceof Problem && failure.status === 401;
      this.shown = unpaired ? 'unpaired' : 'unreachable';
    }
  }

  async pair(with_: { code: string } | { secret: string }, name: string): Promise<void> {
    await this.api.post('pair', { ...with_, name });
    await this.start();
  }

  async leave(): Promise<void> {
    await this.api.post('leave');
    this.#end();
    this.wasEnded = false;
  }

  /** Somebody looks again after a while. */
  hurry(): void {
    if (this.shown !== 'paired') return;
    this.#events.hurry();
    this.status.refresh();
  }

  /** What changed by an act of this page, before the home says so itself. */
  changed(...topics: string[]): void {
    this.#topics.changed(topics);
  }

  /** One command of a button: undefined when it was refused, which people are told. */
  async act<T>(command: string, args: Arguments = {}, done?: string): Promise<T | undefined> {
    try {
      const answer = await this.api.call<T>(command, args);
      if (done !== undefined) this.say(done);
      return answer;
    } catch (failure) {
      this.tell(failure);
      return undefined;
    }
  }

  say(text: string): void {
    const id = this.#toast('good', text);
    setTimeout(() => this.dismiss(id), 6000);
  }

  /** A refusal stays until it is read. Who does not give the PIN knows why nothing happened. */
  tell(failure: unknown): void {
    const problem = failure instanceof Problem ? failure : new Problem('internal', '', 0);
    if (problem.code === 'pin_needed' || problem.code === 'no_session') return;
    // The sentences of this language may still be on their way.
    void loadRefusals().then(() => {
      this.#toast('bad', sentenceOf(problem), detailOf(problem));
    });
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((one) => one.id !== id);
  }

  /** Before what cannot be undone. */
  sure(title: string, sentence: string, yes: string, danger = true): Promise<boolean> {
    return new Promise((answer) => {
      this.question = {
        title,
        sentence,
        yes,
        danger,
        answer: (value) => {
          this.question = undefined;
          answer(value);
        },
      };
    });
  }

  #toast(tone: Toast['tone'], text: string, detail = ''): number {
    this.#lastToast += 1;
    const same = this.toasts.filter((one) => one.text !== text);
    this.toasts = [...same.slice(-2), { id: this.#lastToast, tone, text, detail }];
    return this.#lastToast;
  }

  #askPin(sentence: string): Promise<string | undefined> {
    return new Promise((answer) => {
      this.pinQuestion = {
        sentence,
        answer: (pin) => {
          this.pinQuestion = undefined;
          answer(pin);
        },
      };
    });
  }

  #connected(again: boolean): void {
    this.online = true;
    if (again) this.#topics.everythingChanged();
  }

  /** The line also ends when somebody removes this phone. */
  async #stillPaired(): Promise<void> {
    try {
      await this.api.session();
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 401) this.#end();
    }
  }

  #end(): void {
    if (this.shown === 'unpaired') return;
    this.#events.stop();
    this.#topics.clear();
    forgetDrafts();
    this.session = undefined;
    this.toasts = [];
    this.question?.answer(false);
    this.pinQuestion?.answer(undefined);
    this.wasEnded = true;
    this.shown = 'unpaired';
  }
}

export { word };
export const [useHome, provideHome] = createContext<Home>();
