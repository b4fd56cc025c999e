import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { DefinitionError, MaxStepsError } from '../../src/core/errors.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';
import type { Step } from '../../src/core/step-types.ts';

export interface LoopOptions<T> {
  /** Whether it is done, from the pass's output and its number, counted from 1. */
  readonly until?: (output: T, pass: number) => boolean;
  /** How many passes at most: a whole number from 1. */
  readonly max?: number;
}

/**
 * Runs a step again and again, each pass on the output of the one before, until a condition holds.
 *
 * draft                          --(value D)|
 * loop(draft, { until: good })   (draft#1 started)--(draft#2 started)--(draft#3 started)--(value D)|
 *
 * With `max` alone, it makes exactly that many passes.
 *
 * Errors: the failure of a pass; `MaxStepsError` when `until` does not hold after `max` passes; `DefinitionError` when
 * neither is given.
 *
 * Events: those of the step, each pass under a path of its own: `/loop/draft#1`, `/loop/draft#2`.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { loop } from 'tutti/operators';
 *
 * const halve = step('halve', (n: number) => n / 2);
 * console.log(await outputOf(run(loop(halve, { until: (n) => n < 10 }), 100))); // 6.25
 * ```
 *
 * @param step its output is the input of the next pass
 * @param options `until`, `max`, or both
 */
export function loop<I, O extends I>(
  step: Step<I, O, unknown>,
  options: LoopOptions<NoInfer<O>>,
): Step<I, O> {
  checkOptions<LoopOptions<NoInfer<O>>>('loop', options, { until: 'function', max: 'number' });
  const { until, max } = options;
  if (until === undefined && max === undefined)
    throw new DefinitionError('loop: until or max is needed, or it would never end');
  if (max !== undefined && !(Number.isInteger(max) && max >= 1))
    throw new DefinitionError(`loop: max ${max} is not a whole number from 1`);
  return asStep(
    new LoopNode(nodeOf(step, 'loop: the body'), until as LoopNode['until'], max ?? Number.POSITIVE_INFINITY),
  );
}

class LoopNode implements Node {
  readonly name = 'loop';
  readonly inside: Node;
  readonly until: ((output: unknown, pass: number) => boolean) | undefined;
  readonly max: number;

  constructor(inside: Node, until: LoopNode['until'], max: number) {
    this.inside = inside;
    this.until = until;
    this.max = max;
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new LoopFrame(this, parent, path, slot);
  }
}

class LoopFrame extends Frame {
  readonly #node: LoopNode;
  #pass = 0;

  constructor(node: LoopNode, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#node = node;
  }

  begin(input: unknown): void {
    this.#again(input);
  }

  override childSucceeded(_child: Piece, output: unknown): void {
    const { until, max } = this.#node;
    if (until !== undefined && this.#isDone(until, output)) this.succeed(output);
    else if (this.#pass < max) this.#again(output);
    else if (until === undefined) this.succeed(output);
    else this.fail(new MaxStepsError(max));
  }

  #isDone(until: (output: unknown, pass: number) => boolean, output: unknown): boolean {
    const pass = this.#pass;
    const ask = (): boolean => until(output, pass) === true;
    const { journal } = this.scope;
    return journal === undefined ? ask() : journal.decide(this.path, `until#${pass}`, ask);
  }

  #again(input: unknown): void {
    const { inside } = this.#node;
    this.#pass++;
    this.spawn(inside, input, `/${inside.name}#${this.#pass}`, this.#pass);
  }
}
