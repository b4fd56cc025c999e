import { branch } from '../../operators/compose/branch.ts';
import { parallel } from '../../operators/compose/parallel.ts';
import { sequence } from '../../operators/compose/sequence.ts';
import { transform } from '../../operators/compose/transform.ts';
import type { Step } from '../core/step-types.ts';
import type { BoundTask } from './bind.ts';
import { Outcome, type TaskResult } from './outcome.ts';
import type { TextCondition, TextGroup } from './tree.ts';

/** A task in its place: when it runs. */
export interface Member extends BoundTask {
  /** What must hold of the phase before; all of it. */
  readonly conditions: readonly TextCondition[];
  readonly group: TextGroup;
}

/** How the tasks of a phase run beside each other. */
export interface PhaseOptions {
  readonly concurrency?: number;
  /** One that fails cancels the others. */
  readonly failFast: boolean;
}

/** Where the outcome of the phase before goes past the tasks. */
const past = '';

/** Runs tasks side by side, those whose conditions hold; passes the outcome of the phase before on where there are none. */
export function phaseStep(members: readonly Member[], options: PhaseOptions): Step<Outcome, Outcome> {
  const tasks = members.map((member) => [member.id, conditional(member)] as const);
  return sequence(
    transform((before: Outcome) => guard(before, members)),
    sideBySide(tasks, options),
    transform((ended: Ended) => joined(ended, members)),
  );
}

/** What came of tasks side by side, and the outcome before them. */
export interface Ended {
  readonly before: Outcome;
  /** By id; of those that did not run, the outcome before. */
  readonly results: Readonly<Record<string, PromiseSettledResult<unknown>>>;
}

/** Runs steps on an outcome, side by side, and keeps it beside what comes of them. */
export function sideBySide(
  tasks: readonly (readonly [string, Step<Outcome, unknown, unknown>])[],
  { failFast, ...limit }: PhaseOptions,
): Step<Outcome, Ended> {
  const keep = transform((before: Outcome) => before);
  const branches: Record<string, Step<Outcome, unknown, unknown>> = Object.fromEntries([
    [past, keep],
    ...tasks,
  ]);
  if (!failFast) return parallel(branches, { ...limit, failure: 'settle' }).map(endedOf);
  return parallel(branches, limit).map((outputs) =>
    endedOf(
      Object.fromEntries(Object.entries(outputs).map(([id, value]) => [id, { status: 'fulfilled', value }])),
    ),
  );
}

function endedOf(all: Readonly<Record<string, PromiseSettledResult<unknown>>>): Ended {
  const { [past]: kept, ...results } = all;
  return { before: (kept as PromiseFulfilledResult<Outcome>).value, results };
}

/** How one task ended; nothing where it did not run. */
export function resultOf({ id, task }: BoundTask, { results }: Ended): TaskResult | undefined {
  const result = results[id];
  if (result === undefined) return undefined;
  if (result.status === 'rejected') return { id, task, reason: result.reason };
  return result.value instanceof Outcome ? undefined : { id, task, output: result.value };
}

function conditional(member: Member): Step<Outcome, unknown, unknown> {
  const { conditions, step, task, provider } = member;
  const ready = step.using((before: Outcome) => before.inputFor(task, provider, handles(member, before)));
  return conditions.length === 0 ? ready : branch((before) => runs(member, before), ready);
}

function runs({ conditions }: Member, before: Outcome): boolean {
  return conditions.every((condition) => before.meets(condition));
}

/** It runs because of a failure. */
export function handles(member: Member, before: Outcome): boolean {
  return before.failed && member.conditions.some(({ type }) => type === 'failure') && runs(member, before);
}

/** A failure that nothing handles ends the run before a task begins. */
function guard(before: Outcome, members: readonly Member[]): Outcome {
  if (
    before.open &&
    !members.some((member) => handles(member, before)) &&
    members.some((member) => runs(member, before))
  )
    before.check();
  return before;
}

function joined(ended: Ended, members: readonly Member[]): Outcome {
  const { before } = ended;
  const results = members.flatMap((member) => resultOf(member, ended) ?? []);
  if (results.length === 0) return before;
  const handling = members.some((member) => handles(member, before));
  const { group } = members.find(({ id }) => id === results[0]?.id) as Member;
  return before.next(group, results, handling);
}
