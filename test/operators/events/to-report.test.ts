import { concat, EMPTY, map, merge, NEVER, type Observable, throwError } from 'rxjs';
import { type Cost, type RunEvent, run, step, workflow } from 'tutti';
import { fallback, named, parallel, type RunReport, retry, sequence, toReport } from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');

/** A step that tells of this cost as it starts, then plays marbles. */
const paying = (m: MarblesContext, id: string, cost: Cost, marbles: string) =>
  step(id, (_: unknown, ctx) => {
    ctx.cost(cost);
    return m.cold(marbles);
  });

/** The reports on a stream, in virtual time to its end. */
function reportsOf(m: MarblesContext, events$: Observable<RunEvent>): RunReport[] {
  const all: RunReport[] = [];
  events$.pipe(toReport()).subscribe((report) => all.push(report));
  m.flush();
  return all;
}

const lines = (report: RunReport | undefined): string[] | undefined =>
  report?.steps.map(({ path, durationMs, costUsd, status }) => `${path} ${durationMs} $${costUsd} ${status}`);

describe('toReport', () => {
  it(
    'reports once, when the run ends',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--|');
      const reported$ = run(sequence(a, a), 'x').pipe(
        toReport(),
        map(({ totalDurationMs }) => totalDurationMs),
      );
      m.expect(reported$).toBeObservable('----(n|)', { n: 4 });
    }),
  );

  it(
    'says who did each step, how long it took, what it cost and how it ended',
    marbles((m) => {
      const write = paying(m, 'write', { usd: 0.5, provider: 'openai', model: 'gpt-4' }, '--a|');
      const check = paying(m, 'check', { usd: 0.25, provider: 'anthropic', model: 'claude-3' }, '-|');
      const make = workflow({ name: 'make', version: '1' }, sequence(write, check));
      expect(reportsOf(m, run(make, 'x', { runId: 'wf_12345' }))).toEqual([
        {
          workflowId: 'wf_12345',
          workflow: 'make',
          status: 'completed',
          steps: [
            {
              task: 'write',
              path: '/write',
              provider: 'openai',
              model: 'gpt-4',
              durationMs: 3,
              costUsd: 0.5,
              status: 'completed',
            },
            {
              task: 'check',
              path: '/check',
              provider: 'anthropic',
              model: 'claude-3',
              durationMs: 1,
              costUsd: 0.25,
              status: 'completed',
            },
          ],
          totalCostUsd: 0.75,
          totalDurationMs: 4,
        },
      ]);
    }),
  );

  it(
    'counts every cost at one step, all attempts, so that costs add up to the total',
    marbles((m) => {
      const flaky = step('flaky', (_: string, { cost, attempt }) => {
        cost({ usd: 1, provider: `p${attempt}` });
        cost({ usd: 2 });
        return m.cold(attempt === 1 ? '-#' : '-|');
      });
      const failing = paying(m, 'failing', { usd: 4, provider: 'dear' }, '-#');
      const basic = paying(m, 'basic', { usd: 8, provider: 'cheap', model: 'tiny' }, '-|');
      const all = named(
        'all',
        parallel({ a: flaky.with(retry({ delay: 2 })), b: failing.with(fallback(basic)) }),
      );
      const [report] = reportsOf(m, run(all, 'x'));
      expect(lines(report)).toEqual([
        '/all 4 $0 completed',
        '/all/a 4 $6 completed',
        '/all/b 2 $4 completed',
        '/all/b/!fallback:basic 1 $8 completed',
      ]);
      expect(report?.totalCostUsd).toBe(18);
      expect(report?.steps.map(({ provider, model }) => [provider, model])).toEqual([
        [undefined, undefined],
        ['p2', undefined],
        ['dear', undefined],
        ['cheap', 'tiny'],
      ]);
    }),
  );

  it(
    'counts a cost that comes late',
    marbles((m) => {
      const hasty = step('hasty', (_: string, { cost }) => {
        m.cold('--x').subscribe(() => cost({ usd: 2, provider: 'late' }));
        return m.cold('|');
      });
      const [report] = reportsOf(m, run(parallel({ hasty, slow: fakeStep(m, 'slow', '----|') }), 'x'));
      expect(report?.steps[0]).toMatchObject({ costUsd: 2, provider: 'late', durationMs: 0 });
    }),
  );

  it(
    'reports on runs that fail and that are cancelled',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-|');
      const failing = fakeStep(m, 'failing', '--#');
      const slow = fakeStep(m, 'slow', '-----|');
      const both = sequence(a, parallel({ failing, slow }));
      const [failed] = reportsOf(m, run(both, 'x'));
      expect(failed?.status).toBe('failed');
      expect(lines(failed)).toEqual([
        '/a 1 $0 completed',
        '/parallel/failing 2 $0 failed',
        '/parallel/slow 2 $0 cancelled',
      ]);
      const waiting = fakeStep(m, 'waiting', '#').with(retry({ delay: 100 }));
      const [cancelled] = reportsOf(m, run(sequence(a, waiting), 'x', { signal: abortAfter(9) }));
      expect(cancelled).toMatchObject({ status: 'cancelled' });
      expect(lines(cancelled)?.[1]).toMatch(/^\/waiting \d+ \$0 cancelled$/);
    }),
  );

  it(
    'lists steps that were skipped',
    marbles((m) => {
      const events = {
        r: makeEvent('run.started', { path: '', workflow: 'w' }),
        s: makeEvent('step.skipped', { seq: 1 }),
        e: makeEvent('run.completed', { path: '', seq: 2, durationMs: 2, costUsd: 0 }),
      };
      expect(lines(reportsOf(m, m.cold<RunEvent>('rse|', events))[0])).toEqual(['/a 0 $0 skipped']);
    }),
  );

  it(
    'reports on each of many runs, when it ends',
    marbles((m) => {
      const a = fakeStep(m, 'a', (ms: string) => `${ms}ms |`);
      const one$ = run(a, '4', { runId: 'one' });
      const two$ = run(a, '2', { runId: 'two' });
      const ids$ = merge(one$, two$).pipe(
        toReport(),
        map(({ workflowId, steps }) => `${workflowId} ${steps.length}`),
      );
      m.expect(ids$).toBeObservable('--2-(1|)', { 1: 'one 1', 2: 'two 1' });
    }),
  );

  it(
    'keeps nothing of a run that has ended',
    marbles((m) => {
      const a = paying(m, 'a', { usd: 1 }, '-|');
      const run$ = run(a, 'x', { runId: 'again' });
      const reports = reportsOf(m, concat(run$, run$));
      expect(reports.map((report) => lines(report))).toEqual([['/a 1 $1 completed'], ['/a 1 $1 completed']]);
    }),
  );

  it(
    'gives nothing of a run that is cut off, and passes on an error of the stream',
    marbles((m) => {
      const events = { r: makeEvent('run.started', { path: '' }) };
      m.expect(m.cold<RunEvent>('r-|', events).pipe(toReport())).toBeObservable('--|');
      m.expect(EMPTY.pipe(toReport())).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(toReport())).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'begins anew for each who listens, and ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      const report$ = run(a, 'x').pipe(toReport());
      m.expect(report$.pipe(map(({ steps }) => steps.length)), '^--!').toBeObservable('-');
      m.expect(report$.pipe(map(({ steps }) => steps.length))).toBeObservable('------(1|)', { 1: 1 });
      m.has(source, ['^--!', '^-----!']);
    }),
  );

  it('has types', () => {
    const events$ = NEVER as Observable<RunEvent<number>>;
    expectTypeOf(events$.pipe(toReport())).toEqualTypeOf<Observable<RunReport>>();
    expectTypeOf<RunReport['steps'][number]['provider']>().toEqualTypeOf<string | undefined>();
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(toReport());
  });
});
