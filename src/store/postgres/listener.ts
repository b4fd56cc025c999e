import { asyncScheduler, Subscription } from 'rxjs';
import { fromColumn } from './column-text.ts';
import { type Listening, quoted } from './driver.ts';

/** How long to wait, in milliseconds, before connecting again: twice as long each time. */
const firstDelayMs = 50;
const longestDelayMs = 2000;

/** A connection may break without a word; so often, in milliseconds, it is asked whether it is there. */
const beatMs = 15_000;

/**
 * The one connection on which a store hears of writes, its own and others'. It is made when somebody first wants to hear, and made
 * again when it breaks; then everybody is told that there may be something new.
 */
export class Listener {
  readonly #connect: () => Promise<Listening>;
  readonly #channel: string;
  readonly #tell: (runId?: string) => void;
  #client: Listening | undefined;
  #connecting = false;
  #wanted = false;
  #closed = false;
  #delayMs = firstDelayMs;
  #timer = Subscription.EMPTY;

  constructor(connect: () => Promise<Listening>, channel: string, tell: (runId?: string) => void) {
    this.#connect = connect;
    this.#channel = channel;
    this.#tell = tell;
  }

  /** Somebody wants to hear, or nobody any more: then the connection stays, but does not keep the process alive. */
  turn(wanted: boolean): void {
    if (this.#closed || wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#timer.unsubscribe();
    if (!wanted) return this.#client?.unref();
    this.#client?.ref();
    if (this.#client) void this.#beat(this.#client);
    else void this.#open();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer.unsubscribe();
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  async #open(): Promise<void> {
    if (this.#connecting) return;
    this.#connecting = true;
    const client = await this.#listen();
    this.#connecting = false;
    if (this.#closed) return void client?.end().catch(() => {});
    if (!client) return this.#later(() => this.#open(), this.#backOff());
    this.#delayMs = firstDelayMs;
    this.#client = client;
    client.once('end', () => this.#lost(client));
    if (this.#wanted) this.#later(() => this.#beat(client), beatMs);
    else client.unref();
    this.#tell();
  }

  /** Nothing when it cannot be: who reads meets the error, where there is somebody to hear of it. */
  async #listen(): Promise<Listening | undefined> {
    let client: Listening | undefined;
    try {
      client = await this.#connect();
      client.on('notification', ({ payload }) => this.#tell(payload && fromColumn(payload)));
      await client.query(`LISTEN ${quoted(this.#channel)}`);
      return client;
    } catch {
      void client?.end().catch(() => {});
      return undefined;
    }
  }

  async #beat(client: Listening): Promise<void> {
    try {
      await client.query('SELECT 1');
    } catch {
      return this.#lost(client);
    }
    if (client === this.#client) this.#later(() => this.#beat(client), beatMs);
  }

  #lost(client: Listening): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    void client.end().catch(() => {});
    if (this.#wanted) void this.#open();
  }

  #backOff(): number {
    const delay = this.#delayMs;
    this.#delayMs = Math.min(delay * 2, longestDelayMs);
    return delay;
  }

  #later(work: () => unknown, ms: number): void {
    this.#timer.unsubscribe();
    if (this.#wanted && !this.#closed) this.#timer = asyncScheduler.schedule(() => void work(), ms);
  }
}
