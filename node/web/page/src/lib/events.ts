// The line on which the home says what changed. Comes back by itself: half a second after it was
// lost, then twice as long each time, up to half a minute.

export interface Line {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  close(): void;
}

export interface EventsOptions {
  open: () => Line;
  /** Calls back after that time; what it gives back calls that off. */
  after: (ms: number, then: () => void) => () => void;
  changed: (topics: string[]) => void;
  /** `again`: there was a line before, and something may have been missed. */
  connected: (again: boolean) => void;
  lost: () => void;
}

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** The topics of one message; nothing of a message that is not of the form. */
export function topicsIn(data: unknown): string[] {
  if (typeof data !== 'string' || data.length > 4096) return [];
  try {
    const message: unknown = JSON.parse(data);
    if (typeof message !== 'object' || message === null || !('changed' in message)) return [];
    const changed = message.changed;
    return Array.isArray(changed) ? changed.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export class Events {
  private line: Line | undefined;
  private callOff: (() => void) | undefined;
  private pauseMs = firstPauseMs;
  private wasOpen = false;
  private running = false;

  constructor(private readonly options: EventsOptions) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.connect();
  }

  stop(): void {
    this.running = false;
    this.callOff?.();
    this.line?.close();
    this.line = undefined;
  }

  /** Somebody looks at the page again, or the network is back: no more waiting. */
  hurry(): void {
    if (!this.running || this.line !== undefined) return;
    this.callOff?.();
    this.connect();
  }

  private connect(): void {
    this.callOff = undefined;
    const line = this.options.open();
    this.line = line;
    line.onopen = () => {
      this.pauseMs = firstPauseMs;
      this.options.connected(this.wasOpen);
      this.wasOpen = true;
    };
    line.onmessage = (event) => {
      const topics = topicsIn(event.data);
      if (topics.length > 0) this.options.changed(topics);
    };
    line.onclose = () => {
      if (this.line !== line) return;
      this.line = undefined;
      if (!this.running) return;
      this.options.lost();
      this.callOff = this.options.after(this.pauseMs, () => this.connect());
      this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
    };
  }
}
