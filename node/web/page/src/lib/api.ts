// The one way to the home's node: commands out, documents or problems back. Knows nothing of what
// is on the screen. docs/api.md has the commands, protocol §8 the problem documents.
import type { Job, Session } from './types';

/** What the home said no with. `sentence` is for people and is shown as it is. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly sentence: string,
    readonly status: number,
  ) {
    super(sentence);
    this.name = 'Problem';
  }
}

export type Arguments = Record<string, unknown>;
export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;
/** Asks a person for the PIN; `sentence` says what for. undefined: they would rather not. */
export type AskPin = (sentence: string) => Promise<string | undefined>;

/** Longer than the longest that a command waits for the ledger. */
const patienceMs = 60_000;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A problem document (RFC 9457), or whatever else came instead of one. */
export function problemFrom(status: number, body: unknown): Problem {
  const found = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const code = textOf(found.code) || textOf(found.title) || 'bad_answer';
  const sentence = textOf(found.detail) || textOf(found.sentence);
  return new Problem(code, sentence, status);
}

export class Api {
  constructor(
    private readonly fetcher: Fetch,
    private readonly hooks: {
      askPin?: AskPin;
      /** The cookie is no longer good: somebody unpaired this phone. */
      sessionEnded?: () => void;
    } = {},
  ) {}

  session(): Promise<Session> {
    return this.request<Session>('/api/session', { method: 'GET' });
  }

  job(id: string): Promise<Job> {
    return this.request<Job>(`/api/jobs/${encodeURIComponent(id)}`, { method: 'GET' });
  }

  /** One command, once. */
  post<T>(command: string, args: Arguments = {}): Promise<T> {
    return this.request<T>(`/api/${command}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Hearth': '1' },
      body: JSON.stringify(args),
    });
  }

  /** One command; where it takes the home's PIN, asks for that and repeats the same request. */
  async call<T>(command: string, args: Arguments = {}): Promise<T> {
    let asked = args;
    for (;;) {
      try {
        return await this.post<T>(command, asked);
      } catch (failure) {
        if (!(failure instanceof Problem) || failure.code !== 'pin_needed') throw failure;
        const pin = await this.hooks.askPin?.(failure.sentence);
        if (pin === undefined) throw failure;
        asked = { ...args, pin };
      }
    }
  }

  private async request<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response;
    try {
      response = await this.fetcher(path, {
        ...init,
        credentials: 'same-origin',
        signal: AbortSignal.timeout(patienceMs),
      });
    } catch (failure) {
      const late = failure instanceof Error && failure.name === 'TimeoutError';
      throw new Problem(late ? 'timeout' : 'unreachable', '', 0);
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) {
      if (body === undefined) throw new Problem('bad_answer', '', response.status);
      return body as T;
    }
    const problem = problemFrom(response.status, body);
    if (problem.code === 'no_session' && path !== '/api/session') this.hooks.sessionEnded?.();
    throw problem;
  }
}

/** Follows a job to its end. */
export async function followJob(
  api: Api,
  id: string,
  tell: (job: Job) => void,
  pause: (ms: number) => Promise<void>,
): Promise<unknown> {
  for (;;) {
    const job = await api.job(id);
    tell(job);
    if (job.state === 'done') return job.result;
    if (job.state === 'failed') {
      throw new Problem(job.problem?.code ?? 'internal', job.problem?.sentence ?? '', 200);
    }
    await pause(400);
  }
}
