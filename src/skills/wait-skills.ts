import { z } from 'zod';
import { decisions } from '../../operators/compose/approval.ts';
import { WaitNode, type WaitPlan } from '../../operators/compose/wait-frame.ts';
import { asStep } from '../core/as-step.ts';
import { toMs } from '../core/duration.ts';
import { ApprovalRejectedError } from '../core/errors.ts';
import type { Decision } from '../core/mailbox.ts';
import { StepNode } from '../core/step-node.ts';
import type { Step } from '../core/step-types.ts';

const waitInput = z.looseObject({
  signal: z.string().min(1).optional().describe("what it waits for; default the step's id"),
  within: z.union([z.string(), z.number()]).optional().describe('how long at most'),
});

type WaitInput = z.output<typeof waitInput>;

/**
 * Waits until somebody says yes, and gives its input with the decision: `approved`, `by`, `comment`.
 *
 * The approval has the name that its input says as `signal`, else the id that the step has in its workflow. What else is in the input
 * is there for who decides.
 *
 * Errors: `ApprovalRejectedError` on a no; `StepTimeoutError` when nobody decides `within` the time of its input.
 */
export const approvalSkill: Step<WaitInput, WaitInput & Decision> = waiting('approval', {
  kind: 'approval',
  schema: decisions,
  answer: (payload, input, name) => {
    const decision = payload as Decision;
    const { signal: _, within: __, ...given } = input as WaitInput;
    if (!decision.approved) throw new ApprovalRejectedError(name, decision);
    return { ...given, ...decision };
  },
});

/**
 * Waits for a signal, and gives what it brings.
 *
 * The signal has the name that its input says as `signal`, else the id that the step has in its workflow.
 *
 * Errors: `StepTimeoutError` when none comes `within` the time of its input.
 */
export const waitForSkill: Step<WaitInput, unknown> = waiting('wait_for', {
  kind: 'event',
  schema: undefined,
  answer: (payload) => payload,
});

function waiting<O>(id: string, plan: Pick<WaitPlan, 'kind' | 'schema' | 'answer'>): Step<WaitInput, O> {
  const asked = (input: unknown, step: string): ReturnType<NonNullable<WaitPlan['asked']>> => {
    const { signal: name = step, within } = input as WaitInput;
    return { id: step, name, ...(within !== undefined && { timeoutMs: toMs(within, `${step}: within`) }) };
  };
  return asStep(
    new StepNode(id, { input: waitInput }, new WaitNode({ ...plan, id, name: id, asked }, undefined)),
  );
}
