import { budget } from '../../../operators/policies/budget.ts';
import { timeout } from '../../../operators/policies/timeout.ts';
import { toMs } from '../../core/duration.ts';
import type { Step } from '../../core/step-types.ts';
import { UsageError } from '../usage-error.ts';

export interface Limits {
  /** US dollars. */
  readonly maxCost?: string;
  /** Such as `30s`. */
  readonly timeout?: string;
}

/** A workflow under the policies that a command line asks for. */
export function limited(
  step: Step<unknown, unknown>,
  { maxCost, timeout: duration }: Limits,
): Step<unknown, unknown> {
  if (maxCost !== undefined && !(maxCost.trim() !== '' && Number(maxCost) >= 0))
    throw new UsageError(`--max-cost ${maxCost} is not an amount of US dollars, such as 0.50`);
  const affordable = maxCost === undefined ? step : step.with(budget({ usd: Number(maxCost) }));
  return duration === undefined ? affordable : affordable.with(timeout(timeOf(duration)));
}

function timeOf(duration: string): string {
  try {
    toMs(duration, '--timeout');
    return duration;
  } catch {
    const unit = /^[\d.]+$/.test(duration)
      ? `has no unit: write ${duration}s or ${duration}ms`
      : 'is not a time, such as 30s, 2m or 1h30m';
    throw new UsageError(`--timeout ${duration} ${unit}`);
  }
}
