import type { RunEvent } from '../../core/events.ts';
import { toWire } from '../../schema/wire.ts';
import type { View } from './view.ts';

/** Writes events as lines of JSON. */
export class LinesView implements View {
  add(event: RunEvent): void {
    if (process.stdout.writable) process.stdout.write(`${JSON.stringify(toWire(event))}\n`);
  }

  interrupted(): void {
    if (process.stderr.writable) process.stderr.write('tutti: cancelling; Ctrl-C again stops at once\n');
  }

  close(): void {}
}
