import { toErrorRecord } from './error-record.ts';
import type { Cost, OutputSource } from './events.ts';
import type { Ledger } from './ledger.ts';
import type { Spender } from './owner.ts';
import type { Scope } from './scope.ts';

/** The attempt of a step that events are about. */
export interface Teller {
  readonly scope: Scope;
  readonly path: string;
  readonly id: string;
  readonly attempt: number;
}

/*
 * What every step tells in its life, each as a literal of one shape that is handed to the writer and never copied: this is
 * most of what an engine costs that reports what it does.
 */

/** Gives the time that it tells. */
export function tellStarted(teller: Teller, input: unknown): number {
  const { scope, path, id: step, attempt } = teller;
  const { writer, runId, clock } = scope;
  const { at } = clock;
  if (!writer.closed)
    writer.write({ type: 'step.started', seq: writer.seq(), runId, path, step, attempt, at, input });
  return at;
}

export function tellPartial(teller: Teller, index: number, chunk: unknown): void {
  const { scope, path, id: step, attempt } = teller;
  const { writer, runId, clock } = scope;
  if (writer.closed) return;
  const { at } = clock;
  writer.write({ type: 'step.partial', seq: writer.seq(), runId, path, step, attempt, at, index, chunk });
}

export function tellCompleted(
  teller: Teller,
  output: unknown,
  startedAt: number,
  costUsd: number,
  source: OutputSource,
): void {
  const { scope, path, id: step, attempt } = teller;
  const { writer, runId, clock } = scope;
  if (writer.closed) return;
  const { at } = clock;
  writer.write({
    type: 'step.completed',
    seq: writer.seq(),
    runId,
    path,
    step,
    attempt,
    at,
    output,
    durationMs: at - startedAt,
    costUsd,
    source,
  });
}

export function tellFailed({ scope, path, id, attempt }: Teller, failure: unknown): void {
  if (!scope.writer.closed)
    scope.tell(path, id, attempt, { type: 'step.failed', error: toErrorRecord(failure) });
}

/** Counts a cost in a ledger, and tells of it. */
export function tellCost(
  scope: Scope,
  cost: Cost,
  { path, id, attempt }: Spender,
  late: boolean,
  ledger: Ledger,
): void {
  ledger.add(cost.usd);
  scope.tell(path, id, attempt, { type: 'step.cost', ...factsOf(cost), ...(late ? { late } : {}) });
  ledger.check();
}

/** The facts of a cost, whatever else the object holds. */
function factsOf({ usd, provider, model, inputTokens, outputTokens, cachedInputTokens }: Cost): Cost {
  return {
    usd,
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
  };
}
