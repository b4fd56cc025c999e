import { concat, EMPTY, of, throwError } from 'rxjs';
import { DefinitionError, run, type Step, StepTimeoutError, start } from 'tutti';
import { parallel, race, retry, sequence, timeout, values, waitFor } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';
import { sent } from '../sent.ts';
import { Timers } from '../timers.ts';

describe('waitFor', () => {
  it(
    'gives what is sent under its name, and nothing else',
    marbles((m) => {
      const signals$ = sent([1, 'other', 'no'], [3, 'paid', { usd: 12 }]);
      const done = record(run(waitFor('paid'), 'x', { signals$ }));
      m.flush();
      expect(done.events).toBeTimeline('(run> paid> paid=) 3ms (paid+ paid| run|)');
      expect(done.all('step.waiting')).toMatchObject([{ wait: { kind: 'event', name: 'paid' } }]);
      expect(done.all('step.waiting')[0]?.wait).not.toHaveProperty('dueAt');
      expect(done.all('step.resumed')).toMatchObject([{ cause: 'paid' }]);
      expect(done.output).toEqual({ usd: 12 });
    }),
  );

  it(
    'finds what was sent before it waited, at once or earlier',
    marbles((m) => {
      const early = of({ name: 'paid', payload: 'early' });
      m.expectRun(run(waitFor('paid'), 'x', { signals$: early })).toBe('(run> paid> paid= paid+ paid| run|)');
      const slow = fakeStep(m, 'slow', '-----(s|)');
      const done = record(run(sequence(slow, waitFor('paid')), 'x', { signals$: sent([2, 'paid', 'kept']) }));
      m.flush();
      expect(done.events).toBeTimeline('(run> slow>) 5ms (slow. slow| paid> paid= paid+ paid| run|)');
      expect(done.output).toBe('kept');
    }),
  );

  it(
    'gives each signal to one wait, the first to those who waited first',
    marbles((m) => {
      const both = parallel([waitFor('go'), waitFor('go')]);
      const done = record(run(both, 'x', { signals$: sent([1, 'go', 'one'], [4, 'go', 'two']) }));
      const inTurn = sequence(waitFor('go'), waitFor('go'));
      const turns = record(run(inTurn, 'x', { signals$: sent([1, 'go', 'one'], [1, 'go', 'two']) }));
      m.flush();
      expect(done.output).toEqual(['one', 'two']);
      expect(done.end.durationMs).toBe(4);
      expect(turns.output).toBe('two');
      expect(turns.started).toEqual(['/go', '/go~2']);
    }),
  );

  it(
    'tells what its schema refuses, and waits for the next',
    marbles((m) => {
      const usd = z.object({ usd: z.string().transform(Number) });
      const paid = waitFor('paid', { schema: usd });
      const signals$ = sent([1, 'paid', { usd: 5 }], [2, 'paid'], [3, 'paid', { usd: '7' }]);
      const done = record(run(paid, 'x', { signals$ }));
      m.flush();
      expect(done.events).toBeTimeline('(run> paid> paid=) 1ms paid:log 1ms paid:log 1ms (paid+ paid| run|)');
      expect(done.all('step.log')).toMatchObject([
        {
          level: 'warn',
          message: expect.stringMatching(/^refused paid: /),
          error: { code: 'INPUT_VALIDATION' },
        },
        { level: 'warn', error: { code: 'INPUT_VALIDATION' } },
      ]);
      expect(done.output).toEqual({ usd: 7 });
    }),
  );

  it('takes a schema that answers later', async () => {
    const schema = z.string().refine(async (text) => text !== 'no');
    const handle = start(waitFor('word', { schema }), 'x', {
      signals$: of({ name: 'word', payload: 'no' }, { name: 'word', payload: 'yes' }),
    });
    expect(await handle.result()).toMatchObject({ state: 'completed', output: 'yes' });
  });

  it(
    'says in the wait what it takes, where the schema can tell',
    marbles((m) => {
      const done = record(run(waitFor('n', { schema: z.number() }), 'x', { signals$: sent([1, 'n', 1]) }));
      m.flush();
      expect(done.all('step.waiting')).toMatchObject([{ wait: { schema: { type: 'number' } } }]);
    }),
  );

  it(
    'fails when nobody sends in time, and says until when it waits',
    marbles((m) => {
      const scheduler = new Timers();
      const late = waitFor('paid', { timeout: 4 });
      const done = record(run(late, 'x', { scheduler, signals$: sent([1, 'other'], [5, 'paid']) }));
      m.flush();
      expect(done.events).toBeTimeline('(run> paid> paid=) 4ms (paid# run#)');
      expect(done.all('step.waiting')).toMatchObject([{ wait: { dueAt: 4 } }]);
      expect(done.error).toBeInstanceOf(StepTimeoutError);
      expect(done.error).toMatchObject({ stepId: 'paid', timeoutMs: 4 });
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    'counts its time-out over refused signals, and anew in each attempt',
    marbles((m) => {
      const fussy = waitFor('n', { timeout: 4, schema: z.number() });
      const done = record(run(fussy, 'x', { signals$: sent([2, 'n', 'no'], [3, 'n', 'no']) }));
      const again = waitFor('n', { timeout: 4 }).with(retry({ maxRetries: 1, delay: 1 }));
      const second = record(run(again, 'x', { signals$: sent([6, 'n', 'two']) }));
      m.flush();
      expect(done.end).toMatchObject({ type: 'run.failed', durationMs: 4 });
      expect(second.events).toBeTimeline('(run> n> n=) 4ms n~ 1ms (n> n=) 1ms (n+ n| run|)');
    }),
  );

  it(
    'lets go of its wait when others decide: the next one gets the signal',
    marbles((m) => {
      const first = race([waitFor('go'), fakeStep(m, 'quick', '--(q|)')]);
      const done = record(run(sequence(first, waitFor('go')), 'x', { signals$: sent([3, 'go', 'late']) }));
      const given = sequence(waitFor('go').with(timeout(2), retry({ delay: 1 })));
      const other = record(run(given, 'x', { signals$: sent([5, 'go', 'once']) }));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> race/go> race/go= race/quick>) 2ms (race/quick. race/quick| race/go! go> go=) 1ms (go+ go| run|)',
      );
      expect(done.output).toBe('late');
      expect(other.output).toBe('once');
    }),
  );

  it(
    'stops waiting when the run is cancelled or unsubscribed',
    marbles((m) => {
      const scheduler = new Timers();
      const wait = waitFor('go', { timeout: 100 });
      const signals$ = m.cold('------g', { g: { name: 'go' } });
      m.expectRun(run(wait, 'x', { scheduler, signals$, signal: abortAfter(2) })).toBe(
        '(run> go> go=) 2ms (go! run!)',
      );
      m.expectRun(run(wait, 'x', { scheduler, signals$ }), '^--!').toBe('(run> go> go=)');
      m.expect(signals$).toHaveSubscriptions(['^-!', '^--!']);
      m.flush();
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    'listens to the signals of a run from its start to its end',
    marbles((m) => {
      const signals$ = m.cold('--g---', { g: { name: 'go' } });
      m.expectRun(run(waitFor('go'), 'x', { signals$ })).toBe('(run> go> go=) 2ms (go+ go| run|)');
      m.expect(signals$).toHaveSubscriptions('^-!');
    }),
  );

  it(
    'makes the failure of the signals that of the run, and takes no notice of their completion',
    marbles((m) => {
      const failure = new TypeError('the queue is gone');
      const failing = concat(
        sent([2, 'other']),
        throwError(() => failure),
      );
      const failed = record(run(waitFor('go'), 'x', { signals$: failing }));
      const waits = record(run(waitFor('go', { timeout: 3 }), 'x', { signals$: EMPTY }));
      m.flush();
      expect(failed.events).toBeTimeline('(run> go> go=) 2ms (go! run#)');
      expect(failed.error).toBe(failure);
      expect(waits.end).toMatchObject({ type: 'run.failed', error: { code: 'STEP_TIMEOUT' } });
    }),
  );

  it(
    'waits for ever in a bare pipe, where nobody can send, and ends with it',
    marbles((m) => {
      const late = of('x').pipe(waitFor('go', { timeout: 3 }), values());
      m.expect(late).toBeObservable('---#', {}, new StepTimeoutError('go', 3));
      const scheduler = new Timers();
      m.expect(of('x').pipe(waitFor('go'), values()), '^---!').toBeObservable('-----');
      m.flush();
      expect(scheduler.pending).toBe(0);
    }),
  );

  it('refuses a name that cannot be part of a path, options that mean nothing, and what is no schema', () => {
    expect(() => waitFor('a/b')).toThrow(DefinitionError);
    expect(() => waitFor('')).toThrow(DefinitionError);
    expect(() => waitFor('a', { timeOut: 1 } as never)).toThrow(DefinitionError);
    expect(() => waitFor('a', { timeout: 'soon' })).toThrow(DefinitionError);
    expect(() => waitFor('a', { schema: {} as never })).toThrow(DefinitionError);
  });

  it('has the type of what is sent', () => {
    expectTypeOf(waitFor('a')).toEqualTypeOf<Step<unknown, unknown>>();
    expectTypeOf(waitFor<{ usd: number }>('a')).toEqualTypeOf<Step<unknown, { usd: number }>>();
    expectTypeOf(waitFor('a', { schema: z.object({ n: z.coerce.number() }) })).toEqualTypeOf<
      Step<unknown, { n: number }>
    >();
    // @ts-expect-error: the schema gives a number
    () => waitFor<string>('a', { schema: z.number() });
  });
});
