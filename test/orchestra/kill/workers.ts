import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Place, Task } from './plan.ts';

const worker = fileURLToPath(new URL('kill-worker.ts', import.meta.url));

/** Reads TypeScript, and keeps Node's word on its own SQLite off what is heard of the worker. */
const plainNode = ['--import', 'tsx', '--disable-warning=ExperimentalWarning'];

/** No life takes longer, in milliseconds. */
const longestMs = 120_000;

/** How a worker ended. */
export interface Ending {
  readonly killed: boolean;
  readonly said: string;
}

/** Processes that are ready to live the next life of a run: one is always made ahead, as that takes the longest. */
export class Workers {
  readonly #place: Place;
  #next: ChildProcess | undefined;

  constructor(place: Place) {
    this.#place = place;
    this.#next = this.#spawn();
  }

  /** Has a worker do a task, until it ends. */
  async run(task: Task): Promise<Ending> {
    const child = this.#next ?? this.#spawn();
    this.#next = undefined;
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    const closed = once(child, 'close');
    const watchdog = setTimeout(() => {
      said += `it did not end in ${longestMs} ms`;
      child.kill('SIGTERM');
    }, longestMs);
    child.stdin?.write(`${JSON.stringify(task)}\n`);
    this.#next = this.#spawn();
    const [code, signal] = (await closed) as [number | null, NodeJS.Signals | null];
    clearTimeout(watchdog);
    if (signal !== 'SIGKILL' && code !== 0)
      throw new Error(`the worker ended with ${code ?? signal}: ${said}`);
    return { killed: signal === 'SIGKILL', said };
  }

  async close(): Promise<void> {
    const child = this.#next;
    this.#next = undefined;
    if (child === undefined) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  #spawn(): ChildProcess {
    const child = spawn(process.execPath, [...plainNode, worker, JSON.stringify(this.#place)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin?.on('error', () => {});
    return child;
  }
}
