import { EMPTY, type Observable, of } from 'rxjs';
import {
  type Emission,
  type RunEvent,
  type RunHandle,
  type RunOptions,
  run,
  type Signal,
  type Step,
  start,
} from 'tutti';
import { sequence } from 'tutti/operators';
import type { World } from './world.ts';

/** A step with an input for it, of whatever types, to be run in every way there is. */
export interface Subject {
  run(options: RunOptions): Observable<RunEvent>;
  start(options: RunOptions): RunHandle<unknown>;
  /** As the only part of a sequence, which is what it is in a bare pipe. */
  inSequence(options: RunOptions): Observable<RunEvent>;
  /** In a bare RxJS `pipe`. */
  pipe(): Observable<Emission<unknown>>;
}

/** Makes the same subject in each world anew. */
export type Make = (world: World) => Subject;

/** @param sent what is sent to each run; a bare pipe knows no signals */
export function subject<I, O>(
  step: Step<I, O, unknown>,
  input: NoInfer<I>,
  sent: Observable<Signal> = EMPTY,
): Subject {
  const given = (options: RunOptions): RunOptions => ({ ...options, signals$: sent });
  return {
    run: (options) => run(step, input, given(options)),
    start: (options) => start(step, input, given(options)),
    inSequence: (options) => run(sequence(step), input, given(options)),
    pipe: () => of(input).pipe(step),
  };
}
