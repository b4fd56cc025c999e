import type { RunEvent } from 'tutti';
import type { Outcome } from './engine.ts';

/** The one listener of an engine that tells: counts events, and takes results and chunks from them alone. */
export class Listener {
  #events = 0;
  #output = 0;
  #chunks = 0;

  readonly hear = (event: RunEvent): void => {
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
