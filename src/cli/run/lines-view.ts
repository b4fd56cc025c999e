import type { Json } from '../../core/codec.ts';
import type { RunEvent } from '../../core/events.ts';
import { toWire } from '../../schema/wire.ts';
import type { View } from './view.ts';

/** Writes events as lines of JSON. */
export class LinesView implements View {
  readonly #from: number;

  /** @param from the first event to write */
  constructor(from = 0) {
    this.#from = from;
  }

  add(event: RunEvent): void {
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
