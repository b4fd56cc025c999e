import type { Json } from '../../core/codec.ts';
import type { RunEvent } from '../../core/events.ts';
import { toWire } from '../../schema/wire.ts';
import type { View } from './view.ts';

/** Writes events as lines of JSON. */
export class LinesView implements View {
  add(event: RunEvent): void {
    if (process.stdout.writable) process.stdout.write(`${JSON.stringify(inOrder(toWire(event)))}\n`);
  }

  interrupted(): void {
    if (process.stderr.writable) process.stderr.write('tutti: cancelling; Ctrl-C again stops at once\n');
  }

  close(): void {}
}

/** Begins with what tells events apart, as people read such lines too. */
function inOrder(wire: Json): Json {
  const { type, seq, runId, path, step, attempt, at, ...facts } = wire as { readonly [key: string]: Json };
  return { type, seq, runId, path, step, attempt, at, ...facts } as Json;
}
