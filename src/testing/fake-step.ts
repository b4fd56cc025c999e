import { type Observable, tap } from 'rxjs';
import type { StepContext } from '../core/context.ts';
import { step } from '../core/step.ts';
import type { Step } from '../core/step-types.ts';
import type { MarblesContext, MarbleValues } from './marbles-context.ts';

/** One attempt of a {@link fakeStep}, as it saw it. Times are in virtual milliseconds. */
export interface FakeCall<I> {
  readonly input: I;
  readonly path: string;
  readonly attempt: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome: 'running' | 'completed' | 'failed' | 'cancelled';
}

/** A step that plays marbles and remembers how it was called. */
export interface FakeStep<I, T> extends Step<I, T, T> {
  /** Its attempts, the first first; those of `with`, `map` and `using` of it too. */
  readonly calls: readonly FakeCall<I>[];
}

/** What a fake does: one diagram for all its calls, one for each (the last for all that follow), or one by input. */
export type FakeScript<I> = string | readonly [string, ...string[]] | ((input: I) => string);

/** What the marbles of a {@link fakeStep} stand for. */
export interface FakeOptions<T> {
  /** By letter; without them, a letter is its own value. */
  readonly values?: MarbleValues<T>;
  /** What `#` fails with. Default: the text `error`. */
  readonly error?: unknown;
}

/**
 * A step whose body is marbles: emissions are partials, the last is the output.
 *
 * const draft = fakeStep(m, 'draft', ['--#', '--a|'], { values: { a: { text: 'x' } }, error: new Error('busy') });
 * const tried = '(run> draft>) 2ms draft~ 5ms draft> 2ms draft. 1ms (draft| run|)';
 * m.expectRun(run(draft.with(retry({ delay: 5 })), 'q')).toBe(tried);
 * m.flush();
 * expect(draft.calls.map((call) => call.outcome)).toEqual(['failed', 'completed']);
 *
 * It takes any input, or what a function from input to diagram takes; its output is of the type of `values`.
 *
 * @param m of the marble test it is in
 * @param id of the step
 * @param script diagrams, as of `m.cold`
 */
export function fakeStep<I = unknown, T = string>(
  m: Pick<MarblesContext, 'cold' | 'scheduler'>,
  id: string,
  script: FakeScript<I>,
  options: FakeOptions<T> = {},
): FakeStep<I, T> {
  const calls: Mutable<FakeCall<I>>[] = [];
  const body = (input: I, { path, attempt }: StepContext): Observable<T> => {
    const marbles = diagramOf(script, input, calls.length);
    const call: Mutable<FakeCall<I>> = {
      input,
      path,
      attempt,
      startedAt: m.scheduler.now(),
      outcome: 'running',
    };
    calls.push(call);
    const ends = (outcome: FakeCall<I>['outcome']) => () => {
      call.outcome = outcome;
      call.endedAt = m.scheduler.now();
    };
    return m
      .cold<T>(marbles, options.values, options.error)
      .pipe(tap({ complete: ends('completed'), error: ends('failed'), unsubscribe: ends('cancelled') }));
  };
  return Object.assign(step<I, Observable<T>>(id, body), { calls });
}

type Mutable<X> = { -readonly [K in keyof X]: X[K] };

function diagramOf<I>(script: FakeScript<I>, input: I, call: number): string {
  if (typeof script === 'string') return script;
  if (typeof script === 'function') return script(input);
  return script[call] ?? script.at(-1) ?? script[0];
}
