import type { Observable } from 'rxjs';
import { asStep, nodesOf } from '../../src/core/as-step.ts';
import type { Emission } from '../../src/core/emission.ts';
import { SequenceNode } from '../../src/core/sequence-node.ts';
import type { AnyStep, InputOf, OutputOf, Step } from '../../src/core/step-types.ts';
import type { adds } from './assign.ts';

/**
 * Runs steps one after another, each on the output of the one before.
 *
 * a                --(value A)|
 * b                ---(value B)|
 * sequence(a, b)   (a started)--(a completed, b started)---(b completed)|
 *
 * Without steps, the output is the input. Sequences directly inside a sequence are one with it.
 *
 * Errors: the failure of the step that failed; what follows does not start.
 *
 * Events: those of its steps; none of its own. Paths: each step's id; a repeated id gets `~2`, `~3` by position.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { sequence } from 'tutti/operators';
 *
 * const words = step('words', (text: string) => text.split(' '));
 * const count = step('count', (items: string[]) => items.length);
 * const countWords = sequence(words, count); // Step<string, number>
 * ```
 *
 * @param steps each takes what the one before gives
 */
export function sequence<In, A>(a: Link<In, A>): Step<In, A>;
export function sequence<In, A, B>(a: Link<In, A>, b: Link<A, B>): Step<In, B>;
export function sequence<In, A, B, C>(a: Link<In, A>, b: Link<A, B>, c: Link<B, C>): Step<In, C>;
export function sequence<In, A, B, C, D>(
  a: Link<In, A>,
  b: Link<A, B>,
  c: Link<B, C>,
  d: Link<C, D>,
): Step<In, D>;
export function sequence<In, A, B, C, D, E>(
  a: Link<In, A>,
  b: Link<A, B>,
  c: Link<B, C>,
  d: Link<C, D>,
  e: Link<D, E>,
): Step<In, E>;
export function sequence<In, A, B, C, D, E, F>(
  a: Link<In, A>,
  b: Link<A, B>,
  c: Link<B, C>,
  d: Link<C, D>,
  e: Link<D, E>,
  f: Link<E, F>,
): Step<In, F>;
export function sequence<In, A, B, C, D, E, F, G>(
  a: Link<In, A>,
  b: Link<A, B>,
  c: Link<B, C>,
  d: Link<C, D>,
  e: Link<D, E>,
  f: Link<E, F>,
  g: Link<F, G>,
): Step<In, G>;
export function sequence<In, A, B, C, D, E, F, G, H>(
  a: Link<In, A>,
  b: Link<A, B>,
  c: Link<B, C>,
  d: Link<C, D>,
  e: Link<D, E>,
  f: Link<E, F>,
  g: Link<F, G>,
  h: Link<G, H>,
): Step<In, H>;
export function sequence<const S extends readonly AnyStep[]>(
  ...steps: S & Chain<S>
): Step<SequenceInput<S>, SequenceOutput<S>>;
export function sequence(...steps: readonly Link<never, unknown>[]): Step<never, unknown> {
  return asStep(new SequenceNode(nodesOf(steps, 'sequence: step')));
}

/** A step as a part of a sequence; in this form, the types of short sequences flow from each part to the next. */
export type Link<I, O> = (source: Observable<I | Emission<I>>) => Observable<Emission<O>>;

/** What a sequence of these steps takes. */
export type SequenceInput<S extends readonly AnyStep[]> = S extends readonly [] ? unknown : InputOf<S[0]>;

/** What a sequence of these steps gives. */
export type SequenceOutput<S extends readonly AnyStep[]> = number extends S['length']
  ? OutputOf<S[number]>
  : Fold<S, SequenceInput<S>>;

/** The same steps where each takes what the one before gives; a step that would not fit is asked to. */
export type Chain<S extends readonly AnyStep[]> = number extends S['length']
  ? readonly Step<OutputOf<S[number]>, unknown, unknown>[]
  : Links<S, SequenceInput<S>>;

type Links<S, Previous, Done extends readonly unknown[] = []> = S extends readonly [infer A, ...infer Rest]
  ? Links<Rest, After<A, Previous>, [...Done, Step<Previous, unknown, unknown>]>
  : Done;

type Fold<S, Previous> = S extends readonly [infer A, ...infer Rest]
  ? Fold<Rest, After<A, Previous>>
  : Previous;

type After<A, Previous> = A extends { readonly [adds]: infer Add } ? Previous & Add : OutputOf<A>;
