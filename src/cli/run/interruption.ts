import { asyncScheduler } from 'rxjs';
import { exitCode } from '../exit-code.ts';

/** npm and a terminal may both pass one Ctrl-C on: what comes so soon after the first is the same. */
const oneMs = 200;

/** Lets a run be ended, or left, from outside: Ctrl-C once does so gracefully, twice at once. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #told: () => void;
  #interruptedAt: number | undefined;

  /** @param told is called when the run is asked to end */
  constructor(told: () => void) {
    this.#told = told;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.#on());
    // Who reads the output may have gone, as `head` does
    process.stdout.on('error', () => this.#controller.abort('nobody reads the output'));
    process.stderr.on('error', () => {});
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  #on(): void {
    const now = asyncScheduler.now();
    if (this.#interruptedAt === undefined) {
      this.#interruptedAt = now;
      this.#told();
      this.#controller.abort('interrupted');
    } else if (now - this.#interruptedAt > oneMs) {
      process.exit(exitCode.cancelled);
    }
  }
}
