import { toErrorRecord } from '../core/error-record.ts';
import { StepFailedError } from '../core/errors.ts';
import { promptOf } from './prompt.ts';
import { rerunOf } from './rerun.ts';
import { recordOf, type TaskInput, type TaskOutput } from './task-input.ts';
import type { TextCondition, TextGroup } from './tree.ts';

/** How one task ended. */
export type TaskResult =
  | TaskOutput
  | { readonly id: string; readonly task: string; readonly reason: unknown };

/** What a phase passes to the next: how it ended, and what it had to work on. */
export interface OutcomeFacts {
  /** What the run was given. */
  readonly input: unknown;
  /** What the phase was given by the one before. */
  readonly given: readonly TaskOutput[];
  /** The phase is the first, or handles a failure of the first: it works on the run's input. */
  readonly opening: boolean;
  readonly results: readonly TaskResult[];
  /** Its failures do not fail the run. */
  readonly handled: boolean;
  /** What ran. */
  readonly group?: TextGroup | undefined;
  /** How the phase before ended, as long as the group has tasks for when one has failed. */
  readonly before?: Outcome | undefined;
}

/** A phase's facts, with what conditions, tasks and the run's end ask of them. */
export class Outcome {
  readonly facts: OutcomeFacts;

  constructor(facts: OutcomeFacts) {
    this.facts = facts;
  }

  /** Before the first phase. */
  static initial(input: unknown): Outcome {
    return new Outcome({ input, given: [], opening: true, results: [], handled: false });
  }

  /** After a group of the next phase. */
  next(group: TextGroup, results: readonly TaskResult[], handling: boolean): Outcome {
    const { input, given } = this.facts;
    return new Outcome({
      input,
      given: handling ? [...given, ...this.outputs] : this.outputs,
      opening: this.opens(handling),
      results,
      handled: false,
      group,
      before: group.anyFailed && this,
    });
  }

  /** The same phase, when more of it is known. */
  with(facts: Partial<OutcomeFacts>): Outcome {
    return new Outcome({ ...this.facts, ...facts });
  }

  get outputs(): TaskOutput[] {
    return this.facts.results.filter((result) => 'output' in result);
  }

  get failures(): Exclude<TaskResult, TaskOutput>[] {
    return this.facts.results.filter((result) => 'reason' in result);
  }

  get failed(): boolean {
    return this.facts.results.some((result) => 'reason' in result);
  }

  /** It has failed, and nothing has handled that. */
  get open(): boolean {
    return this.failed && !this.facts.handled;
  }

  meets(condition: TextCondition): boolean {
    if (condition.type === 'contains')
      return !this.failed && this.outputs.some(({ output }) => contains(output, condition.text));
    return this.failed === (condition.type === 'failure');
  }

  /** What a task of the next phase gets; one that handles this failure gets it, and what the failed task had. */
  inputFor(task: string, provider: string | undefined, handles: boolean): TaskInput {
    const { input, given } = this.facts;
    const failures = handles
      ? this.failures.map(({ id, task, reason }) => ({ id, task, error: toErrorRecord(reason) }))
      : [];
    const previous = handles ? [...given, ...this.outputs] : this.outputs;
    const facts = { task, input, previous, failures, ...(provider !== undefined && { provider }) };
    return { ...facts, prompt: promptOf(facts, this.opens(handles)) };
  }

  /** Whether the next phase works on the run's input. */
  opens(handles: boolean): boolean {
    return this.facts.opening && (handles || this.facts.results.length === 0);
  }

  /** What the run gives if this is its end; throws what failed. */
  finish(): unknown {
    this.check();
    const { group } = this.facts;
    const alone = group?.tasks.length === 1 && (group.anyFailed === undefined || rerunOf(group.anyFailed));
    return alone ? this.outputs[0]?.output : recordOf(this.outputs);
  }

  /** Throws a failure that nothing has handled. */
  check(): void {
    if (!this.open) return;
    const { failures } = this;
    const [only] = failures;
    if (failures.length === 1) throw only?.reason;
    const tasks = failures.map(({ id }) => id).join(', ');
    const cause = new AggregateError(failures.map(({ reason }) => reason));
    throw new StepFailedError(`${failures.length} tasks failed: ${tasks}`, { cause });
  }
}

/** A text holds it, or anything in a list or a record does. */
function contains(output: unknown, sought: string): boolean {
  if (typeof output === 'string') return output.includes(sought);
  try {
    return (JSON.stringify(output) ?? '').includes(sought);
  } catch {
    return false;
  }
}
