import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Sample } from './sampler.ts';

/** What a worker is asked. */
export type Ask =
  | { readonly ask: 'warm'; readonly warmMs: number; readonly sampleMs: number }
  | { readonly ask: 'sample' };

interface Answer {
  readonly sample?: Sample;
  readonly error?: string;
}

/** Who can be measured, a sample at a time. */
export interface Contestant {
  readonly engine: string;
  warm(warmMs: number, sampleMs: number): Promise<void>;
  sample(): Promise<Sample>;
  stop(): void;
}

/**
 * An engine in a process of its own: what one does to the heap, the compiler's guesses or the promises of its process
 * (AsyncLocalStorage makes all of them slower) is not charged to the others.
 */
export class ForkedContestant implements Contestant {
  readonly engine: string;
  readonly #child: ChildProcess;
  #ready: Promise<unknown>;

  constructor(engine: string, workload: string, size?: number) {
    this.engine = engine;
    const worker = fileURLToPath(new URL('./worker.js', import.meta.url));
    const size$ = size === undefined ? [] : [String(size)];
    this.#child = fork(worker, [engine, workload, ...size$], { execArgv: ['--expose-gc', '--no-warnings'] });
    this.#ready = this.#answer();
    this.#ready.catch(() => {});
  }

  async warm(warmMs: number, sampleMs: number): Promise<void> {
    await this.#ready;
    await this.#ask({ ask: 'warm', warmMs, sampleMs });
  }

  async sample(): Promise<Sample> {
    const { sample } = await this.#ask({ ask: 'sample' });
    if (sample === undefined) throw new TypeError(`${this.engine} gave no sample`);
    return sample;
  }

  stop(): void {
    this.#child.kill();
  }

  #ask(ask: Ask): Promise<Answer> {
    this.#child.send(ask);
    return this.#answer();
  }

  #answer(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#child.off('message', onMessage);
        this.#child.off('exit', onExit);
      };
      const onMessage = (answer: Answer): void => {
        done();
        if (answer.error === undefined) resolve(answer);
        else reject(new Error(answer.error));
      };
      const onExit = (code: number | null): void => {
        done();
        reject(new Error(`${this.engine} ended with code ${code}`));
      };
      this.#child.on('message', onMessage);
      this.#child.on('exit', onExit);
    });
  }
}
