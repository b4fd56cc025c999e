import { type MonoTypeOperatorFunction, tap } from 'rxjs';
import type { RunEvent } from 'tutti';

/** Cancels a run as soon as something of a type happens in it: a signal for the run, and an operator for its events. */
export function abortOn<E extends RunEvent>(
  type: RunEvent['type'],
): { signal: AbortSignal; listening: MonoTypeOperatorFunction<E> } {
  const controller = new AbortController();
  const listening = tap<E>((event) => event.type === type && controller.abort('enough'));
  return { signal: controller.signal, listening };
}
