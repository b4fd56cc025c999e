import fc from 'fast-check';
import { EMPTY, map, Observable, Subscription, take, tap } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import type { RunEvent } from 'tutti';
import { eventBus, type OnEachOptions, type OnEachStrategy, ofType, onEach } from 'tutti/operators';
import { checkEvents } from 'tutti/testing';
import { cron } from 'tutti/triggers';
import { describe, expect, it } from 'vitest';
import { anyPolicedCase, type Case } from './any-case.ts';
import { build } from './build.ts';
import { mortal } from './tree.ts';
import { inVirtualTime, World } from './world.ts';

const numRuns = Number(process.env.TUTTI_PROPERTY_RUNS ?? 40);
const seed = Number(process.env.TUTTI_PROPERTY_SEED ?? 20_263);
const timeout = 600_000;

type Make = (scheduler: TestScheduler, times: readonly number[]) => Observable<number>;

/** Triggers at these times, from each place that triggers come from. */
const sources: Readonly<Record<string, Make>> = {
  'an Observable': (scheduler, times) =>
    new Observable((subscriber) => {
      const timers = new Subscription();
      times.forEach((time, i) => {
        timers.add(scheduler.schedule(() => subscriber.next(i), time));
      });
      const last = Math.max(0, ...times);
      timers.add(scheduler.schedule(() => subscriber.complete(), last));
      return timers;
    }),
  'an event bus': (scheduler, times) =>
    new Observable((subscriber) => {
      const bus = eventBus<{ trigger: number; other: string }>({ scheduler });
      const timers = new Subscription();
      timers.add(
        bus.events$
          .pipe(
            ofType('trigger'),
            map(({ data }) => data),
          )
          .subscribe(subscriber),
      );
      times.forEach((time, i) => {
        timers.add(scheduler.schedule(() => void bus.emit('other', 'no trigger'), time));
        timers.add(scheduler.schedule(() => void bus.emit('trigger', i), time));
      });
      timers.add(scheduler.schedule(() => bus.complete(), Math.max(0, ...times)));
      return timers;
    }),
  'a clock': (scheduler, times) =>
    times.length === 0
      ? EMPTY
      : cron('* * * * * *', { timezone: 'UTC', scheduler }).pipe(
          take(times.length),
          map((_, i) => i),
        ),
};

const options = fc.record({
  strategy: fc.constantFrom<OnEachStrategy>('concat', 'merge', 'switch', 'exhaust'),
  concurrency: fc.constantFrom(undefined, 1, 2),
});

/** What came of so many triggers. */
interface Ran {
  readonly count: number;
  readonly inputs: readonly unknown[];
  readonly ends: readonly string[];
  /** How many ran at the same time, at most. */
  readonly most: number;
  /** The triggers that came while a run was on that completed afterwards. */
  readonly outlived: number;
  /** The triggers that had no run, though none was on when they came. */
  readonly missed: number;
}

/** What each strategy promises. */
const meaning: Readonly<Record<OnEachStrategy, (ran: Ran, concurrency: number) => void>> = {
  concat({ count, inputs, most }) {
    expect(inputs).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(most).toBeLessThanOrEqual(1);
  },
  merge({ count, inputs, most }, concurrency) {
    expect(inputs).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(most).toBeLessThanOrEqual(concurrency);
  },
  // The last trigger always has its run, and nothing cancels that.
  switch({ count, inputs, ends, most, outlived }) {
    expect(outlived).toBe(0);
    expect(inputs.at(-1)).toBe(count === 0 ? undefined : count - 1);
    expect(ends.at(-1)).not.toBe('run.cancelled');
    expect(most).toBeLessThanOrEqual(1);
  },
  exhaust({ count, inputs, most, missed }) {
    expect(missed).toBe(0);
    expect(inputs[0]).toBe(count === 0 ? undefined : 0);
    expect(most).toBeLessThanOrEqual(1);
  },
};

const times = fc
  .array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 })
  .map((all) => all.sort((a, b) => a - b));

describe.each(Object.entries(sources))('onEach, over any tree and triggers of %s,', (_, source) => {
  it('runs what its strategy says, and completes with the last run', { timeout }, () => {
    forAny((one, { strategy, concurrency }, times) => {
      const { runs, came, ended, held } = triggered(one, source, { strategy, concurrency }, times);
      expect([ended, held]).toEqual([true, []]);
      for (const events of runs) expect(checkEvents(events)).toEqual([]);
      const ran: Ran = {
        count: times.length,
        inputs: inputsOf(runs),
        ends: runs.map((events) => events.at(-1)?.type ?? 'nothing'),
        outlived: came.filter((time) =>
          runs.some(
            (events) =>
              events.at(-1)?.type === 'run.completed' && at(events[0]) < time && time < at(events.at(-1)),
          ),
        ).length,
        missed: came.filter(
          (time, i) => !inputsOf(runs).includes(i) && !runs.some((events) => isOnAt(events, time)),
        ).length,
        most: Math.max(0, ...runs.map(([first]) => openAt(runs, at(first)))),
      };
      meaning[strategy](ran, concurrency ?? Number.POSITIVE_INFINITY);
      if (strategy !== 'switch') expect(ran.ends).not.toContain('run.cancelled');
    });
  });

  it('leaves nothing behind when unsubscribed at any event', { timeout }, () => {
    forAny((one, { strategy, concurrency }, times) => {
      const { count } = triggered(one, source, { strategy, concurrency }, times);
      for (let cutAt = 0; cutAt < count; cutAt += 1 + Math.floor(cutAt / 3)) {
        const cut = triggered(one, source, { strategy, concurrency }, times, cutAt);
        expect([cutAt, cut.count, cut.held]).toEqual([cutAt, cutAt + 1, []]);
        for (const events of cut.runs) expect(checkEvents(events, { cut: true })).toEqual([]);
      }
    });
  });
});

type Options = { readonly strategy: OnEachStrategy; readonly concurrency: number | undefined };

function forAny(check: (one: Case, options: Options, times: readonly number[]) => void): void {
  fc.assert(fc.property(anyPolicedCase, options, times, check), { numRuns, seed });
}

/** Triggers runs, and tells what comes of it; unsubscribes at an event, if so wanted. */
function triggered(
  { tree }: Case,
  source: Make,
  { strategy, concurrency }: Options,
  times: readonly number[],
  cutAt = -1,
) {
  return inVirtualTime((scheduler) => {
    const world = new World(scheduler);
    const step = build(mortal(tree), world);
    const all: RunEvent[] = [];
    const came: number[] = [];
    let ended = false;
    const each: OnEachOptions<number> = {
      strategy,
      ...(strategy === 'merge' && concurrency !== undefined && { concurrency }),
      options: (_, index) => ({ runId: `${index}`, random: () => 0.5 }),
    };
    const events$ = source(scheduler, times).pipe(
      tap(() => came.push(scheduler.now())),
      onEach(step, each),
    );
    (cutAt < 0 ? events$ : events$.pipe(take(cutAt + 1))).subscribe({
      next: (event) => all.push(event),
      complete: () => {
        ended = true;
      },
    });
    world.advance(Number.POSITIVE_INFINITY, () => cutAt >= 0 && ended);
    const held = world.held();
    if (cutAt >= 0) world.advance();
    const ids = [...new Set(all.map(({ runId }) => runId))];
    const runs = ids.map((id) => all.filter(({ runId }) => runId === id));
    return { runs, came, count: all.length, ended, held };
  });
}

const isOnAt = (events: readonly RunEvent[], time: number): boolean =>
  at(events[0]) <= time && time <= at(events.at(-1));

const at = (event: RunEvent | undefined): number => event?.at ?? 0;

/** The triggers that became runs, in the order in which these began. */
const inputsOf = (runs: readonly (readonly RunEvent[])[]): unknown[] =>
  runs.map(([first]) => (first?.type === 'run.started' ? first.input : undefined));

/** How many runs that take time are under way just after a time. */
const openAt = (runs: readonly (readonly RunEvent[])[], time: number): number =>
  runs.filter((events) => at(events[0]) <= time && at(events.at(-1)) > time).length;
