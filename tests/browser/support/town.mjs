// A ledger and homes as real daemons, for tests of the page. Everything ends with the test.
import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile, open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const bin = process.env.HEARTH_BIN;
if (!bin) throw new Error('HEARTH_BIN names the directory of the programs');

/** Told of every change in the folders that daemons keep what they know in. */
const changes = new EventEmitter().setMaxListeners(0);
const followed = new Map();

function follow(folder) {
  if (followed.has(folder) || !existsSync(folder)) return;
  const followInner = () => ['store', 'books'].forEach((inner) => follow(join(folder, inner)));
  const watcher = watch(folder, () => {
    followInner();
    changes.emit('change');
  });
  followed.set(folder, watcher);
  followInner();
}

function unfollow(folder) {
  for (const [one, watcher] of followed) {
    if (!one.startsWith(folder)) continue;
    watcher.close();
    followed.delete(one);
  }
}

/**
 * Looks whenever a daemon has stored something; what it waited for is in the failure, with the log
 * of `daemon`.
 */
export async function eventually(what, condition, daemon, seconds = 30) {
  const over = AbortSignal.timeout(seconds * 1000);
  let last;
  try {
    for (;;) {
      // Listens before it looks: nothing is missed.
      const change = once(changes, 'change', { signal: over });
      change.catch(() => {});
      try {
        const value = await condition();
        if (value) return value;
      } catch (failure) {
        last = failure;
      }
      await Promise.race([change, ...(daemon ? [daemon.ended] : [])]);
      if (daemon?.isOver) throw new Error(`${daemon.program} has ended`);
    }
  } catch (failure) {
    const log = (await daemon?.text()) ?? '';
    throw new Error(`did not come about within ${seconds} s: ${what}\n${log}`, {
      cause: last ?? failure,
    });
  }
}

/** None of those that the system gives to clients, who could take it before the daemon does. */
async function freePort() {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(15_000, 32_000);
    const isFree = await new Promise((done) => {
      const server = createServer();
      server.once('error', () => done(false));
      server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
    });
    if (isFree) return port;
  }
  throw new Error('no free port');
}

/** One JSON document of a command line. */
async function ask(program, data, words) {
  const { stdout } = await run(join(bin, program), ['--data', data, '--json', ...words]);
  return JSON.parse(stdout);
}

class Daemon {
  constructor(program, words, log) {
    Object.assign(this, { program, words, log });
  }

  async start() {
    const file = await open(this.log, 'a');
    this.process = spawn(join(bin, this.program), this.words, {
      stdio: ['ignore', file.fd, file.fd],
    });
    this.ended = new Promise((done) => {
      this.process.once('exit', () => {
        this.isOver = true;
        done();
      });
    });
    await file.close();
  }

  async stop() {
    this.process?.kill('SIGTERM');
    await this.ended;
  }

  text() {
    return readFile(this.log, 'utf8').catch(() => '');
  }
}

export class Home {
  constructor(town, name) {
    this.town = town;
    this.name = name;
    this.data = join(town.folder, name.replace(/\W/g, ''));
  }

  /** `hearth --json …` */
  hearth(...words) {
    return ask('hearth', this.data, words);
  }

  /** `tls`: a folder with the page's certificate and key. */
  async start(port, tls) {
    await this.hearth('init', '--ledger', this.town.card, '--name', this.name);
    follow(this.data);
    this.port = port;
    this.scheme = tls ? 'https' : 'http';
    const page = port ? ['--listen', `127.0.0.1:${port}`, '--allow-host', 'home.test'] : [];
    if (tls) page.push('--listen-tls', tls);
    if (port && process.env.HEARTH_WEB_ROOT) page.push('--web-root', process.env.HEARTH_WEB_ROOT);
    this.daemon = new Daemon(
      'hearthd',
      ['--data', this.data, '--swarm-listen', '127.0.0.1:0', '--player', 'none', ...page],
      `${this.data}.log`,
    );
    await this.daemon.start();
    await eventually(`${this.name} answers`, () => this.hearth('status'), this.daemon);
    this.address = (await this.hearth('id')).home;
    return this;
  }

  /** For a browser that resolves home.test to this machine: a home's LAN. */
  get url() {
    return `${this.scheme}://home.test:${this.port}`;
  }

  async gift(name) {
    const { gifts } = await this.hearth('gift', 'list');
    return gifts.find((one) => one.name === name);
  }

  /** A film of its own, in its library. */
  async film(name, seconds = 2) {
    const path = join(this.town.folder, `${name}.mp4`);
    await run('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-y', '-f', 'lavfi'],
      ...[
        '-i',
        `gradients=s=320x180:r=${seconds > 10 ? 1 : 25}:d=${seconds}:c0=0x2a1a4a:c1=0xff9a4d:n=2:seed=7`,
      ],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', path],
    ]);
    await this.hearth('library', 'add', path);
    return `${name}.mp4`;
  }
}

export class Town {
  homes = [];

  static async open() {
    const town = new Town();
    town.folder = await mkdtemp(join(tmpdir(), 'hearth-browser-'));
    const data = join(town.folder, 'ledger');
    await mkdir(data, { mode: 0o700 });
    follow(data);
    town.ledger = new Daemon(
      'hearth-ledgerd',
      ['--data', data, '--listen', `127.0.0.1:${await freePort()}`],
      `${data}.log`,
    );
    await town.ledger.start();
    town.card = join(town.folder, 'card.txt');
    const { card } = await eventually('the ledger answers', () =>
      ask('hearth-ledger', data, ['card']),
    );
    await writeFile(town.card, card);
    await eventually('the ledger works', () => ask('hearth-ledger', data, ['status']));
    return town;
  }

  async home(name, { page = false, tls = '' } = {}) {
    const home = new Home(this, name);
    this.homes.push(home);
    return home.start(page ? await freePort() : 0, tls);
  }

  async payIn(home, amount) {
    // Its wallet is opened when the home introduces itself.
    await eventually(`${home.name} has a wallet`, () =>
      ask('hearth-ledger', join(this.folder, 'ledger'), [
        'deposit',
        home.address,
        amount,
        '--reference',
        'test',
      ]),
    );
  }

  /** Both say yes. */
  async befriend(one, other) {
    const { card } = await one.hearth('contacts', 'card');
    await other.hearth('contacts', 'add', card, '--as', one.name);
    const asked = await eventually('the other home asks', async () => {
      const { contacts } = await one.hearth('contacts', 'list');
      return contacts.find((contact) => contact.home === other.address);
    });
    await one.hearth('contacts', 'accept', asked.name, '--as', other.name);
    await eventually('they are friends', async () => {
      const { contacts } = await other.hearth('contacts', 'list');
      return contacts.some(
        (contact) => contact.home === one.address && contact.state === 'confirmed',
      );
    });
  }

  async close() {
    for (const home of this.homes) await home.daemon?.stop();
    await this.ledger.stop();
    unfollow(this.folder);
    if (!process.env.HEARTH_KEEP_TESTS) await rm(this.folder, { recursive: true, force: true });
  }
}
