import { filter, type Observable } from 'rxjs';
import { DefinitionError } from '../../src/core/errors.ts';
import type { RunEvent } from '../../src/core/events.ts';

/** How much is told: MARSYS' levels 0, 1 and 2. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

const levels: Readonly<Record<Verbosity, number>> = { quiet: 0, normal: 1, verbose: 2 };

/** The least level at which each event is told. */
const leastLevel: Readonly<Record<RunEvent['type'], Verbosity>> = {
  'run.started': 'normal',
  'run.paused': 'normal',
  'run.resumed': 'normal',
  'run.completed': 'quiet',
  'run.failed': 'quiet',
  'run.cancelled': 'quiet',
  'step.started': 'normal',
  'step.progress': 'normal',
  'step.partial': 'verbose',
  'step.cost': 'normal',
  'step.log': 'normal',
  custom: 'normal',
  'step.retrying': 'normal',
  'step.fallback': 'normal',
  'step.waiting': 'normal',
  'step.resumed': 'normal',
  'step.skipped': 'normal',
  'step.completed': 'normal',
  'step.failed': 'quiet',
  'step.cancelled': 'normal',
  'step.compensated': 'normal',
  'budget.alert': 'normal',
  'budget.exceeded': 'quiet',
  'circuit.opened': 'normal',
  'circuit.closed': 'normal',
  'tool.called': 'verbose',
  'tool.completed': 'verbose',
  'agent.handoff': 'normal',
  'checkpoint.saved': 'normal',
};

/**
 * Leaves out the events that a listener does not want.
 *
 * events$                (R>)--(started)--(partial)--(failed)--(R#)|
 * verbosity('quiet')     ----------------------------(failed)--(R#)|
 * verbosity('normal')    (R>)--(started)-------------(failed)--(R#)|
 *
 * `'quiet'` tells how a run ended, with its output, and what went wrong in it: `step.failed`, `budget.exceeded`, logs
 * of level `error`. `'normal'` tells everything but thoughts and tool calls: no partials, no logs of level `debug`, no
 * `tool.called` and `tool.completed`. `'verbose'` tells everything.
 *
 * Errors: `DefinitionError` for an unknown level; those of the stream.
 *
 * Events: takes those of one run or of many.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { verbosity } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * run(greet, 'you').pipe(verbosity('quiet')).subscribe((event) => console.log(event.type)); // run.completed
 * ```
 *
 * Source of the levels: the MARSYS page, `StatusConfig.from_verbosity`.
 *
 * @param level how much to tell
 */
export function verbosity(level: Verbosity): <E extends RunEvent>(events$: Observable<E>) => Observable<E> {
  if (!Object.hasOwn(levels, level))
    throw new DefinitionError(`verbosity: ${JSON.stringify(level)} is not 'quiet', 'normal' or 'verbose'`);
  const told = levels[level];
  return (events$) => events$.pipe(filter((event) => levels[leastLevelOf(event)] <= told));
}

function leastLevelOf(event: RunEvent): Verbosity {
  if (event.type !== 'step.log') return leastLevel[event.type];
  if (event.level === 'error') return 'quiet';
  return event.level === 'debug' ? 'verbose' : 'normal';
}
