import { map, type Observable, take, toArray } from 'rxjs';
import { DefinitionError, outputOf, type RunEvent, run, start, step } from 'tutti';
import { fromEvents, partials, retry, sequence, status } from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { Timers } from '../timers.ts';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');

/** The events of a run in virtual time that has gone by. */
function recorded<O>(m: MarblesContext, run$: Observable<RunEvent<O>>): RunEvent<O>[] {
  const events: RunEvent<O>[] = [];
  run$.subscribe((event) => events.push(event));
  m.flush();
  return events;
}

describe('fromEvents', () => {
  it(
    'plays the very events again, at once, anew for each who listens',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a-b|');
      const events = recorded(m, run(a, 'q'));
      const again$ = fromEvents(events);
      expect(recorded(m, again$)).toEqual(events);
      expect(recorded(m, again$).every((event, index) => event === events[index])).toBe(true);
      m.flush();
    }),
  );

  it(
    'plays them in the time that there was',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-a--#', '--b-|']).with(retry({ delay: 3 }));
      const events = recorded(m, run(sequence(a, a), 'q'));
      const again$ = fromEvents(events, { timing: 'recorded' });
      m.expectRun(again$).toBe(
        '(run> a>) 1ms a. 3ms a~ 3ms a> 2ms a. 2ms (a| a~2>) 2ms a~2. 2ms (a~2| run|)',
      );
      m.expect(again$.pipe(partials(a))).toBeObservable('15ms -a-------b---b-|');
    }),
  );

  it(
    'begins with the first event at once, wherever time stood then',
    marbles((m) => {
      const events = [1000, 1002, 1002, 1008].map((at, seq) => makeEvent('step.log', { at, seq }));
      const seq$ = fromEvents(events, { timing: 'recorded' }).pipe(map(({ seq }) => seq));
      m.expect(seq$, '---^').toBeObservable('---a-(bc)--(d|)', { a: 0, b: 1, c: 2, d: 3 });
    }),
  );

  it(
    'takes its time from the scheduler it is given, one timer at a time, however long',
    marbles((m) => {
      const timers = new Timers();
      const month = 30 * 24 * 3600 * 1000;
      const events = [0, 2, month].map((at, seq) => makeEvent('step.log', { at, seq }));
      const at: number[] = [];
      const pending: number[] = [];
      fromEvents(events, { timing: 'recorded', scheduler: timers }).subscribe(() => {
        at.push(m.scheduler.now());
      });
      m.cold('-x-x').subscribe(() => pending.push(timers.pending));
      m.flush();
      expect(at).toEqual([0, 2, month]);
      expect(pending).toEqual([1, 1]);
      expect(timers.pending).toBe(0);
    }),
  );

  it(
    'does not wait where recorded time goes back, and makes up for who is slow',
    marbles((m) => {
      const events = [5, 7, 3, 12].map((at, seq) => makeEvent('step.log', { at, seq }));
      const seq$ = fromEvents(events, { timing: 'recorded' }).pipe(map(({ seq }) => `${seq}`));
      m.expect(seq$).toBeObservable('0-(12)-(3|)');
    }),
  );

  it('is all that an operator needs: outputs, states, errors', async () => {
    const greet = step('greet', (name: string) => `Hello ${name}`);
    const events: RunEvent<string>[] = [];
    run(greet, 'you').subscribe((event) => events.push(event));
    expect(await outputOf(fromEvents(events))).toBe('Hello you');
    const states: string[] = [];
    fromEvents(new Set(events))
      .pipe(status())
      .subscribe(({ state }) => states.push(state));
    expect(states.at(-1)).toBe('completed');
    const failing = step('failing', (_: string): string => {
      throw broken;
    });
    const failed: RunEvent<string>[] = [];
    start(failing, 'q').events$.subscribe((event) => failed.push(event));
    await expect(outputOf(fromEvents(failed))).rejects.toBe(broken);
  });

  it(
    'plays an iterable no further than it is listened to',
    marbles((m) => {
      for (const timing of ['at-once', 'recorded'] as const) {
        let asked = 0;
        let closed = 0;
        function* endless(): Generator<RunEvent> {
          try {
            for (; ; asked++) yield makeEvent('step.log', { seq: asked });
          } finally {
            closed++;
          }
        }
        const events: RunEvent[][] = [];
        fromEvents(endless(), { timing })
          .pipe(take(3), toArray())
          .subscribe((all) => events.push(all));
        expect(events[0]?.map(({ seq }) => seq)).toEqual([0, 1, 2]);
        expect([asked, closed]).toEqual([2, 1]);
      }
      m.flush();
    }),
  );

  it(
    'fails with what the iterable throws',
    marbles((m) => {
      function* failing(): Generator<RunEvent> {
        yield makeEvent('step.log', { at: 0 });
        yield makeEvent('step.log', { at: 2 });
        throw broken;
      }
      for (const [timing, expected] of [
        ['at-once', '(ll#)'],
        ['recorded', 'l-(l#)'],
      ] as const) {
        const types$ = fromEvents({ [Symbol.iterator]: failing }, { timing }).pipe(map(({ type }) => type));
        m.expect(types$).toBeObservable(expected, { l: 'step.log' }, broken);
      }
    }),
  );

  it(
    'completes at once without events',
    marbles((m) => {
      m.expect(fromEvents([])).toBeObservable('|');
      m.expect(fromEvents([], { timing: 'recorded' })).toBeObservable('|');
    }),
  );

  it(
    'ends its timer when it is unsubscribed',
    marbles((m) => {
      const timers = new Timers();
      const events = [0, 5].map((at, seq) => makeEvent('step.log', { at, seq }));
      const seq$ = fromEvents(events, { timing: 'recorded', scheduler: timers }).pipe(
        map(({ seq }) => `${seq}`),
      );
      m.expect(seq$, '^--!').toBeObservable('0---');
      m.flush();
      expect(timers.pending).toBe(0);
    }),
  );

  it('refuses a timing that there is not', () => {
    expect(() => fromEvents([], { timing: 'fast' as 'recorded' })).toThrow(DefinitionError);
  });

  it('has types', () => {
    const events: RunEvent<number>[] = [];
    expectTypeOf(fromEvents(events)).toEqualTypeOf<Observable<RunEvent<number>>>();
    // @ts-expect-error: texts are no events
    () => fromEvents(['a']);
    // @ts-expect-error: there is no such timing
    () => fromEvents(events, { timing: 'fast' });
  });
});
