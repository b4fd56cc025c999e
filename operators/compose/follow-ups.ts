import { asStep, nodeOf } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { Piece } from '../../src/core/piece.ts';
import type { Scope } from '../../src/core/scope.ts';
import { StepNode } from '../../src/core/step-node.ts';
import type { Step } from '../../src/core/step-types.ts';
import { WaitNode } from './wait-frame.ts';

export interface FollowUpOptions {
  /** How long to wait for a further question after each answer. */
  readonly timeout: Duration;
}

/** The signal that a further question is, and the id of the step that waits for it. */
const followUpSignal = 'followUp';

/**
 * Answers, then waits for a further question, and answers that in the same context, until nobody asks any more.
 *
 * signals$                              -----(followUp)|
 * chat                                  --(value A)|
 * followUps(chat, { timeout: '4ms' })   (chat#1 started)--(chat#1 completed, followUp#1 waiting)
 *                                       ---(followUp#1 resumed, chat#2 started)--(chat#2 completed, followUp#2 waiting)
 *                                       ----(followUp#2 completed)|
 *
 * The last answer is the output; the first one stands when nobody asks. Each answer can be read from the `step.completed` of its
 * pass before the wait is over. A question is a signal `followUp` with the input for its payload; in an Orchestra,
 * `handle.followUp(question)` sends it. From the second pass on, `ctx.context` has the answer before as `previous`.
 *
 * Time: `timeout` in milliseconds on the run's clock, from each answer.
 *
 * Errors: those of the step.
 *
 * Events: those of the step, a pass at a time: `/followUps/chat#1`; of the step `followUp`, with a wait of kind `followUp`.
 *
 * ```ts
 * import { map, timer } from 'rxjs';
 * import { outputOf, run, step } from 'tutti';
 * import { followUps } from 'tutti/operators';
 *
 * const chat = step('chat', (question: string) => `You ask: ${question}`);
 * const signals$ = timer(1).pipe(map(() => ({ name: 'followUp', payload: 'And why?' })));
 * console.log(await outputOf(run(followUps(chat, { timeout: '20ms' }), 'Who?', { signals$ }))); // You ask: And why?
 * ```
 *
 * Source: the MARSYS page.
 *
 * @param step takes a question, gives an answer
 * @param options `timeout`
 */
export function followUps<I, O>(step: Step<I, O, unknown>, options: FollowUpOptions): Step<I, O> {
  checkOptions<FollowUpOptions>('followUps', options, { timeout: 'any' });
  return asStep(
    new FollowUpsNode(nodeOf(step, 'followUps: the step'), toMs(options.timeout, 'followUps: timeout')),
  );
}

/** A further question, or that nobody asked one. */
type Asked = { readonly question: unknown } | undefined;

class FollowUpsNode implements Node {
  readonly name = 'followUps';
  readonly inside: Node;
  readonly wait: Node;

  constructor(inside: Node, timeoutMs: number) {
    this.inside = inside;
    const plan = {
      id: followUpSignal,
      kind: 'followUp',
      name: followUpSignal,
      schema: undefined,
      answer: (question: unknown): Asked => ({ question }),
      late: (): Asked => undefined,
    } as const;
    this.wait = new StepNode(followUpSignal, {}, new WaitNode(plan, timeoutMs));
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new FollowUpsFrame(this, parent, path, slot);
  }
}

const answering = 0;
const waiting = 1;

class FollowUpsFrame extends Frame {
  readonly #node: FollowUpsNode;
  #pass = 0;
  #answer: unknown;
  #inner: Scope;

  constructor(node: FollowUpsNode, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#node = node;
    this.#inner = this.scope;
  }

  override scopeOfChildren(): Scope {
    return this.#inner;
  }

  begin(input: unknown): void {
    this.#next(input);
  }

  override childSucceeded({ slot }: Piece, output: unknown): void {
    if (slot === answering) {
      this.#answer = output;
      this.spawn(this.#node.wait, undefined, `/${followUpSignal}#${this.#pass}`, waiting);
      return;
    }
    const asked = output as Asked;
    if (asked === undefined) return this.succeed(this.#answer);
    const { scope } = this;
    this.#inner = scope.with({ context: withPrevious(scope.context, this.#answer) });
    this.#next(asked.question);
  }

  #next(input: unknown): void {
    const { inside } = this.#node;
    this.#pass++;
    this.spawn(inside, input, `/${inside.name}#${this.#pass}`, answering);
  }
}

/** A record gets one more member; anything else is kept beside it, as `context`. */
function withPrevious(context: unknown, previous: unknown): unknown {
  if (context === undefined || context === null) return { previous };
  return typeof context === 'object' && !Array.isArray(context)
    ? { ...context, previous }
    : { context, previous };
}
