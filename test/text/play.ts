import { run, step } from 'tutti';
import { type CompileOptions, compile, skillTable, type TaskInput, type TextWorkflow } from 'tutti/text';
import { type Recorded, record } from '../operators/record.ts';
import { providers } from './examples.ts';

/** A text that was run by one skill for all tasks. */
export interface Played extends Recorded<unknown> {
  /** What the tasks got, in the order in which they began. */
  readonly inputs: readonly TaskInput[];
}

/** How often a task fails before it gives its name in capitals; by the task's text. */
export type Failing = Readonly<Record<string, number>>;

/** Runs a text; its tasks end at once. */
export function play(
  text: string | TextWorkflow,
  failing: Failing = {},
  options: Partial<CompileOptions> = {},
  input: unknown = 'the input',
): Played {
  const inputs: TaskInput[] = [];
  const times = new Map<string, number>();
  const anything = step('anything', (given: TaskInput) => {
    inputs.push(given);
    const { task } = given;
    const time = (times.get(task) ?? 0) + 1;
    times.set(task, time);
    if (time <= (failing[task] ?? 0)) throw new Error(`no ${task}`);
    return task.toUpperCase();
  });
  const workflow = compile(text, { resolver: skillTable({ defaultSkill: anything }), providers, ...options });
  return Object.assign(record(run(workflow, input)), { inputs });
}

/** What came of a text, in one line: who ran, who was skipped, and the end; `!` after who failed. */
export function story(played: Played): string {
  const words = played.events.flatMap((event) => {
    if (event.type === 'step.completed') return [event.step];
    if (event.type === 'step.failed') return [`${event.step}!`];
    if (event.type === 'step.skipped') return [`(${event.step})`];
    return [];
  });
  const { end } = played;
  const last =
    end.type === 'run.completed'
      ? JSON.stringify(end.output)
      : end.type === 'run.failed'
        ? end.error.message
        : '';
  return `${words.join(' ')} = ${last}`;
}
