import { Observable, type OperatorFunction, Subscriber } from 'rxjs';
import { nodeOf } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import type { RunEvent } from '../../src/core/events.ts';
import type { RunOptions } from '../../src/core/run.ts';
import type { Step } from '../../src/core/step-types.ts';
import { type OnEachStrategy, strategyOf } from './strategy.ts';
import { TriggeredRuns } from './triggered-runs.ts';

/** How triggers `T` become runs. */
export interface OnEachOptions<T> {
  /**
   * What becomes of a trigger that comes while a run goes on.
   *
   * - `'concat'` (default): its run waits for its turn; one runs at a time, in order.
   * - `'merge'`: its run begins beside the others, or waits where `concurrency` of them run.
   * - `'switch'`: the run is cancelled, gracefully, and its own begins when that has ended. Of those that come until
   *   then, the newest.
   * - `'exhaust'`: it is dropped.
   */
  readonly strategy?: OnEachStrategy;
  /** How many run at the same time with `'merge'`: a whole number from 1, default no limit. */
  readonly concurrency?: number;
  /** The options of each run, such as its `runId` or `sessionId`; `index` counts the runs from 0. */
  readonly options?: (trigger: T, index: number) => RunOptions;
}

/**
 * Makes a run of whatever comes, and gives the events of all runs as one live stream, told apart by `runId`.
 *
 * triggers                                  (a)---(b)-----------|
 * onEach(step)                              (a>)-----(a| b>)-----(b|)|
 * onEach(step, { strategy: 'merge' })       (a>)--(b>)-(a|)---(b|)|
 * onEach(step, { strategy: 'switch' })      (a>)--(a! b>)------(b|)|
 * onEach(step, { strategy: 'exhaust' })     (a>)-----(a|)-------|
 *
 * To wait until triggers come to rest, or to gather several for one run, there are RxJS' own `debounceTime`,
 * `bufferTime` and `bufferCount` before it. When the triggers end, the runs that go on or wait are still run.
 *
 * Errors: a run's failure is an event, and touches no other run. So is a trigger that no run can be made of, because
 * the workflow's schema refuses its input or `input` or `options` throws: it is told as a run that has nothing in it
 * but `run.started` and `run.failed`. An error of the triggers is passed on once the runs have ended.
 * `DefinitionError` for invalid options.
 *
 * Events: those of the runs; `run.cancelled` with the reason `the next trigger came` of a run that `'switch'` ends.
 *
 * Unsubscribing stops all runs at once, silently.
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { step } from 'tutti';
 * import { ofType, onEach } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * of({ name: 'you' }, { name: 'me' })
 *   .pipe(onEach(greet, { strategy: 'concat', input: ({ name }) => name }), ofType('run.completed'))
 *   .subscribe(({ output }) => console.log(output)); // Hello you, Hello me
 * ```
 *
 * @param step a workflow, or any step
 * @param options `strategy`, `concurrency`, `options`; `input`, which makes the step's input of a trigger
 */
export function onEach<I, O, P, T extends I = I>(
  step: Step<I, O, P>,
  options?: OnEachOptions<T> & { readonly input?: never },
): OperatorFunction<T, RunEvent<O>>;
export function onEach<T, I, O, P>(
  step: Step<I, O, P>,
  options: OnEachOptions<T> & {
    /** Makes the step's input of a trigger; needed where the trigger is not the input itself. */
    readonly input: (trigger: T, index: number) => NoInfer<I>;
  },
): OperatorFunction<T, RunEvent<O>>;
export function onEach<T, O, P>(
  step: Step<T, O, P>,
  options: OnEachOptions<T> & { readonly input?: (trigger: T, index: number) => T } = {},
): OperatorFunction<T, RunEvent<O>> {
  nodeOf(step, 'onEach: the first argument');
  checkOptions<OnEachOptions<T> & { readonly input?: unknown }>('onEach', options, {
    strategy: 'string',
    concurrency: 'number',
    input: 'function',
    options: 'function',
  });
  const { strategy: name = 'concat', concurrency, input, options: optionsOf } = options;
  const strategy = strategyOf(name, concurrency);
  return (triggers$) =>
    new Observable((subscriber) => {
      const runs = new TriggeredRuns({ step, strategy, input, optionsOf }, subscriber);
      // Made beforehand, so that triggers that come while they are being subscribed can be stopped.
      const triggers = new Subscriber<T>(runs);
      subscriber.add(triggers);
      subscriber.add(() => runs.stop());
      triggers$.subscribe(triggers);
    });
}
