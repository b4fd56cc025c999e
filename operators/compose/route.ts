import { isMatching, type P } from 'ts-pattern';
import { asStep, nodesOf } from '../../src/core/as-step.ts';
import { DefinitionError, textOf } from '../../src/core/errors.ts';
import type { AnyStep, Step } from '../../src/core/step-types.ts';
import { AlternativesNode } from './alternatives.ts';

/** Steps by pattern, while they are being listed. `Rest` is what no pattern has covered yet. */
export interface Routes<I, Rest, O> {
  /** Inputs that match `pattern`, and none before it, go to `step`. */
  case<const Pattern extends P.Pattern<Rest>, Q>(
    pattern: Pattern,
    step: Step<P.narrow<Rest, Pattern>, Q, unknown>,
  ): Routes<I, Exclude<Rest, P.narrow<Rest, Pattern>>, O | Q>;
  /** All other inputs go to `step`. */
  otherwise<Q>(step: Step<Rest, Q, unknown>): Step<I, O | Q>;
  /** There are no other inputs: does not compile when a member of the input's union is left. */
  exhaustive(...left: [Rest] extends [never] ? [] : [notCovered: Rest]): Step<I, O>;
}

/**
 * Runs the step whose pattern the input matches, the first of several.
 *
 * fix       --(value F)|
 * discuss   ---(value D)|
 * route().case({ kind: 'bug' }, fix).case({ kind: 'idea' }, discuss).exhaustive()
 *           (discuss started)---(discuss completed)|   on { kind: 'idea' }
 *
 * Patterns are those of ts-pattern: literals, records, arrays, `P.string`, `P.when(...)`, `P.union(...)`.
 *
 * Errors: those of the step taken; `DefinitionError` for an input that no pattern matches, which happens only where
 * the types are wrong.
 *
 * Events: those of the step taken. Paths: `/route/<id>`.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { route } from 'tutti/operators';
 *
 * type Ticket = { kind: 'bug'; trace: string } | { kind: 'idea'; text: string };
 * const fix = step('fix', (bug: { kind: 'bug'; trace: string }) => `fixed ${bug.trace}`);
 * const discuss = step('discuss', (idea: { kind: 'idea'; text: string }) => idea.text.length);
 * const triage = route<Ticket>().case({ kind: 'bug' }, fix).case({ kind: 'idea' }, discuss).exhaustive();
 * // Step<Ticket, string | number>
 * ```
 */
export function route<I>(): Routes<I, I, never> {
  return new RouteBuilder([]);
}

class RouteBuilder<I, Rest, O> implements Routes<I, Rest, O> {
  readonly #cases: readonly { pattern: unknown; step: AnyStep }[];

  constructor(cases: readonly { pattern: unknown; step: AnyStep }[]) {
    this.#cases = cases;
  }

  case(pattern: unknown, step: AnyStep): RouteBuilder<I, never, never> {
    return new RouteBuilder([...this.#cases, { pattern, step }]);
  }

  otherwise<Q>(step: Step<Rest, Q, unknown>): Step<I, O | Q> {
    return this.#build([...this.#cases.map((one) => one.step), step], this.#cases.length);
  }

  exhaustive(): Step<I, O> {
    return this.#build(
      this.#cases.map((one) => one.step),
      undefined,
    );
  }

  #build<Out>(steps: readonly AnyStep[], otherwise: number | undefined): Step<I, Out> {
    const tests = this.#cases.map(({ pattern }) => isMatching(pattern as P.Pattern<unknown>));
    const choose = (input: unknown): number => {
      const found = tests.findIndex((matches) => matches(input));
      if (found >= 0) return found;
      if (otherwise === undefined) throw new DefinitionError(`route: no pattern matches ${describe(input)}`);
      return otherwise;
    };
    return asStep(new AlternativesNode('route', nodesOf(steps, 'route: step'), choose));
  }
}

function describe(input: unknown): string {
  try {
    return JSON.stringify(input) ?? textOf(input);
  } catch {
    return textOf(input);
  }
}
