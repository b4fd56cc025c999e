import { describe, expect, it } from 'vitest';
import { cronSchedule } from '../../../operators/triggers/cron-schedule.ts';

/** Everything due in a year, from the first of January, noon. */
function dueIn(year: number, expression: string, timezone: string): number[] {
  const dueAfter = cronSchedule(expression, timezone);
  const due: number[] = [];
  for (let at = dueAfter(Date.UTC(year, 0, 1, 12)); at !== undefined; at = dueAfter(at)) {
    if (at > Date.UTC(year + 1, 0, 1, 12)) break;
    due.push(at);
  }
  return due;
}

describe('cronSchedule', () => {
  it.each([
    ['America/New_York', 2026],
    ['America/Sao_Paulo', 2018],
    ['America/Havana', 2026],
    ['Europe/Berlin', 2026],
    ['Africa/Casablanca', 2026],
    ['Asia/Beirut', 2026],
    ['Australia/Lord_Howe', 2026],
  ] as const)('is due once a day in %s, whatever the time', { timeout: 60_000 }, (timezone, year) => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' });
    for (const expression of ['0 0 * * *', '30 1 * * *', '15 2 * * *']) {
      const days = dueIn(year, expression, timezone).map((ms) => format.format(ms));
      expect(new Set(days).size).toBe(days.length);
      expect(days.length).toBe(365);
    }
  });

  it('is never due twice at one time of day, nor out of order', { timeout: 60_000 }, () => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'short',
    });
    for (const expression of ['*/20 1-3 * 3,10 *', '* 2 25,29 3,10 *', '0 */3 * 3,10 *']) {
      const due = dueIn(2026, expression, 'Europe/Berlin');
      expect(due).toEqual(due.toSorted((a, b) => a - b));
      const times = due.map((ms) => format.format(ms));
      expect(new Set(times).size).toBe(times.length);
    }
  });

  it.each([
    ['30 * * * * *', '2026-05-01T12:00:30'],
    ['0 9 * * mon', '2026-05-04T09:00:00'],
    ['0 0 L * *', '2026-05-31T00:00:00'],
    ['0 0 * * fri#2', '2026-05-08T00:00:00'],
    ['@daily', '2026-05-02T00:00:00'],
    ['0 0 0 1 1 * 2028', '2028-01-01T00:00:00'],
  ])('takes %s', (expression, due) => {
    const dueAt = cronSchedule(expression, 'UTC')(Date.UTC(2026, 4, 1, 12)) ?? Number.NaN;
    expect(new Date(dueAt).toISOString()).toBe(`${due}.000Z`);
  });

  it('is due after a time, not at it', () => {
    const dueAfter = cronSchedule('0 * * * *', 'UTC');
    const noon = Date.UTC(2026, 4, 1, 12);
    expect(dueAfter(noon - 1)).toBe(noon);
    expect(dueAfter(noon)).toBe(noon + 3_600_000);
  });

  it('is undefined when nothing is due any more', () => {
    expect(cronSchedule('0 0 0 1 1 * 2020', 'UTC')(Date.UTC(2026, 0, 1))).toBeUndefined();
  });
});
