import { Worker } from 'node:worker_threads';

/** Kills its process a moment after it is told to, whatever the main thread does then. */
const assassin = `
const { workerData: { bell, pid }, parentPort } = require('node:worker_threads');
const told = new Int32Array(bell);
parentPort.postMessage('ready');
Atomics.wait(told, 0, 0);
const end = process.hrtime.bigint() + BigInt(told[1]) * 1000n;
while (process.hrtime.bigint() < end);
process.kill(pid, 'SIGKILL');
`;

/** The end of this process. */
export class Death {
  readonly #told = new Int32Array(new SharedArrayBuffer(8));

  /** Has a thread ready that can kill the process while this one works. */
  ready(): Promise<void> {
    const workerData = { bell: this.#told.buffer, pid: process.pid };
    const thread = new Worker(assassin, { eval: true, workerData });
    thread.unref();
    return new Promise((resolve) => thread.once('message', () => resolve()));
  }

  now(): void {
    process.kill(process.pid, 'SIGKILL');
  }

  /** The work of this thread goes on until then. */
  in(microseconds: number): void {
    Atomics.store(this.#told, 1, microseconds);
    Atomics.store(this.#told, 0, 1);
    Atomics.notify(this.#told, 0);
  }
}
