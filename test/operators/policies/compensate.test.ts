import { NEVER, throwError } from 'rxjs';
import {
  CompensationFailedError,
  outputOf,
  type Policy,
  type RunEvent,
  run,
  type Step,
  start,
  step,
  workflow,
} from 'tutti';
import {
  type Completed,
  cache,
  compensate,
  fallback,
  named,
  parallel,
  race,
  recover,
  retry,
  sequence,
  timeout,
} from 'tutti/operators';
import { checkEvents, fakeStep, marbles, timeline } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';

const broken = new Error('broken');
const bad = step('bad', (_: unknown): string => {
  throw broken;
});

const never = step('never', (_: unknown) => NEVER);

/** A step that gives its id, and one that undoes it, which notes what it was given. */
function pair(id: string, undone: unknown[]): Step<unknown, string> {
  const undo = step(`undo-${id}`, (completed: Completed<unknown, string>) => undone.push(completed));
  return step(id, (_: unknown) => id).with(compensate(undo));
}

function eventsOf<O>(...of: Parameters<typeof run<unknown, O, unknown>>): RunEvent<O>[] {
  const events: RunEvent<O>[] = [];
  run(...of).subscribe((event) => events.push(event));
  expect(checkEvents(events)).toEqual([]);
  return events;
}

/** What happened, in order, whenever it did. */
const line = (events: readonly RunEvent[]) => timeline(events.map((event) => ({ ...event, at: 0 })));

const order = (undone: unknown[]) => undone.map((one) => (one as Completed<unknown, string>).output);

describe('compensate', () => {
  it('undoes what has completed, the latest first, before the run fails', () => {
    const undone: unknown[] = [];
    const events = eventsOf(sequence(pair('a', undone), pair('b', undone), bad), 1);
    expect(undone).toEqual([
      { input: 'a', output: 'b' },
      { input: 1, output: 'a' },
    ]);
    expect(line(events)).toBe(
      '(run> a> a| b> b| bad> bad# b/!compensate> b/!compensate| run^ a/!compensate> a/!compensate| run^ run#)',
    );
    expect(events.filter(({ type }) => type === 'step.compensated')).toMatchObject([
      { of: '/b', path: '', step: 'sequence' },
      { of: '/a', path: '', step: 'sequence' },
    ]);
  });

  it('does nothing when all goes well', () => {
    const undone: unknown[] = [];
    expect(line(eventsOf(sequence(pair('a', undone), pair('b', undone)), 1))).toBe('(run> a> a| b> b| run|)');
    expect(undone).toEqual([]);
  });

  it('leaves the failure what it was', async () => {
    await expect(outputOf(run(sequence(pair('a', []), bad), 1))).rejects.toBe(broken);
  });

  it('leaves out the step that failed itself', () => {
    const undone: unknown[] = [];
    const undo = step('undo', (_: Completed<unknown, string>) => undone.push('bad'));
    eventsOf(sequence(pair('a', undone), bad.with(compensate(undo))), 1);
    expect(order(undone)).toEqual(['a']);
  });

  it(
    'follows the order of completion across parallel branches',
    marbles((m) => {
      const undone: string[] = [];
      const branch = (id: string, marble: string) =>
        fakeStep(m, id, marble).with(
          compensate(step(`undo-${id}`, (_: Completed<unknown, string>) => undone.push(id))),
        );
      const both = parallel({ slow: branch('slow', '---(a|)'), quick: branch('quick', '-(a|)') });
      m.expectRun(run(sequence(both, bad), 1)).toBe(`
        (run> parallel/slow> parallel/quick>) 1ms (parallel/quick. parallel/quick|)
        2ms (parallel/slow. parallel/slow| bad> bad#
          parallel/slow/!compensate> parallel/slow/!compensate| run^
          parallel/quick/!compensate> parallel/quick/!compensate| run^ run#)`);
      m.flush();
      expect(undone).toEqual(['slow', 'quick']);
    }),
  );

  it('undoes what has completed inside a named step that fails, before that one fails, and what was before it after', () => {
    const undone: unknown[] = [];
    const events = eventsOf(sequence(pair('a', undone), named('n', sequence(pair('b', undone), bad))), 1);
    expect(line(events)).toBe(
      '(run> a> a| n> n/b> n/b| n/bad> n/bad# n/b/!compensate> n/b/!compensate| n^ n# a/!compensate> a/!compensate| run^ run#)',
    );
    expect(order(undone)).toEqual(['b', 'a']);
  });

  it('undoes what has completed inside a named step that completed, when what is around it fails', () => {
    const undone: unknown[] = [];
    eventsOf(sequence(named('n', sequence(pair('a', undone), pair('b', undone))), bad), 1);
    expect(order(undone)).toEqual(['b', 'a']);
  });

  it('lets a composite with its own be undone by that one', () => {
    const undone: unknown[] = [];
    const undo = step('undo', (completed: Completed<unknown, string>) => undone.push(completed));
    const group = named('n', sequence(pair('a', undone), pair('b', undone))).with(compensate(undo));
    eventsOf(sequence(group, bad), 1);
    expect(undone).toEqual([{ input: 1, output: 'b' }]);
    undone.length = 0;
    eventsOf(named('n', sequence(pair('a', undone), bad)).with(compensate(undo)), 1);
    expect(order(undone)).toEqual(['a']);
  });

  it('lets the outer of two around one step undo it', () => {
    const undone: string[] = [];
    const undo = (id: string) =>
      compensate(step(id, (_: Completed<unknown, string>) => void undone.push(id)));
    const a = step('a', (_: unknown) => 'a').with(undo('inner'), undo('outer'));
    eventsOf(sequence(a, bad), 1);
    expect(undone).toEqual(['outer']);
  });

  it('leaves what the loser of a race completed until what is around fails', () => {
    const undone: unknown[] = [];
    const loser = named('loser', sequence(pair('a', undone), never));
    const won = race([loser, step('winner', (_: unknown) => 'won')]);
    eventsOf(won, 1);
    expect(undone).toEqual([]);
    eventsOf(sequence(won, bad), 1);
    expect(order(undone)).toEqual(['a']);
  });

  it('undoes a settled branch by itself if it is a named step, and else when what is around fails', () => {
    const undone: unknown[] = [];
    const branch = sequence(pair('a', undone), bad);
    eventsOf(parallel({ branch }, { failure: 'settle' }), 1);
    expect(undone).toEqual([]);
    eventsOf(sequence(parallel({ branch }, { failure: 'settle' }), bad), 1);
    expect(order(undone)).toEqual(['a']);
    eventsOf(parallel({ branch: named('branch', branch) }, { failure: 'settle' }), 1);
    expect(order(undone)).toEqual(['a', 'a']);
  });

  it('undoes before a fallback or recover goes on, and nothing after that', () => {
    const undone: unknown[] = [];
    const basic = step('basic', (_: unknown) => 'basic');
    const saga = sequence(pair('a', undone), bad);
    const events = eventsOf(sequence(named('n', saga).with(fallback(basic)), bad), 1);
    expect(line(events)).toBe(
      '(run> n> n/a> n/a| n/bad> n/bad# n/a/!compensate> n/a/!compensate| n^ n< n/!fallback:basic> n/!fallback:basic| n| bad> bad# run#)',
    );
    expect(order(undone)).toEqual(['a']);
    const recovered = eventsOf(named('n', saga).with(recover(() => 'none')), 1);
    expect(recovered.at(-1)).toMatchObject({ type: 'run.completed', output: 'none' });
    expect(order(undone)).toEqual(['a', 'a']);
  });

  it('undoes what several attempts completed once', () => {
    const undone: unknown[] = [];
    eventsOf(named('n', sequence(pair('a', undone), bad)).with(retry({ maxRetries: 2, delay: 0 })), 1);
    expect(order(undone)).toEqual(['a']);
  });

  it('undoes the work of its own run, not what an earlier run did and a cache remembers', () => {
    for (const remembered of ['inside', 'outside']) {
      const undone: unknown[] = [];
      let calls = 0;
      const undo = step('undo', (completed: Completed<unknown, number>) => undone.push(completed.output));
      const reserve = step('reserve', (_: unknown) => ++calls);
      const memory = cache();
      const reserved =
        remembered === 'inside'
          ? reserve.with(memory, compensate(undo))
          : reserve.with(compensate(undo), memory);
      expect(eventsOf(reserved, 1).at(-1)).toMatchObject({ output: 1 });
      eventsOf(sequence(reserved, bad), 1);
      expect({ calls, undone }).toEqual({ calls: 1, undone: [] });
    }
  });

  it('undoes an output of its own run that a cache has remembered, once, and the cache forgets it', () => {
    for (const remembered of ['inside', 'outside', 'around']) {
      const undone: unknown[] = [];
      let calls = 0;
      const undo = step('undo', (completed: Completed<unknown, number>) => undone.push(completed.output));
      const reserve = step('reserve', (_: unknown) => ++calls);
      const memory = cache();
      const reserved =
        remembered === 'inside'
          ? reserve.with(memory, compensate(undo))
          : remembered === 'outside'
            ? reserve.with(compensate(undo), memory)
            : named('n', sequence(reserve.with(compensate(undo)))).with(memory);
      const order = sequence(reserved, bad);
      eventsOf(order, 1);
      eventsOf(order, 1);
      expect({ calls, undone }).toEqual({ calls: 2, undone: [1, 2] });
    }
  });

  it('undoes what a fallback did in place of the step', () => {
    const undone: unknown[] = [];
    const undo = step('undo', (completed: Completed<unknown, string>) => undone.push(completed.output));
    const other = step('other', (_: unknown) => 'other');
    eventsOf(sequence(bad.with(cache(), fallback(other), compensate(undo)), bad), 1);
    expect(undone).toEqual(['other']);
  });

  it('collects the failures of compensations, and runs the others', async () => {
    const undone: unknown[] = [];
    const stuck = step('stuck', (_: unknown) => 'stuck').with(
      compensate(step('undo', (_: Completed<unknown, string>) => throwError(() => new Error('cannot')))),
    );
    const saga = sequence(pair('a', undone), stuck, pair('b', undone), bad);
    const failure = await outputOf(run(saga, 1)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CompensationFailedError);
    expect(failure).toMatchObject({
      code: 'COMPENSATION_FAILED',
      cause: broken,
      failures: [{ path: '/stuck', error: { message: 'cannot' } }],
    });
    expect(order(undone)).toEqual(['b', 'a']);
  });

  it('undoes when the run is cancelled gracefully, before it says so', async () => {
    const undone: unknown[] = [];
    const handle = start(
      sequence(
        pair('a', undone),
        step('b', () => NEVER),
      ),
      1,
    );
    handle.cancel('enough');
    expect(await handle.result()).toMatchObject({ state: 'cancelled', reason: 'enough' });
    const events: RunEvent[] = [];
    handle.events$.subscribe((event) => events.push(event));
    expect(line(events)).toBe('(run> a> a| b> b! a/!compensate> a/!compensate| run^ run!)');
    expect(order(undone)).toEqual(['a']);
  });

  it(
    'waits for compensations that take time, and takes a second cancel for the first',
    marbles((m) => {
      const undo = fakeStep<Completed<unknown, string>>(m, 'undo', '---(u|)');
      const a = step('a', (_: unknown) => 'a').with(compensate(undo));
      const saga = sequence(a, fakeStep(m, 'b', '-------'));
      const handle = start(saga, 1);
      m.cold('-x-x|').subscribe({ next: () => handle.cancel('enough') });
      m.flush();
      const events: RunEvent[] = [];
      handle.events$.subscribe((event) => events.push(event));
      expect(timeline(events)).toBe(
        '(run> a> a| b>) 1ms (b! a/!compensate>) 3ms (a/!compensate. a/!compensate| run^ run!)',
      );
      expect(checkEvents(events)).toEqual([]);
      expect(undo.calls).toMatchObject([{ input: { input: 1, output: 'a' }, outcome: 'completed' }]);
    }),
  );

  it('undoes what has completed inside what a cancellation ends, wherever it is', () => {
    const undone: unknown[] = [];
    const inner = named(
      'n',
      sequence(
        pair('a', undone),
        step('b', () => NEVER),
      ),
    );
    start(
      workflow(
        { name: 'w' },
        parallel({
          inner,
          other: sequence(
            pair('c', undone),
            step('d', () => NEVER),
          ),
        }),
      ),
      1,
    ).cancel();
    expect(order(undone)).toEqual(['c', 'a']);
  });

  it.each([
    ['a fallback', fallback(step('f', (_: unknown) => 'f'))],
    ['a recovery', recover(() => 'r')],
  ])('is left to what is around %s that was not needed, or whose own part completed', (_, policy) => {
    for (const broke of [false, true]) {
      const undone: unknown[] = [];
      const inside = broke
        ? sequence(pair('a', undone), bad)
        : sequence(pair('a', undone), pair('b', undone));
      eventsOf(sequence(inside.with(policy as Policy), pair('c', undone), bad), 1);
      expect(order(undone)).toEqual(broke ? ['a', 'c'] : ['c', 'b', 'a']);
    }
    const undone: unknown[] = [];
    const waiting = sequence(
      pair('a', undone),
      step('b', () => NEVER),
    );
    start(named('n', waiting.with(policy as Policy)), 1).cancel();
    expect(order(undone)).toEqual(['a']);
  });

  it(
    'is done again by what is around when it is interrupted, at a place of its own, with what was left',
    marbles((m) => {
      const undone: unknown[] = [];
      const slow = fakeStep(m, 'slow', (_: Completed<unknown, string>) => '---(u|)');
      const b = step('b', (_: unknown) => 'b').with(compensate(slow));
      const inner = named('m', named('n', sequence(pair('a', undone), b, bad))).with(timeout(2));
      const events: RunEvent[] = [];
      run(inner, 1).subscribe((event) => events.push(event));
      m.flush();
      expect(checkEvents(events)).toEqual([]);
      expect(timeline(events)).toBe(
        '(run> m> m/n> m/n/a> m/n/a| m/n/b> m/n/b| m/n/bad> m/n/bad# m/n/b/!compensate>) 2ms ' +
          '(m/n/b/!compensate! m/n! m/n/b/!compensate#2>) 3ms (m/n/b/!compensate#2. m/n/b/!compensate#2| m^ ' +
          'm/n/a/!compensate> m/n/a/!compensate| m^ m# run#)',
      );
      expect(order(undone)).toEqual(['a']);
    }),
  );

  it('runs nothing when it is unsubscribed', () => {
    const undone: unknown[] = [];
    run(
      sequence(
        pair('a', undone),
        step('b', () => NEVER),
      ),
      1,
    )
      .subscribe()
      .unsubscribe();
    expect(undone).toEqual([]);
  });

  it('takes a step that undoes what this one gives', () => {
    const refund = step('refund', (_: Completed<{ order: string }, { charge: number }>) => true);
    const charge = step('charge', (_: { order: string; card: string }) => ({ charge: 3, currency: 'EUR' }));
    expectTypeOf(charge.with(compensate(refund))).toEqualTypeOf(charge);
    // @ts-expect-error: it gives no charge
    bad.with(compensate(refund));
  });
});
