import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Observable } from 'rxjs';
import { asStep } from './as-step.ts';
import type { StepContext } from './context.ts';
import type { Edge, Schema } from './edge.ts';
import { DefinitionError, textOf } from './errors.ts';
import { checkId } from './path.ts';
import { StepNode } from './step-node.ts';
import type { AnyStep, Step } from './step-types.ts';

/** What a body may return for an output `O`: the value, or what gives it later, after partials of any type. */
export type Returned<O> = O | PromiseLike<O> | Observable<unknown> | AsyncIterable<unknown>;

/** The output of a body, by what it returns. */
export type OutputFrom<R> =
  R extends Observable<infer T>
    ? T
    : R extends AsyncGenerator<infer P, infer T>
      ? Exclude<T, undefined | void> | (undefined extends T ? P : T extends void ? P : never)
      : R extends AsyncIterable<infer T>
        ? T
        : Awaited<R>;

/** The partials of a body, by what it returns. */
export type PartialFrom<R> = R extends Observable<infer T> ? T : R extends AsyncIterable<infer T> ? T : never;

/** A step in full: schemas, and a body that runs on checked input. */
export interface StepOptions<I, V, R, C, O, Chunk> {
  /** What events and paths call it; without `% / [ ] # ~ !`. */
  readonly id: string;
  /** Checks the input, and fills in its defaults. */
  readonly input?: StandardSchemaV1<I, V>;
  /** Checks the output. */
  readonly output?: StandardSchemaV1<C, O>;
  /** Checks what is handed to `ctx.partial`, and gives it its type. */
  readonly partial?: StandardSchemaV1<unknown, Chunk>;
  /**
   * What becomes of an attempt that was running when the process of a kept run ended: it is tried again (`'retry'`, the
   * default), or fails with `StepInterruptedError`, for work that must not be begun twice.
   */
  readonly onCrash?: 'retry' | 'fail';
  /**
   * Does the work. May return a value, a Promise, an Observable, an AsyncIterable or an async generator; what the
   * last three emit or yield are partials.
   */
  readonly run: (input: V, ctx: StepContext<Chunk>) => R;
  /** Makes the output of all partials, in place of what the body returns or else the last that it emits. */
  readonly collect?: (partials: (PartialFrom<R> | Chunk)[]) => C;
}

/**
 * Makes a step: a typed unit of work that is an RxJS operator.
 *
 * of('a', 'b').pipe(step)   (started)--(completed, Value A)(started)--(completed, Value B)|
 *
 * Time: a body that returns a plain value stays synchronous.
 *
 * Errors: `DefinitionError` for an id that is empty or has the marks of a path in it. In a run, what the body throws
 * is the step's failure, as it is; a schema's refusal is `InputValidationError` or `OutputValidationError`.
 *
 * Events: `step.started`, then what the body tells, then one of `step.completed`, `step.failed`, `step.cancelled`.
 *
 * Unsubscribing aborts `ctx.signal`, unsubscribes an Observable, returns an iterator.
 */
export function step<I, R>(
  id: string,
  run: (input: I, ctx: StepContext) => R,
): Step<I, OutputFrom<R>, PartialFrom<R>>;
export function step<V, R, C = OutputFrom<R>, I = V, Chunk = never>(
  options: StepOptions<I, V, R, C, C, Chunk> & { readonly output?: never },
): Step<I, C, PartialFrom<R> | Chunk>;
export function step<V, const R extends Returned<C>, C, I = V, O = C, Chunk = never>(
  options: StepOptions<I, V, R, C, O, Chunk> & { readonly output: StandardSchemaV1<C, O> },
): Step<I, O, PartialFrom<R> | Chunk>;
export function step(given: string | LooseOptions, run?: LooseOptions['run']): AnyStep {
  const {
    id,
    input,
    output,
    partial,
    collect,
    onCrash,
    run: body,
  }: LooseOptions = typeof given === 'object' && given !== null ? given : { id: given, run };
  checkId(id, 'a step');
  if (typeof body !== 'function')
    throw new DefinitionError(`step ${id}: run must be a function, but it is ${textOf(body)}`);
  const edge: Edge = { ...(input && { input }), ...(output && { output }) };
  return asStep(new StepNode(id, edge, { run: body, collect, partial, onCrash }));
}

/** The options of a step, where its types are of no more use. */
interface LooseOptions {
  readonly id: string;
  readonly input?: Schema | undefined;
  readonly output?: Schema | undefined;
  readonly partial?: Schema | undefined;
  readonly onCrash?: 'retry' | 'fail' | undefined;
  readonly run?: ((input: never, ctx: StepContext<unknown>) => unknown) | undefined;
  readonly collect?: ((partials: never[]) => unknown) | undefined;
}
