import type { Observable } from 'rxjs';
import type { Emission } from './emission.ts';

declare const partialOf: unique symbol;

/**
 * A named, typed unit of work: takes an `I`, gives an `O`, and may stream partials `P` before it does.
 *
 * It is an RxJS operator: on plain values, or on what an earlier step emits.
 */
export interface Step<in I, out O, out P = never> {
  (source: Observable<I | Emission<I>>): Observable<Emission<O>>;

  /** What events and paths call it. */
  readonly id: string;

  /** The same step on another input: `adapt` makes its input of that one. */
  using<J>(adapt: (input: J) => I): Step<J, O, P>;

  /** The same step with another output, made of its own by `adapt`. */
  map<Q>(adapt: (output: O) => Q): Step<I, Q, P>;

  /**
   * The same step under policies, the first innermost, as in `pipe`: `with(timeout('1s'), retry())` times each
   * attempt, `with(retry(), timeout('1s'))` all of them together.
   */
  with<A>(a: (step: Step<I, O, P>) => A): A;
  with<A, B>(a: (step: Step<I, O, P>) => A, b: (step: A) => B): B;
  with<A, B, C>(a: (step: Step<I, O, P>) => A, b: (step: A) => B, c: (step: B) => C): C;
  with<A, B, C, D>(a: (step: Step<I, O, P>) => A, b: (step: A) => B, c: (step: B) => C, d: (step: C) => D): D;
  with<A, B, C, D, E>(
    a: (step: Step<I, O, P>) => A,
    b: (step: A) => B,
    c: (step: B) => C,
    d: (step: C) => D,
    e: (step: D) => E,
  ): E;
  with<A, B, C, D, E, F>(
    a: (step: Step<I, O, P>) => A,
    b: (step: A) => B,
    c: (step: B) => C,
    d: (step: C) => D,
    e: (step: D) => E,
    f: (step: E) => F,
  ): F;
  with<A, B, C, D, E, F, G>(
    a: (step: Step<I, O, P>) => A,
    b: (step: A) => B,
    c: (step: B) => C,
    d: (step: C) => D,
    e: (step: D) => E,
    f: (step: E) => F,
    g: (step: F) => G,
  ): G;
  with<A, B, C, D, E, F, G, H>(
    a: (step: Step<I, O, P>) => A,
    b: (step: A) => B,
    c: (step: B) => C,
    d: (step: C) => D,
    e: (step: D) => E,
    f: (step: E) => F,
    g: (step: F) => G,
    h: (step: G) => H,
  ): H;
  with<A, B, C, D, E, F, G, H, K>(
    a: (step: Step<I, O, P>) => A,
    b: (step: A) => B,
    c: (step: B) => C,
    d: (step: C) => D,
    e: (step: D) => E,
    f: (step: E) => F,
    g: (step: F) => G,
    h: (step: G) => H,
    k: (step: H) => K,
  ): K;
  with<A, B, C, D, E, F, G, H, K, L>(
    a: (step: Step<I, O, P>) => A,
    b: (step: A) => B,
    c: (step: B) => C,
    d: (step: C) => D,
    e: (step: D) => E,
    f: (step: E) => F,
    g: (step: F) => G,
    h: (step: G) => H,
    k: (step: H) => K,
    l: (step: K) => L,
  ): L;

  /** Only in types: what its partials are. */
  readonly [partialOf]?: P;
}

/** Any step at all; without types of its own, so that a step written in place of one keeps its own. */
export interface AnyStep {
  (source: never): Observable<unknown>;
  readonly id: string;
}

/** What a step takes. */
export type InputOf<S> = S extends Step<infer I, unknown, unknown> ? I : never;

/** What a step gives. */
export type OutputOf<S> = S extends Step<never, infer O, unknown> ? O : never;

/** What a step streams before it gives its output. */
export type PartialOf<S> = S extends Step<never, unknown, infer P> ? P : never;

/** A step to a step of the same shape, such as `retry(...)`. */
export type Policy = <I, O, P>(step: Step<I, O, P>) => Step<I, O, P>;
