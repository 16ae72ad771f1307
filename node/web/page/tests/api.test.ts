import { describe, expect, it, vi } from 'vitest';
import { Api, followJob, Problem, problemFrom } from '../src/lib/api';

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

describe('a command', () => {
  it('is posted as JSON with the header that no form can set', async () => {
    const fetcher = vi.fn(async () => json(200, { gifts: [] }));
    await new Api(fetcher).post('gift-list', { a: 1 });
    const [path, init] = fetcher.mock.calls[0] as unknown as [string, RequestInit];
    expect(path).toBe('/api/gift-list');
    expect(init.method).toBe('POST');
    expect(init.headers).toEqual({ 'Content-Type': 'application/json', 'X-Hearth': '1' });
    expect(init.body).toBe('{"a":1}');
  });

  it('tells the sentence of a problem document', async () => {
    const document = { title: 'insufficient_funds', detail: 'Nothing was charged.' };
    const failure = new Api(async () => json(402, document)).post('buy');
    await expect(failure).rejects.toMatchObject({
      code: 'insufficient_funds',
      sentence: 'Nothing was charged.',
      status: 402,
    });
  });

  it('is a problem too when there is no connection, or no JSON', async () => {
    const away = new Api(() => Promise.reject(new TypeError('failed to fetch')));
    await expect(away.post('buy')).rejects.toMatchObject({ code: 'unreachable' });
    const garbled = new Api(async () => new Response('<html>', { status: 200 }));
    await expect(garbled.post('buy')).rejects.toMatchObject({ code: 'bad_answer' });
    expect(problemFrom(500, null)).toMatchObject({ code: 'bad_answer', sentence: '' });
  });

  it('tells that the phone is no longer paired, except when that is what was asked', async () => {
    const sessionEnded = vi.fn();
    const api = new Api(async () => json(401, { title: 'no_session', detail: '' }), {
      sessionEnded,
    });
    await expect(api.session()).rejects.toBeInstanceOf(Problem);
    expect(sessionEnded).not.toHaveBeenCalled();
    await expect(api.post('gift-list')).rejects.toBeInstanceOf(Problem);
    expect(sessionEnded).toHaveBeenCalledOnce();
  });
});

describe('the PIN', () => {
  const needed = { title: 'pin_needed', detail: 'This needs the PIN.' };

  it('is asked for, and the same request repeated with it', async () => {
    const bodies: unknown[] = [];
    const fetcher = vi.fn(async (_path: string, init?: RequestInit) => {
      const body = JSON.parse(String(init?.body)) as { pin?: string };
      bodies.push(body);
      return body.pin === '1234' ? json(200, { ok: true }) : json(403, needed);
    });
    const given = ['0000', '1234'];
    const askPin = vi.fn(async () => given.shift());
    const answer = await new Api(fetcher, { askPin }).call('buy', { offer: 'ab' });
    expect(answer).toEqual({ ok: true });
    expect(askPin).toHaveBeenCalledTimes(2);
    expect(bodies).toEqual([
      { offer: 'ab' },
      { offer: 'ab', pin: '0000' },
      { offer: 'ab', pin: '1234' },
    ]);
  });

  it('may be kept: then the refusal stays, and nothing is sent again', async () => {
    const fetcher = vi.fn(async () => json(403, needed));
    const api = new Api(fetcher, { askPin: async () => undefined });
    await expect(api.call('buy')).rejects.toMatchObject({ code: 'pin_needed' });
    expect(fetcher).toHaveBeenCalledOnce();
  });
});

describe('a job', () => {
  it('is followed to its result', async () => {
    const states = [
      { state: 'running', done: 1, total: 2 },
      { state: 'done', result: { title: 'ab' } },
    ];
    const api = new Api(async () => json(200, states.shift()));
    const told: string[] = [];
    const result = await followJob(
      api,
      'x',
      (job) => told.push(job.state),
      async () => undefined,
    );
    expect(result).toEqual({ title: 'ab' });
    expect(told).toEqual(['running', 'done']);
  });

  it('that failed is a problem', async () => {
    const job = { state: 'failed', problem: { code: 'disk_full', sentence: 'No room.' } };
    const api = new Api(async () => json(200, job));
    const followed = followJob(
      api,
      'x',
      () => undefined,
      async () => undefined,
    );
    await expect(followed).rejects.toMatchObject({ code: 'disk_full', sentence: 'No room.' });
  });
});
