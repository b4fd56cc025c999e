import type { Json } from '../../core/codec.ts';
import type { RunEvent } from '../../core/events.ts';
import { isEnd } from '../../core/output-of.ts';
import { toWire } from '../../schema/wire.ts';
import { Failures } from './failures.ts';
import type { View } from './view.ts';

/** Writes events as lines of JSON. */
export class LinesView implements View {
  readonly #from: number;
  readonly #quiet: boolean;
  readonly #failures = new Failures();
  /** The step with which the run failed, when it has ended. */
  failedStep: string | undefined;

  /**
   * @param from the first event to write
   * @param quiet whether to leave out failures that are handled
   */
  constructor(from = 0, quiet = false) {
    this.#from = from;
    this.#quiet = quiet;
  }

  add(event: RunEvent): void {
    this.#failures.add(event);
    if (this.#quiet && isEnd(event)) for (const failure of this.#failures.behind(event)) this.#write(failure);
    if (!this.#quiet || event.type !== 'step.failed') this.#write(event);
    if (isEnd(event)) this.failedStep = this.#failures.stepOf(event);
  }

  #write(event: RunEvent): void {
    if (event.seq >= this.#from && process.stdout.writable)
      process.stdout.write(`${JSON.stringify(inOrder(toWire(event)))}\n`);
  }

  interrupted(words: string): void {
    if (process.stderr.writable) process.stderr.write(`tutti: ${words}\n`);
  }

  close(): void {}
}

/** Begins with what tells events apart, as people read such lines too. */
function inOrder(wire: Json): Json {
  const { type, seq, runId, path, step, attempt, at, ...facts } = wire as { readonly [key: string]: Json };
  return { type, seq, runId, path, step, attempt, at, ...facts } as Json;
}
