import { Cron } from 'croner';
import { DefinitionError, textOf } from '../../src/core/errors.ts';
import { timesOfDay } from './times-of-day.ts';

/**
 * When a cron expression is due next after a time, if ever; both in milliseconds of the epoch.
 *
 * Errors: `DefinitionError` for an invalid expression or time zone.
 */
export function cronSchedule(
  expression: string,
  timezone: string | undefined,
): (ms: number) => number | undefined {
  const named = `cron: ${JSON.stringify(expression)}${timezone === undefined ? '' : ` in ${timezone}`}`;
  const dueAfter = (pattern: Cron, ms: number) => pattern.nextRun(new Date(ms))?.getTime();
  try {
    const pattern = new Cron(timesOfDay(expression), {
      ...(timezone !== undefined && { timezone }),
      fixedTimeRule: 'no-wildcard',
    });
    if (dueAfter(pattern, 0) !== undefined) return (ms) => dueAfter(pattern, ms);
  } catch (error) {
    throw new DefinitionError(`${named}: ${textOf(error)}`, { cause: error });
  }
  throw new DefinitionError(`${named} is never due`);
}
