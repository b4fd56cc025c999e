import { NEVER, Subject } from 'rxjs';
import {
  pendingStatus,
  type RunEvent,
  type RunState,
  type RunStatus,
  reduceStatus,
  run,
  type StepStatus,
  start,
  step,
} from 'tutti';
import { cache, fallback, graph, named, parallel, recover, retry, sequence } from 'tutti/operators';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { happened, stream } from '../testing/happened.ts';
import { listen } from './support.ts';

const after = (...events: readonly RunEvent[]): RunStatus =>
  stream(...events).reduce(reduceStatus, pendingStatus);

/** The status after the events that a run starts with, and then those. */
const running = (...events: readonly RunEvent[]): RunStatus =>
  after(happened('run.started', '', { runId: 'r1', workflow: 'w', at: 100 }), ...events);

const error = { name: 'Error', code: 'X', message: 'no' };

describe('pendingStatus', () => {
  it('is how a run stands before its first event', () => {
    expect(pendingStatus).toMatchObject({
      runId: '',
      workflow: '',
      state: 'pending',
      costUsd: 0,
      durationMs: 0,
      seq: -1,
      steps: [],
      completedSteps: [],
      currentStep: undefined,
      error: undefined,
    });
  });
});

describe('reduceStatus', () => {
  it('follows the state of the run', () => {
    const states = (...events: RunEvent[]): RunState => running(...events).state;
    expect(states()).toBe('running');
    expect(states(happened('run.paused'))).toBe('paused');
    expect(states(happened('run.paused'), happened('run.resumed'))).toBe('running');
    expect(states(happened('run.completed'))).toBe('completed');
    expect(states(happened('run.failed', '', { error }))).toBe('failed');
    expect(states(happened('run.cancelled'))).toBe('cancelled');
  });

  it('knows why the run is paused or cancelled', () => {
    const reasons = (...events: RunEvent[]): string | undefined => running(...events).reason;
    const paused = happened('run.paused', '', { reason: 'lunch' });
    expect(reasons(paused)).toBe('lunch');
    expect(reasons(paused, happened('run.resumed'))).toBeUndefined();
    expect(reasons(happened('run.cancelled', '', { reason: 'late' }))).toBe('late');
  });

  it('knows what is run, since when, how long, up to which event', () => {
    const status = running(happened('step.started', '/a', { at: 105 }));
    expect(status).toMatchObject({ runId: 'r1', workflow: 'w', startedAt: 100, durationMs: 5, seq: 1 });
  });

  it('takes the cost of the run at its end, before it the sum so far', () => {
    const paid = running(happened('step.cost', '/a', { usd: 1 }), happened('step.cost', '/b', { usd: 2 }));
    expect(paid.costUsd).toBe(3);
    expect(reduceStatus(paid, happened('run.completed', '', { costUsd: 7 })).costUsd).toBe(7);
    expect(reduceStatus(paid, happened('run.failed', '', { costUsd: 7, error })).costUsd).toBe(7);
    expect(reduceStatus(paid, happened('run.cancelled', '', { costUsd: 7 })).costUsd).toBe(7);
  });

  it('keeps the error of a run that failed', () => {
    expect(running(happened('run.failed', '', { error })).error).toBe(error);
  });

  it('does not change the status that it is given', () => {
    const events = listen(run(parallel([step('a', () => 1), step('b', () => 2)]), 1));
    const statuses: RunStatus[] = [];
    const texts: string[] = [];
    events.reduce((status, event) => {
      statuses.push(status);
      texts.push(JSON.stringify(status));
      return reduceStatus(status, event);
    }, pendingStatus);
    expect(statuses.map((status) => JSON.stringify(status))).toEqual(texts);
    expect(new Set(texts).size).toBe(events.length);
  });

  it('gives the same again for the same', () => {
    const events = listen(
      run(
        named(
          'outer',
          step('a', () => 1),
        ),
        1,
      ),
    );
    const [one, two] = [1, 2].map(() => events.reduce(reduceStatus, pendingStatus));
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    const branch = events.slice(0, 3).reduce(reduceStatus, pendingStatus);
    const [done, failed] = (['step.completed', 'step.failed'] as const).map((type) =>
      reduceStatus(branch, happened(type, '/outer/a', { at: branch.startedAt })),
    );
    expect([done?.steps[1]?.state, failed?.steps[1]?.state]).toEqual(['completed', 'failed']);
  });

  it('costs the same per event, however many came before', () => {
    let reads = 0;
    const counted = (event: RunEvent): RunEvent =>
      new Proxy(event, {
        get(target, key) {
          reads++;
          return Reflect.get(target, key);
        },
      });
    const life = (i: number) => [
      happened('step.started', `/s#${i}`),
      happened('step.partial', `/s#${i}`, { index: 0, chunk: 1 }),
      happened('step.completed', `/s#${i}`, { durationMs: 0, costUsd: 0, source: 'live' }),
    ];
    const events = Array.from({ length: 2000 }, (_, i) => life(i)).flat();
    const readsFor = (count: number): number => {
      reads = 0;
      let status = running();
      for (const event of events.slice(0, count)) {
        status = reduceStatus(status, counted(event));
        // Those who only follow the state and the cost do not pay for the lists.
        expect(status.state).toBe('running');
      }
      return reads;
    };
    const few = readsFor(60);
    expect(readsFor(6000)).toBe(100 * few);
    expect(few).toBeLessThan(60 * 10);
  });

  it('is read after each event at the same cost, however many came before', () => {
    let reads = 0;
    const counted = (event: RunEvent): RunEvent =>
      new Proxy(event, {
        get(target, key) {
          reads++;
          return Reflect.get(target, key);
        },
      });
    const readsFor = (count: number): number => {
      reads = 0;
      let status = running();
      for (let i = 0; i < count; i++) {
        status = reduceStatus(status, counted(happened('step.started', `/s#${i}`)));
        expect(status.currentStep).toBe(`/s#${i}`);
        status = reduceStatus(
          status,
          counted(happened('step.completed', `/s#${i}`, { durationMs: 0, costUsd: 0, source: 'live' })),
        );
        expect([status.currentStep, status.completedSteps.length]).toEqual([undefined, i + 1]);
      }
      return reads;
    };
    expect(readsFor(2000)).toBe(100 * readsFor(20));
  });

  it('keeps what was read, whatever comes after and in whatever order it is read', () => {
    const done = { durationMs: 0, costUsd: 0, source: 'live' } as const;
    const first = running(happened('step.started', '/a'), happened('step.started', '/b'));
    const second = reduceStatus(first, happened('step.completed', '/b', done));
    const other = reduceStatus(first, happened('step.completed', '/a', done));
    const third = reduceStatus(second, happened('step.started', '/b'));
    expect(third.completedSteps).toEqual([]);
    expect([second.currentStep, second.completedSteps]).toEqual(['/a', ['/b']]);
    expect([other.currentStep, other.completedSteps]).toEqual(['/b', ['/a']]);
    expect([first.currentStep, first.completedSteps]).toEqual(['/b', []]);
    expect(second.completedSteps).toBe(second.completedSteps);
  });

  it('puts its lists together once', () => {
    const status = running(happened('step.started', '/a'));
    expect(status.steps).toBe(status.steps);
  });
});

describe('the steps of a status', () => {
  const [step0] = [0].map(
    (index) =>
      (status: RunStatus): StepStatus | undefined =>
        status.steps[index],
  );
  const first = step0 ?? (() => undefined);

  it('are told apart by their paths, in the order of their starts', () => {
    const status = running(
      happened('step.started', '/b'),
      happened('step.started', '/a'),
      happened('step.completed', '/b', { source: 'live' }),
    );
    expect(status.steps.map(({ path, id, state }) => [path, id, state])).toEqual([
      ['/b', 'b', 'completed'],
      ['/a', 'a', 'running'],
    ]);
  });

  it('are running, waiting, running again, and end', () => {
    const began = running(happened('step.started', '/a', { at: 103 }));
    expect(first(began)).toEqual({
      path: '/a',
      id: 'a',
      state: 'running',
      attempts: 1,
      startedAt: 103,
      durationMs: 0,
      costUsd: 0,
    });
    const wait = { kind: 'event', name: 'x' } as const;
    const waiting = reduceStatus(began, happened('step.waiting', '/a', { wait, at: 104 }));
    expect(first(waiting)).toMatchObject({
      ...{ state: 'waiting', durationMs: 1 },
      wait: { kind: 'event', name: 'x', since: 104 },
    });
    const spent = reduceStatus(waiting, happened('step.cost', '/a', { usd: 1, at: 105 }));
    expect(first(spent)).toMatchObject({ state: 'waiting', wait: { since: 104 } });
    const over = reduceStatus(waiting, happened('run.cancelled', '', { at: 106 }));
    expect(first(over)).not.toHaveProperty('wait');
    const resumed = reduceStatus(waiting, happened('step.resumed', '/a', { at: 109 }));
    expect(first(resumed)).toMatchObject({ state: 'running', durationMs: 6 });
    expect(first(resumed)).not.toHaveProperty('wait');
    const ended = (type: 'step.failed' | 'step.cancelled') =>
      first(reduceStatus(resumed, happened(type, '/a', { at: 110, error } as object)));
    expect(ended('step.failed')).toMatchObject({ state: 'failed', durationMs: 7, error });
    expect(ended('step.cancelled')).toMatchObject({ state: 'cancelled', durationMs: 7 });
  });

  it('are skipped without a start', () => {
    const status = running(happened('step.skipped', '/a', { reason: 'x', at: 105 }));
    expect(first(status)).toMatchObject({ state: 'skipped', attempts: 0, durationMs: 0, startedAt: 105 });
  });

  it('count their attempts, from the first start on', () => {
    const events = [
      happened('step.started', '/a', { at: 101 }),
      happened('step.retrying', '/a', { error, delayMs: 3, nextAttempt: 2, at: 102 }),
      happened('step.started', '/a', { attempt: 2, at: 105 }),
      happened('step.completed', '/a', {
        attempt: 2,
        at: 108,
        durationMs: 7,
        costUsd: 3,
        source: 'live',
      }),
    ];
    const states = [2, 3, 4].map((n) => first(running(...events.slice(0, n))));
    expect(states).toMatchObject([
      { state: 'retrying', attempts: 1, durationMs: 1, error },
      { state: 'running', attempts: 2, durationMs: 4, startedAt: 101 },
      { state: 'completed', attempts: 2, durationMs: 7, costUsd: 3, source: 'live' },
    ]);
  });

  it('cost what they say, and in the end all that is inside them', () => {
    const paid = running(
      happened('step.started', '/a'),
      happened('step.started', '/a/b'),
      happened('step.cost', '/a/b', { usd: 1 }),
      happened('step.cost', '/a/b', { usd: 2 }),
    );
    expect(paid.steps.map(({ costUsd }) => costUsd)).toEqual([0, 3]);
    const ended = reduceStatus(paid, happened('step.completed', '/a', { costUsd: 3, source: 'live' }));
    expect(ended.steps.map(({ costUsd }) => costUsd)).toEqual([3, 3]);
  });

  it('count a late cost, and are not longer for it', () => {
    const status = running(
      happened('step.started', '/a', { at: 101 }),
      happened('step.completed', '/a', { at: 103, durationMs: 2, costUsd: 1, source: 'live' }),
      happened('step.cost', '/a', { usd: 2, late: true, at: 150 }),
    );
    expect(first(status)).toMatchObject({ state: 'completed', durationMs: 2, costUsd: 3 });
    expect(status).toMatchObject({ durationMs: 50, costUsd: 2 });
  });

  it('are not touched by what is no matter of their state', () => {
    const began = running(happened('step.started', '/a'));
    const more = [
      happened('step.partial', '/a'),
      happened('step.progress', '/a'),
      happened('step.log', '/a'),
      happened('custom', '/a'),
      happened('step.fallback', '/a'),
      happened('budget.alert'),
      happened('checkpoint.saved'),
    ].reduce(reduceStatus, began);
    expect(more.steps).toEqual(began.steps);
  });

  it('of a run that has ended have ended too', () => {
    const retrying = running(
      happened('step.started', '/a'),
      happened('step.retrying', '/a', { error, delayMs: 3, nextAttempt: 2 }),
      happened('run.cancelled'),
    );
    expect(first(retrying)).toMatchObject({ state: 'cancelled' });
    expect(retrying.currentStep).toBeUndefined();
  });
});

describe('a status', () => {
  it('names the step that started last and has not ended', () => {
    const both = running(happened('step.started', '/a'), happened('step.started', '/a/b'));
    expect(both.currentStep).toBe('/a/b');
    const one = reduceStatus(both, happened('step.completed', '/a/b', { source: 'live' }));
    expect(one.currentStep).toBe('/a');
    const waiting = reduceStatus(one, happened('step.retrying', '/a', { error, delayMs: 1, nextAttempt: 2 }));
    expect(waiting.currentStep).toBe('/a');
    const none = reduceStatus(one, happened('step.failed', '/a', { error }));
    expect(none.currentStep).toBeUndefined();
  });

  it('lists what completed', () => {
    const status = running(
      happened('step.started', '/a'),
      happened('step.completed', '/a', { source: 'live' }),
      happened('step.started', '/b'),
      happened('step.failed', '/b', { error }),
      happened('step.skipped', '/c'),
    );
    expect(status.completedSteps).toEqual(['/a']);
  });

  it('is all there as JSON', () => {
    const status = running(
      happened('step.started', '/a', { at: 101 }),
      happened('step.failed', '/a', { error, at: 104 }),
      happened('run.failed', '', { error, costUsd: 2, at: 104 }),
    );
    expect(JSON.parse(JSON.stringify(status))).toEqual({
      runId: 'r1',
      workflow: 'w',
      state: 'failed',
      startedAt: 100,
      durationMs: 4,
      seq: 3,
      costUsd: 2,
      completedSteps: [],
      error,
      steps: [
        {
          path: '/a',
          id: 'a',
          state: 'failed',
          attempts: 1,
          startedAt: 101,
          durationMs: 3,
          costUsd: 0,
          error,
        },
      ],
    });
  });

  it('is typed', () => {
    expectTypeOf(reduceStatus).toEqualTypeOf<(status: RunStatus, event: RunEvent) => RunStatus>();
    expectTypeOf<RunStatus['steps']>().toEqualTypeOf<readonly StepStatus[]>();
    () => {
      // @ts-expect-error: a status never changes
      pendingStatus.state = 'running';
    };
  });
});

describe('the status of a real run', () => {
  const status = (...args: Parameters<typeof run<number, unknown, unknown>>): RunStatus =>
    listen(run(...args)).reduce(reduceStatus, pendingStatus);

  const flaky = step('flaky', (n: number, ctx) => {
    ctx.cost({ usd: 1 });
    if (ctx.attempt < 3) throw new Error('busy');
    return n;
  });
  const failing = step('failing', (_: number): number => {
    throw new Error('no');
  });

  it('knows of retries', () => {
    expect(status(flaky.with(retry({ delay: 0 })), 1)).toMatchObject({
      state: 'completed',
      costUsd: 3,
      completedSteps: ['/flaky'],
      steps: [{ attempts: 3, state: 'completed', costUsd: 3, source: 'live' }],
    });
  });

  it('knows of fallbacks', () => {
    expect(status(failing.with(fallback(step('basic', () => 0))), 1).steps).toMatchObject([
      { path: '/failing', state: 'completed', source: 'fallback' },
      { path: '/failing/!fallback:basic', state: 'completed', source: 'live' },
    ]);
    expect(status(failing.with(recover(() => 0)), 1).steps).toMatchObject([{ source: 'fallback' }]);
  });

  it('knows of what came from a cache, and cost nothing', () => {
    const paying = step('paying', (n: number, ctx) => {
      ctx.cost({ usd: 1 });
      return n;
    }).with(cache());
    expect(status(sequence(paying, paying), 1)).toMatchObject({
      costUsd: 1,
      steps: [
        { path: '/paying', source: 'live', costUsd: 1 },
        { path: '/paying~2', source: 'cache', costUsd: 0, state: 'completed' },
      ],
    });
  });

  it('knows of what was skipped', () => {
    const a = step('a', (n: number) => n);
    const some = graph<number>()
      .node('always', a)
      .node('never', a, { when: () => false });
    expect(status(some, 1).steps.map(({ path, state, attempts }) => [path, state, attempts])).toEqual([
      ['/always', 'completed', 1],
      ['/never', 'skipped', 0],
    ]);
  });

  it('knows of failures and of what they cancel', () => {
    const endless = step('endless', (_: number) => NEVER);
    const failed = status(parallel({ endless, failing }), 1);
    expect(failed.state).toBe('failed');
    expect(failed.steps.map(({ path, state }) => [path, state])).toEqual([
      ['/endless', 'cancelled'],
      ['/failing', 'failed'],
    ]);
    expect(failed.error).toMatchObject({ message: 'no' });
  });

  it('knows what is under way', () => {
    const gate = new Subject<number>();
    const handle = start(
      sequence(
        step('a', (n: number) => n),
        named(
          'b',
          step('c', (_: number) => gate),
        ),
      ),
      1,
    );
    expect(handle.status()).toMatchObject({
      state: 'running',
      currentStep: '/b/c',
      completedSteps: ['/a'],
    });
    gate.complete();
    expect(handle.status()).toMatchObject({ state: 'completed', completedSteps: ['/a', '/b', '/b/c'] });
  });
});
