import {
  defer,
  filter,
  type GroupedObservable,
  groupBy,
  map,
  Observable,
  type OperatorFunction,
  Subject,
  tap,
} from 'rxjs';
import { describe } from '../../src/core/describe.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import type { RunEvent, StepEvent } from '../../src/core/events.ts';
import { isEnd } from '../../src/core/output-of.ts';

/**
 * What happens to each step, as a stream of its own, as RxJS' `groupBy` makes them.
 *
 * events$      (R>)--(a>)------(b>)--(a completed)--(b completed)--(R|)
 * byStep()     ------(group a)-(group b)----------------------------|
 *   group a          (a>)------------(a completed)------------------|
 *   group b                    (b>)-----------------(b completed)---|
 *
 * The key of a group is a path, or with `'step'` a step's id, wherever that step is. A group completes when its run
 * ends; a step that is tried again goes on in the same one. Events of the run itself are in none.
 *
 * Steps of different runs have different groups, even where the keys are the same.
 *
 * Errors: those of the stream, in every group too.
 *
 * Events: takes those of one run or of many.
 *
 * Unsubscribing: groups go on for those who listen to them; the last to go ends the run.
 *
 * ```ts
 * import { count, map, mergeMap } from 'rxjs';
 * import { run, step } from 'tutti';
 * import { byStep, parallel } from 'tutti/operators';
 *
 * const a = step('a', (n: number) => n + 1);
 * const b = step('b', (n: number) => n + 2);
 * run(parallel({ a, b }), 1)
 *   .pipe(
 *     byStep(),
 *     mergeMap((group$) =>
 *       group$.pipe(
 *         count(),
 *         map((events) => `${group$.key}: ${events} events`),
 *       ),
 *     ),
 *   )
 *   .subscribe((line) => console.log(line)); // /a: 2 events, /b: 2 events
 * ```
 *
 * @param key what tells groups apart: `'path'` (default) or `'step'`, the id
 */
export function byStep(
  key: 'path' | 'step' = 'path',
): OperatorFunction<RunEvent, GroupedObservable<string, StepEvent>> {
  if (key !== 'path' && key !== 'step')
    throw new DefinitionError(`byStep: the key must be 'path' or 'step', but it is ${describe(key)}`);
  return (events$) =>
    defer(() => {
      const runs = new Map<string, RunKeys>();
      const keysOf = ({ runId }: RunEvent): RunKeys => {
        const keys = runs.get(runId) ?? new RunKeys();
        runs.set(runId, keys);
        return keys;
      };
      return events$.pipe(
        tap((event) => {
          if (!isEnd(event)) return;
          runs.get(event.runId)?.ended$.next();
          runs.delete(event.runId);
        }),
        filter(isOfStep),
        groupBy((event) => keysOf(event).at(event[key]), { duration: (group$) => group$.key.ended$ }),
        map((group$) => keyed(group$, group$.key.name)),
      );
    });
}

/** What tells the groups of one run apart, from each other and from those of other runs. */
interface Key {
  readonly name: string;
  readonly ended$: Observable<void>;
}

class RunKeys {
  readonly ended$ = new Subject<void>();
  readonly #keys = new Map<string, Key>();

  at(name: string): Key {
    const key = this.#keys.get(name) ?? { name, ended$: this.ended$ };
    this.#keys.set(name, key);
    return key;
  }
}

function isOfStep(event: RunEvent): event is StepEvent {
  return event.path !== '' && !event.type.startsWith('run.') && event.type !== 'checkpoint.saved';
}

function keyed<T>(source$: Observable<T>, key: string): GroupedObservable<string, T> {
  return Object.assign(new Observable<T>((subscriber) => source$.subscribe(subscriber)), { key });
}
