import { EMPTY, merge, NEVER, type Observable, Subject, throwError } from 'rxjs';
import { type ErrorRecord, originalError, type RunEvent, run, type Step, step } from 'tutti';
import {
  type Answered,
  cache,
  fallback,
  hedge,
  mapEach,
  named,
  type Provenance,
  provenance,
  race,
  recover,
  retry,
  sequence,
  timeout,
} from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');
const worse = new RangeError('worse');

/** All records of a step in a run, once virtual time has passed. */
function recordsOf<O>(m: MarblesContext, run$: Observable<RunEvent>, of: Step<never, O, unknown>) {
  const records: Provenance<O>[] = [];
  run$.pipe(provenance(of)).subscribe((record) => records.push(record));
  m.flush();
  return records;
}

/** A record in short: who, where, how, in how many attempts, and what was wrong at first. */
const brief = (record: Provenance): string => {
  const first = `${record.attempts}, ${record.originalError?.message ?? 'nothing wrong'}`;
  return record.state === 'completed'
    ? `${record.answeredBy} at ${record.answeredAt}, ${record.source}, ${first}`
    : `failed with ${record.error.message}, ${first}`;
};

const a = (m: MarblesContext, ...marbles: readonly [string, ...string[]]) =>
  fakeStep(m, 'a', marbles, { error: broken });
const b = (m: MarblesContext, ...marbles: readonly [string, ...string[]]) =>
  fakeStep(m, 'b', marbles, { error: worse });

/** The only record of a step that is run alone, in short. */
const briefOf = (m: MarblesContext, of: Step<string, unknown, unknown>): string =>
  recordsOf(m, run(of, 'x'), of).map(brief).join('; ');

describe('provenance', () => {
  it(
    'tells who answered, when the step completes',
    marbles((m) => {
      const asked = a(m, '--(y|)');
      m.expect(run(asked, 'x', { runId: 'r' }).pipe(provenance(asked))).toBeObservable('--(p|)', {
        p: {
          state: 'completed',
          runId: 'r',
          path: '/a',
          step: 'a',
          output: 'y',
          answeredBy: 'a',
          answeredAt: '/a',
          source: 'live',
          attempts: 1,
        },
      });
    }),
  );

  it(
    'tells why nobody did, when the step fails',
    marbles((m) => {
      const asked = a(m, '-#').with(retry({ maxRetries: 1, delay: 1 }), fallback(b(m, '-#')));
      const [record] = recordsOf(m, run(asked, 'x', { runId: 'r' }), asked);
      expect(record).toMatchObject({ state: 'failed', runId: 'r', path: '/a', step: 'a', attempts: 3 });
      const { originalError: first, error: last } = record as Extract<Provenance, { state: 'failed' }>;
      expect([originalError(first), originalError(last)]).toEqual([broken, worse]);
    }),
  );

  it.each<[string, (m: MarblesContext) => Step<string, unknown, unknown>, string]>([
    ['a retry', (m) => a(m, '-#', '-#', '-(y|)').with(retry({ delay: 1 })), 'a at /a, live, 3, broken'],
    [
      'a fallback',
      (m) => a(m, '-#').with(fallback(b(m, '-(z|)'))),
      'b at /a/!fallback:b, fallback, 2, broken',
    ],
    [
      'the second of two fallbacks',
      (m) => a(m, '-#').with(fallback(b(m, '-#'), fakeStep(m, 'c', '-(z|)'))),
      'c at /a/!fallback:c, fallback, 3, broken',
    ],
    [
      'a fallback of the fallback',
      (m) => a(m, '-#').with(fallback(b(m, '-#').with(fallback(fakeStep(m, 'c', '-(z|)'))))),
      'c at /a/!fallback:b/!fallback:c, fallback, 3, broken',
    ],
    [
      'a fallback after all retries, which is tried again itself',
      (m) =>
        a(m, '-#').with(
          retry({ maxRetries: 1, delay: 1 }),
          fallback(b(m, '-#', '-(z|)').with(retry({ delay: 1 }))),
        ),
      'b at /a/!fallback:b, fallback, 4, broken',
    ],
    [
      'a retry around the fallback',
      (m) => a(m, '-#', '-(y|)').with(fallback(b(m, '-#')), retry({ delay: 1 })),
      'a at /a, live, 3, broken',
    ],
    [
      'a fallback that is taken again',
      (m) => a(m, '-#').with(fallback(b(m, '-#', '-(z|)')), retry({ delay: 1 })),
      'b at /a/!fallback:b, fallback, 4, broken',
    ],
    [
      'a fallback without events of its own',
      (m) => a(m, '-#').with(fallback(sequence(b(m, '-(z|)'), fakeStep(m, 'c', '-(z|)')))),
      'sequence at /a, fallback, 2, broken',
    ],
    [
      'a fallback after one without events of its own',
      (m) => a(m, '-#').with(fallback(sequence(b(m, '-#'), b(m, '-#')), fakeStep(m, 'c', '-(z|)'))),
      'c at /a/!fallback:c, fallback, 3, broken',
    ],
    [
      'a fallback without events of its own, beside a hedge',
      (m) =>
        a(m, '-#', '---------(y|)').with(
          fallback(sequence(b(m, '-(z|)'), fakeStep(m, 'c', '--(z|)'))),
          hedge({ after: 2 }),
        ),
      'sequence at /a, fallback, 3, broken',
    ],
    ['a recovery', (m) => a(m, '-#').with(recover(() => 'r')), 'recover at /a, fallback, 1, broken'],
    [
      'a hedge',
      (m) => a(m, '---------(y|)', '-(z|)').with(hedge({ after: 2 })),
      'a at /a/!hedge2, live, 2, nothing wrong',
    ],
    [
      'the first attempt of a hedged step',
      (m) => a(m, '---(y|)', '-------(z|)').with(hedge({ after: 2 })),
      'a at /a, live, 2, nothing wrong',
    ],
    [
      'a hedge of a step that failed',
      (m) => a(m, '-#', '-(z|)').with(hedge({ after: 9 })),
      'a at /a/!hedge2, live, 2, broken',
    ],
    [
      'a fallback of a hedge',
      (m) => a(m, '----------(y|)', '-#').with(fallback(b(m, '-(z|)')), hedge({ after: 2 })),
      'b at /a/!hedge2/!fallback:b, fallback, 3, broken',
    ],
    [
      'the first attempt, after a hedge failed',
      (m) => a(m, '-----(y|)', '-#').with(hedge({ after: 2 })),
      'a at /a, live, 2, broken',
    ],
    [
      'a step that took too long once',
      (m) => a(m, '--------(y|)', '-(z|)').with(timeout(3), retry({ delay: 1 })),
      'a at /a, live, 2, a took longer than 3 ms',
    ],
    [
      'a composite, whatever is done inside',
      (m) => named('n', sequence(a(m, '-#').with(fallback(b(m, '-(z|)'))), fakeStep(m, 'c', '-(y|)'))),
      'n at /n, live, 1, nothing wrong',
    ],
  ])('follows %s', (_, make, expected) => {
    marbles((m) => expect(briefOf(m, make(m))).toBe(expected))();
  });

  it(
    'says so where a cache answered, also for a fallback and a hedge',
    marbles((m) => {
      const cached = a(m, '-(y|)').with(cache());
      const remembers = b(m, '-(z|)').with(cache());
      const lost = fakeStep(m, 'lost', '-#').with(fallback(remembers));
      const all = sequence(
        cached,
        cached.using(() => 'x'),
        lost.using(() => 'x'),
        lost.using(() => 'x'),
      );
      const run$ = run(all, 'x');
      expect(recordsOf(m, run$, cached).map(brief)).toEqual([
        'a at /a, live, 1, nothing wrong',
        'cache at /a~2, cache, 1, nothing wrong',
      ]);
    }),
  );

  it(
    'says that a fallback answered out of its cache',
    marbles((m) => {
      const remembers = b(m, '-(z|)').with(cache());
      const asked = a(m, '-#').with(fallback(remembers));
      const records = recordsOf(
        m,
        run(
          sequence(
            asked,
            asked.using(() => 'x'),
          ),
          'x',
        ),
        asked,
      );
      expect(records.map(brief)).toEqual([
        'b at /a/!fallback:b, fallback, 2, broken',
        'cache at /a~2/!fallback:b, fallback, 2, broken',
      ]);
    }),
  );

  it(
    'has a record for each item, and for each time',
    marbles((m) => {
      const asked = step('a', (ms: number) => m.cold(ms === 2 ? '--#' : `${ms}ms (y|)`)).with(
        fallback(fakeStep(m, 'b', '-(z|)')),
      );
      const records = recordsOf(m, run(mapEach(asked), [3, 2, 1]), asked);
      expect(records.map(({ path, attempts }) => `${path} ${attempts}`)).toEqual([
        '/a[2] 1',
        '/a[0] 1',
        '/a[1] 2',
      ]);
    }),
  );

  it(
    'has no record of what is cancelled, nor of other steps',
    marbles((m) => {
      const slow = a(m, '---------|');
      const quick = b(m, '-(z|)');
      expect(recordsOf(m, run(race([slow, quick]), 'x'), slow)).toEqual([]);
      expect(recordsOf(m, run(slow, 'x', { signal: abortAfter(2) }), slow)).toEqual([]);
      const waiting = a(m, '-#').with(retry({ delay: 9 }));
      expect(recordsOf(m, run(race([waiting, b(m, '---(z|)')]), 'x'), waiting)).toEqual([]);
    }),
  );

  it(
    'begins anew where a step is tried again by one around it',
    marbles((m) => {
      const inner = a(m, '-#', '-(y|)').with(retry({ delay: 5 }));
      const outer = named('n', inner).with(timeout(3), retry({ delay: 1 }));
      expect(recordsOf(m, run(outer, 'x'), inner).map(brief)).toEqual(['a at /n/a, live, 1, nothing wrong']);
    }),
  );

  it('takes the events of many runs', () => {
    let calls = 0;
    const asked = step('a', () => {
      if (++calls % 2 === 1) throw broken;
      return calls;
    }).with(fallback(step('b', () => 'b')));
    const records: Provenance[] = [];
    merge(run(asked, 1, { runId: '1' }), run(asked, 2, { runId: '2' }))
      .pipe(provenance(asked))
      .subscribe((record) => records.push(record));
    expect(records.map((record) => `${record.runId} ${brief(record)}`)).toEqual([
      '1 b at /a/!fallback:b, fallback, 2, broken',
      '2 a at /a, live, 1, nothing wrong',
    ]);
  });

  it('keeps runs of one structure apart while they are under way', () => {
    const events$ = new Subject<RunEvent>();
    const asked = step('a', () => 1);
    const records: Provenance[] = [];
    events$.pipe(provenance(asked)).subscribe((record) => records.push(record));
    const error: ErrorRecord = { name: 'Error', code: 'X', message: 'first' };
    events$.next(makeEvent('step.started', { runId: '1' }));
    events$.next(makeEvent('step.started', { runId: '2' }));
    events$.next(makeEvent('step.retrying', { runId: '1', error, nextAttempt: 2, delayMs: 0 }));
    events$.next(makeEvent('step.completed', { runId: '2', output: 2, source: 'live' }));
    events$.next(makeEvent('step.started', { runId: '1', attempt: 2 }));
    events$.next(makeEvent('step.completed', { runId: '1', attempt: 2, output: 1, source: 'live' }));
    expect(records.map(({ runId, attempts }) => `${runId} ${attempts}`)).toEqual(['2 1', '1 2']);
  });

  it('keeps nothing of a step that has ended, while the run goes on', () => {
    const events$ = new Subject<RunEvent>();
    const asked = step('a', () => 1);
    const records: Provenance[] = [];
    const error: ErrorRecord = { name: 'Error', code: 'X', message: 'first' };
    events$.pipe(provenance(asked)).subscribe((record) => records.push(record));
    events$.next(makeEvent('step.started', { path: '/other', step: 'other' }));
    for (const end of [
      makeEvent('step.completed', { output: 1, source: 'live' }),
      makeEvent('step.failed', { error }),
      makeEvent('step.cancelled', { reason: 'enough' }),
    ]) {
      events$.next(makeEvent('step.started'));
      events$.next(end);
      // Were anything kept, this would go on with it.
      events$.next(makeEvent('step.started', { attempt: 2 }));
      events$.next(makeEvent('step.completed', { attempt: 2, output: 1, source: 'live' }));
    }
    expect(records.map(({ attempts, originalError: first }) => `${attempts} ${first?.message}`)).toEqual([
      '1 undefined',
      '1 undefined',
      '1 first',
      '1 undefined',
      '1 undefined',
    ]);
  });

  it('keeps nothing of a run that has ended, however it did', () => {
    const events$ = new Subject<RunEvent>();
    const asked = step('a', () => 1);
    const records: Provenance[] = [];
    events$.pipe(provenance(asked)).subscribe((record) => records.push(record));
    events$.next(makeEvent('step.started'));
    events$.next(makeEvent('run.cancelled', { path: '' }));
    events$.next(makeEvent('step.started', { attempt: 2 }));
    events$.next(makeEvent('step.completed', { attempt: 2, output: 1, source: 'live' }));
    expect(records.map(({ attempts }) => attempts)).toEqual([1]);
  });

  it('takes a result that was kept from another run for what it is', () => {
    const asked = step('a', () => 1);
    const records: Provenance[] = [];
    const events$ = new Subject<RunEvent>();
    events$.pipe(provenance(asked)).subscribe((record) => records.push(record));
    events$.next(makeEvent('step.completed', { attempt: 2, output: 1, source: 'journal' }));
    expect(records.map(brief)).toEqual(['a at /a, journal, 2, nothing wrong']);
  });

  it(
    'begins anew for each who listens',
    marbles((m) => {
      const asked = a(m, '-#', '-(y|)', '-#', '-(y|)').with(retry({ delay: 1 }));
      const records$ = run(asked, 'x').pipe(provenance(asked));
      const all: number[] = [];
      for (let i = 0; i < 2; i++) records$.subscribe(({ attempts }) => all.push(attempts));
      m.flush();
      expect(all).toHaveLength(2);
    }),
  );

  it(
    'gives nothing on nothing, and passes on an error of the stream',
    marbles((m) => {
      const asked = a(m, '|');
      m.expect(EMPTY.pipe(provenance(asked))).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(provenance(asked))).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const asked = step('a', (_: string) => source);
      m.expect(run(asked, 'x').pipe(provenance(asked)), '^--!').toBeObservable('-');
      m.has(source, '                                    ^--!');
    }),
  );

  it('has types', () => {
    const asked = step('a', (_: string) => 1);
    const events$ = NEVER as Observable<RunEvent>;
    expectTypeOf(events$.pipe(provenance(asked))).toEqualTypeOf<Observable<Provenance<number>>>();
    (record: Provenance<number>) => {
      if (record.state === 'completed') expectTypeOf(record).toEqualTypeOf<Answered<number>>();
      else expectTypeOf(record.error).toEqualTypeOf<ErrorRecord>();
      expectTypeOf(record.originalError).toEqualTypeOf<ErrorRecord | undefined>();
      // @ts-expect-error: who answered is known of an answer only
      record.answeredBy;
    };
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(provenance(asked));
  });
});
