import type { RunEvent } from '../../core/events.ts';
import { toWire } from '../../schema/wire.ts';
import { clean } from '../terminal/clean.ts';

/** An event as a line to be read: its number, when it was, what, where, and what else is to be said. */
export function eventLine(event: RunEvent, startedAt: number): string {
  const {
    type,
    seq,
    runId: _,
    path,
    step: __,
    attempt,
    at,
    ...facts
  } = toWire(event) as Record<string, unknown>;
  const time = `+${((Number(at) - startedAt) / 1000).toFixed(3)} s`;
  const tried = Number(attempt) > 1 ? ` (attempt ${attempt})` : '';
  const said = Object.entries(facts)
    .filter(([name]) => Reflect.get(event, name) !== undefined)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const words = [
    String(seq).padStart(5),
    time.padStart(11),
    String(type).padEnd(16),
    `${path}${tried}`,
    ...said,
  ];
  return clean(words.join('  ')).trimEnd();
}
