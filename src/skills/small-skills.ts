import { z } from 'zod';
import { sleep } from '../../operators/compose/sleep.ts';
import { asStep, nodeOf } from '../core/as-step.ts';
import { toMs } from '../core/duration.ts';
import { step } from '../core/step.ts';
import { StepNode } from '../core/step-node.ts';
import type { Step } from '../core/step-types.ts';

/** Gives what its input is made of: a mapping, and nothing else. */
export const transformSkill: Step<unknown, unknown> = step('transform', (given: unknown) => given);

const logInput = z.object({
  message: z.string(),
  level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/** Tells a message, as `step.log`, and gives it. */
export const logSkill: Step<z.input<typeof logInput>, string> = step({
  id: 'log',
  input: logInput,
  output: z.string(),
  run({ message, level }, { log }) {
    log(message, level);
    return message;
  },
});

const time = z
  .string()
  .refine(isDuration, { error: 'a duration is a number with a unit, such as "30s", "250ms" or "1h30m"' });

const sleepInput = z.looseObject({ duration: z.union([time, z.number()]) });

type SleepInput = z.output<typeof sleepInput>;

/** Waits for the `duration` in its input, and gives its input. */
export const sleepSkill: Step<SleepInput, SleepInput> = checked(
  sleep(({ duration }: SleepInput) => duration),
);

function isDuration(text: string): boolean {
  try {
    toMs(text, '');
    return true;
  } catch {
    return false;
  }
}

function checked(sleeping: Step<SleepInput, SleepInput>): Step<SleepInput, SleepInput> {
  const node = nodeOf(sleeping) as StepNode;
  return asStep(new StepNode(node.id, { input: sleepInput }, node.inside));
}
