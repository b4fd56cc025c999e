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
  const zone = timezone === undefined ? '' : ` in ${timezone}`;
  const named = `cron: ${JSON.stringify(expression)}`;
  if (timezone !== undefined) checkTimezone(timezone);
  const dueAfter = (pattern: Cron, ms: number) => pattern.nextRun(new Date(ms))?.getTime();
  try {
    const pattern = new Cron(timesOfDay(expression), {
      ...(timezone !== undefined && { timezone }),
      fixedTimeRule: 'no-wildcard',
    });
    if (dueAfter(pattern, 0) !== undefined) return (ms) => dueAfter(pattern, ms);
  } catch (error) {
    throw new DefinitionError(
      `${named} is not a cron expression such as '0 9 * * mon-fri': ${textOf(error).replace(/^CronPattern: /, '')}`,
      { cause: error },
    );
  }
  throw new DefinitionError(`${named}${zone} is never due`);
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (error) {
    throw new DefinitionError(
      `cron: ${JSON.stringify(timezone)} is not a time zone that is known here, such as 'Europe/Berlin'`,
      { cause: error },
    );
  }
}
