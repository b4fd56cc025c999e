import { branch } from '../../operators/compose/branch.ts';
import { sequence } from '../../operators/compose/sequence.ts';
import { transform } from '../../operators/compose/transform.ts';
import type { Step } from '../core/step-types.ts';
import type { Outcome, TaskResult } from './outcome.ts';
import { type Ended, handles, type Member, type PhaseOptions, resultOf, sideBySide } from './phase.ts';

/** What a group does when one of its tasks has failed: a task of its own, or its failed tasks again. */
export interface AnyFailed {
  readonly type: 'task' | 'rerun';
  /** The task; or all tasks of the group, as they are done again. */
  readonly members: readonly Member[];
}

/** Runs what groups do when one of their tasks has failed, for the group that ran. */
export function anyFailedStep(handlers: readonly AnyFailed[], options: PhaseOptions): Step<Outcome, Outcome> {
  const tasks = handlers.flatMap(({ type, members }) =>
    members.map((member) => [member.id, type === 'task' ? instead(member) : again(member)] as const),
  );
  return sequence(
    sideBySide(tasks, { ...options, failFast: false }),
    transform((ended: Ended) => withHandled(ended, handlers)),
  );
}

/** Its group has run, and one of its tasks has failed. */
function isCalled({ group, conditions }: Member, { facts, failed }: Outcome): boolean {
  const { before } = facts;
  return (
    failed && before !== undefined && facts.group === group && conditions.every((one) => before.meets(one))
  );
}

function instead(member: Member): Step<Outcome, unknown> {
  const { step, task, provider } = member;
  const ready = step.using((outcome: Outcome) => outcome.inputFor(task, provider, true));
  return branch((outcome) => isCalled(member, outcome), ready);
}

/** A failed task gets once more what it got. One that has not failed is not told of: it has nothing to do here. */
function again(member: Member): Step<Outcome, unknown> {
  const { id, step, task, provider } = member;
  const hasFailed = ({ failures }: Outcome): boolean => failures.some((failure) => failure.id === id);
  const ready = step.using(({ facts }: Outcome) => {
    const before = facts.before as Outcome;
    return before.inputFor(task, provider, handles(member, before));
  });
  return branch(
    hasFailed,
    ready,
    transform((outcome: Outcome) => outcome),
  );
}

function withHandled(ended: Ended, handlers: readonly AnyFailed[]): Outcome {
  const { before: outcome } = ended;
  const { facts } = outcome;
  const handler = handlers.find(({ members }) => members[0]?.group === facts.group);
  if (facts.before === undefined || handler === undefined) return outcome;
  const said = handler.members.flatMap((member) => resultOf(member, ended) ?? []);
  const results = merged(facts.results, said);
  const succeeded = (handler.type === 'task' ? said : results).some((result) => 'output' in result);
  return outcome.with({ results, handled: succeeded, before: undefined });
}

/** The results, with those that are newer in the place of older ones of the same task. */
function merged(older: readonly TaskResult[], newer: readonly TaskResult[]): TaskResult[] {
  const byId = new Map([...older, ...newer].map((result) => [result.id, result]));
  return [...byId.values()];
}
