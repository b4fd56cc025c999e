import type { RunEvent } from 'tutti';
import type { Outcome } from './engine.ts';

/** The one listener of an engine that tells: counts events, and takes results and chunks from them alone. */
export class Listener {
  /** Kept, as somebody always keeps an event: one that nobody can look at, the compiler would not even make. */
  last: RunEvent | undefined = undefined;
  #events = 0;
  #output = 0;
  #chunks = 0;

  readonly hear = (event: RunEvent): void => {
    this.last = event;
    this.#events++;
    if (event.type === 'step.partial') this.#chunks += event.chunk as number;
    else if (event.type === 'run.completed') this.#output += event.output as number;
  };

  /** What its runs gave. */
  results(): Outcome {
    return { output: this.#output, events: this.#events };
  }

  /** What its runs streamed. */
  streamed(): Outcome {
    return { output: this.#chunks, events: this.#events };
  }
}
