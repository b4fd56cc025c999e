import { asStep } from '../../src/core/as-step.ts';
import { checkOptions } from '../../src/core/check-given.ts';
import type { Duration } from '../../src/core/duration.ts';
import { ApprovalRejectedError } from '../../src/core/errors.ts';
import type { Decision } from '../../src/core/mailbox.ts';
import { checkId } from '../../src/core/path.ts';
import { StepNode } from '../../src/core/step-node.ts';
import type { Step } from '../../src/core/step-types.ts';
import { WaitNode } from './wait-frame.ts';

export interface ApprovalOptions {
  /** What is to be approved: the name of the signal, and the id of the step. */
  readonly name: string;
  /** How long to wait. Default: for ever. */
  readonly timeout?: Duration;
}

/**
 * Waits until somebody says yes, and gives its input as its output.
 *
 * signals$                        -----(release: approved)|
 * approval({ name: 'release' })   (release started, waiting)-----(resumed, release completed)|
 *
 * The decision is a signal of that name with a {@link Decision} for its payload; in an Orchestra, `handle.approve(name)` and
 * `handle.reject(name)` send it. Anything else that is sent under the name is told of in a `step.log`, and the wait goes on.
 *
 * Time: `timeout` in milliseconds on the run's clock, from the start of the wait; a restart does not begin it anew.
 *
 * Errors: `ApprovalRejectedError` on a no, `StepTimeoutError`. `retry` does not retry the first.
 *
 * Events: `step.waiting` with a wait of kind `approval`, then `step.resumed`.
 *
 * Unsubscribing stops waiting.
 *
 * ```ts
 * import { map, timer } from 'rxjs';
 * import { outputOf, run, step } from 'tutti';
 * import { approval, sequence } from 'tutti/operators';
 *
 * const publish = step('publish', (text: string) => `published: ${text}`);
 * const checked = sequence(approval<string>({ name: 'editor' }), publish);
 * const signals$ = timer(5).pipe(map(() => ({ name: 'editor', payload: { approved: true, by: 'Ann' } })));
 * console.log(await outputOf(run(checked, 'a poem', { signals$ }))); // published: a poem
 * ```
 *
 * @param options `name`, `timeout`
 */
export function approval<T>(options: ApprovalOptions): Step<T, T> {
  checkOptions<ApprovalOptions>('approval', options, { name: 'string', timeout: 'any' });
  const { name, timeout } = options;
  checkId(name, 'approval');
  const answer = (payload: unknown, input: unknown): unknown => {
    const decision = payload as Decision;
    if (decision.approved) return input;
    throw new ApprovalRejectedError(name, decision);
  };
  const plan = { id: name, kind: 'approval', name, schema: decisions, answer } as const;
  return asStep(new StepNode(name, {}, new WaitNode(plan, timeout)));
}

/** Takes what says yes or no. */
export const decisions = {
  '~standard': {
    version: 1,
    vendor: 'tutti',
    validate: (value: unknown) =>
      isDecision(value) ? { value } : { issues: [{ message: 'approved must be true or false' }] },
  },
} as const;

function isDecision(value: unknown): value is Decision {
  return (
    typeof value === 'object' && value !== null && 'approved' in value && typeof value.approved === 'boolean'
  );
}
