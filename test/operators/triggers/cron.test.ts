import { type Observable, take, timer } from 'rxjs';
import { DefinitionError, step } from 'tutti';
import { ofType, onEach } from 'tutti/operators';
import { type MarblesContext, marbles } from 'tutti/testing';
import { cron } from 'tutti/triggers';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { Calendar } from './calendar.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const berlin = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Berlin',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** The ticks of some time from a date on: when each came, in UTC, to the minute. */
function ticks(
  m: MarblesContext,
  from: string,
  lengthMs: number,
  expression: string,
  timezone: string,
): { readonly dueAt: number[]; readonly cameAt: number[] } {
  const scheduler = new Calendar(from);
  const seen = { dueAt: [] as number[], cameAt: [] as number[] };
  const subscription = cron(expression, { timezone, scheduler }).subscribe((dueAt) => {
    seen.dueAt.push(dueAt);
    seen.cameAt.push(scheduler.now());
  });
  timer(lengthMs).subscribe(() => subscription.unsubscribe());
  m.flush();
  return seen;
}

const utc = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

describe('cron', () => {
  it(
    'ticks when it is due, with that time',
    marbles((m) => {
      const scheduler = new Calendar('2026-05-01T12:00:10Z');
      const ticks$ = cron('*/5 * * * *', { timezone: 'UTC', scheduler }).pipe(take(2));
      m.expect(ticks$).toBeObservable('290s a 299999ms (b|)', {
        a: Date.parse('2026-05-01T12:05:00Z'),
        b: Date.parse('2026-05-01T12:10:00Z'),
      });
    }),
  );

  it(
    'does not tick for the very moment in which it is subscribed',
    marbles((m) => {
      const { dueAt } = ticks(m, '2026-05-01T12:00:00Z', 3 * minute - 1, '* * * * *', 'UTC');
      expect(dueAt.map(utc)).toEqual(['2026-05-01T12:01', '2026-05-01T12:02']);
    }),
  );

  it(
    'waits for longer than a timer can',
    marbles((m) => {
      const { dueAt, cameAt } = ticks(m, '2026-05-02T00:00:00Z', 366 * day, '0 0 1 5 *', 'UTC');
      expect(dueAt.map(utc)).toEqual(['2027-05-01T00:00']);
      expect(cameAt).toEqual(dueAt);
    }),
  );

  it(
    'completes after the last of its years, and at once when they are over',
    marbles((m) => {
      const scheduler = new Calendar('2026-12-31T23:59:59Z');
      const last = Date.parse('2027-01-01T00:00:00Z');
      m.expect(cron('0 0 0 1 1 * 2026-2027', { timezone: 'UTC', scheduler })).toBeObservable('1s (a|)', {
        a: last,
      });
      m.expect(cron('0 0 0 1 1 * 2020', { timezone: 'UTC', scheduler })).toBeObservable('|');
    }),
  );

  describe('where clocks are put forward, in Berlin on 29 March 2026 from 2:00 to 3:00', () => {
    it.each([
      ['30 2 * * *', ['2026-03-28 02:30', '2026-03-29 03:00', '2026-03-30 02:30']],
      ['*/20 2 * * 7', ['2026-03-29 03:00']],
      ['0 1-4 29 * *', ['2026-03-29 01:00', '2026-03-29 03:00', '2026-03-29 04:00']],
      ['0 */2 29 3 *', hours('2026-03-29', [0, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22])],
    ])(
      '%s is due once at each of its times',
      marbles((m, expression: string, due: readonly string[]) => {
        const { dueAt } = ticks(m, '2026-03-27T12:00:00Z', 3 * day, expression, 'Europe/Berlin');
        expect(dueAt.map((ms) => berlin.format(ms))).toEqual(due);
      }),
    );
  });

  describe('where clocks are put back, in Berlin on 25 October 2026 from 3:00 to 2:00', () => {
    it.each([
      ['30 2 * * *', ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30']],
      ['*/30 2 25 * *', ['2026-10-25T00:00', '2026-10-25T00:30']],
      ['0 1-3 25 * *', ['2026-10-24T23:00', '2026-10-25T00:00', '2026-10-25T02:00']],
    ])(
      '%s is due once at each of its times',
      marbles((m, expression: string, due: readonly string[]) => {
        const { dueAt } = ticks(m, '2026-10-23T12:00:00Z', 3 * day, expression, 'Europe/Berlin');
        expect(dueAt.map(utc)).toEqual(due);
      }),
    );
  });

  it.each(['2026-03-28T20:00:00Z', '2026-10-24T20:00:00Z'])(
    'goes by the time that passes where it names no hours, from %s',
    marbles((m, from: string) => {
      const { dueAt } = ticks(m, from, 12 * hour + 1, '*/15 * * * *', 'Europe/Berlin');
      expect(dueAt).toEqual(Array.from({ length: 48 }, (_, n) => Date.parse(from) + (n + 1) * 15 * minute));
    }),
  );

  it(
    'does not tick twice when the clock is put back',
    marbles((m) => {
      const scheduler = new Calendar('2026-05-01T12:00:00Z');
      const seen: string[] = [];
      const subscription = cron('0 * * * *', { timezone: 'UTC', scheduler }).subscribe((dueAt) => {
        seen.push(utc(dueAt));
        if (seen.length === 1) scheduler.put(-2 * minute);
      });
      timer(3 * hour).subscribe(() => subscription.unsubscribe());
      m.flush();
      expect(seen).toEqual(['2026-05-01T13:00', '2026-05-01T14:00']);
    }),
  );

  it(
    'is due no later than five minutes after the clock was put forward past it, and skips what else was missed',
    marbles((m) => {
      const scheduler = new Calendar('2026-05-01T12:30:00Z');
      const seen: string[] = [];
      const subscription = cron('0 * * * *', { timezone: 'UTC', scheduler }).subscribe((dueAt) => {
        seen.push(`${utc(dueAt)} at ${utc(scheduler.now())}`);
      });
      timer(12 * minute).subscribe(() => scheduler.put(8 * hour));
      timer(60 * minute).subscribe(() => subscription.unsubscribe());
      m.flush();
      expect(seen).toEqual(['2026-05-01T13:00 at 2026-05-01T20:45', '2026-05-01T21:00 at 2026-05-01T21:00']);
    }),
  );

  it(
    'goes on while its listener takes longer than it waits',
    marbles((m) => {
      const scheduler = new Calendar('2026-05-01T12:00:00Z');
      const seen: string[] = [];
      cron('* * * * * *', { timezone: 'UTC', scheduler })
        .pipe(take(4))
        .subscribe((dueAt) => {
          seen.push(new Date(dueAt).toISOString().slice(17, 19));
          scheduler.put(1500);
        });
      m.flush();
      expect(seen).toEqual(['01', '02', '03', '05']);
    }),
  );

  it(
    'triggers runs, and ends its timer when it is unsubscribed',
    marbles((m) => {
      const scheduler = new Calendar('2026-05-01T12:00:00Z');
      const greet = step('greet', (dueAt: number) => utc(dueAt));
      const seen: string[] = [];
      const subscription = cron('0 9 * * *', { timezone: 'Europe/Berlin', scheduler })
        .pipe(onEach(greet), ofType('run.completed'))
        .subscribe(({ output }) => seen.push(output));
      timer(30 * hour).subscribe(() => subscription.unsubscribe());
      m.flush();
      expect(seen).toEqual(['2026-05-02T07:00']);
      expect(m.scheduler.now()).toBe(30 * hour);
    }),
  );

  it(
    'counts from when each who listens does',
    marbles((m) => {
      const scheduler = new Calendar('2026-05-01T12:00:30Z');
      const ticks$ = cron('* * * * *', { timezone: 'UTC', scheduler }).pipe(take(1));
      m.expect(ticks$).toBeObservable('30s (a|)', { a: Date.parse('2026-05-01T12:01:00Z') });
      m.expect(ticks$, '40s ^').toBeObservable('90s (a|)', { a: Date.parse('2026-05-01T12:02:00Z') });
    }),
  );

  it('takes the zone of the machine if none is given', () => {
    expect(() => cron('0 9 * * *')).not.toThrow();
  });

  it.each([
    '',
    'soon',
    '* * * *',
    '60 * * * *',
    '0 24 * * *',
    '*/0 5 * * *',
    '5-1 5 * * *',
    '0 0 30 2 *',
    '10:00',
  ])('refuses %j', (expression) => {
    expect(() => cron(expression)).toThrow(DefinitionError);
    expect(() => cron(expression)).toThrow(/^cron: "/);
  });

  it('says what it takes, and what is wrong', () => {
    expect(() => cron('61 * * * *')).toThrow(
      `cron: "61 * * * *" is not a cron expression such as '0 9 * * mon-fri': `,
    );
    expect(() => cron('61 * * * *')).toThrow(/minute.*61/);
  });

  it('refuses a time zone that there is not', () => {
    expect(() => cron('0 9 * * *', { timezone: 'Mars/Olympus' })).toThrow(
      new DefinitionError(
        `cron: "Mars/Olympus" is not a time zone that is known here, such as 'Europe/Berlin'`,
      ),
    );
    expect(() => cron('0 9 * * *', { timezone: '' })).toThrow(/^cron: "" is not a time zone/);
  });

  it('gives times', () => {
    expectTypeOf(cron('0 9 * * *')).toEqualTypeOf<Observable<number>>();
  });
});

function hours(date: string, of: readonly number[]): string[] {
  return of.map((one) => `${date} ${String(one).padStart(2, '0')}:00`);
}
