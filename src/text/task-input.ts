import type { ErrorRecord } from '../core/error-record.ts';
import type { Step } from '../core/step-types.ts';

/** What a task of a text has done. */
export interface TaskOutput {
  /** The task's id: its text in small letters, digits and hyphens. */
  readonly id: string;
  /** The task's text. */
  readonly task: string;
  readonly output: unknown;
}

/** How a task of a text has failed. */
export interface TaskFailure {
  readonly id: string;
  readonly task: string;
  readonly error: ErrorRecord;
}

/** What the skill of a task is given. */
export interface TaskInput {
  /** The task's text, without agent, provider and conditions. */
  readonly task: string;
  /** The task, and below it what it works on: the run's input or the outputs before it, and the failures it handles. */
  readonly prompt: string;
  /** What the run was given. */
  readonly input: unknown;
  /** What the phase before has given; who handles a failure has what the failed task had, too. */
  readonly previous: readonly TaskOutput[];
  /** What the task handles; empty unless it runs because of a failure. */
  readonly failures: readonly TaskFailure[];
  /** Who is to do it, as the table of providers says. */
  readonly provider?: string;
}

/**
 * What a task works on: the run's input in the first phase; later the output before it, or a record of several by
 * their ids.
 */
export function subjectOf({ input, previous }: TaskInput): unknown {
  const [only] = previous;
  if (only === undefined) return input;
  return previous.length === 1 ? only.output : recordOf(previous);
}

/**
 * Lets a skill that knows nothing of texts do a task: it is given what the task works on, as {@link subjectOf} says.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { compile, onSubject, skillTable } from 'tutti/text';
 *
 * const shout = step('shout', (text: string) => text.toUpperCase());
 * const resolver = skillTable({ skills: { shout: onSubject(shout) } });
 * const workflow = compile('shout', { resolver });
 * ```
 *
 * @param skill takes whatever the text hands it; a schema of its input is checked there
 */
export function onSubject<O, P>(skill: Step<never, O, P>): Step<TaskInput, O, P> {
  return (skill as Step<unknown, O, P>).using(subjectOf);
}

/** Outputs by the ids of their tasks. */
export function recordOf(outputs: readonly TaskOutput[]): Record<string, unknown> {
  return Object.fromEntries(outputs.map(({ id, output }) => [id, output]));
}
