import type { Engine, Outcome } from './engine.ts';
import type { Workload } from './workload.ts';

/** An engine did not do the work it was measured at. */
class WrongResult extends Error {
  override readonly name = 'WrongResult';
}

/** Refuses a result that is not what the work gives, and events that are not all there. */
export function check(
  engine: Pick<Engine, 'name' | 'tells'>,
  workload: Workload,
  size: number,
  input: number,
  outcome: Outcome,
): void {
  const output = workload.output(size, input);
  const events = engine.tells ? workload.events(size) : 0;
  if (outcome.output === output && outcome.events === events) return;
  throw new WrongResult(
    `${engine.name} at ${workload.name}, input ${input}: ` +
      `got ${outcome.output} with ${outcome.events} events, not ${output} with ${events}`,
  );
}
