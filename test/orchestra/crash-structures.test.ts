import { map, of, timer } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import { type AnyStep, step } from 'tutti';
import {
  cache,
  compensate,
  fallback,
  hedge,
  mapEach,
  named,
  parallel,
  race,
  recover,
  sequence,
  timeout,
} from 'tutti/operators';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { livesOf } from './lives.ts';

const add = (id: string, n: number) => step(id, (input: number) => input + n);
const fails = (id: string) =>
  step(id, (_: number): number => {
    throw new RangeError(id);
  });
/** Takes `ms` of virtual time. */
const slow = (id: string, ms: number, scheduler: TestScheduler) =>
  step(id, (n: number) => timer(ms, scheduler).pipe(map(() => n)));
const undo = step('undo', () => {});

/** Structures of which more than results has to be remembered. */
const structures: Record<string, (scheduler: TestScheduler) => AnyStep> = {
  'a map over what a step streams': () =>
    mapEach(add('each', 1), {
      over: step({ id: 'stream', run: (n: number) => of(n, n + 1, n + 2), collect: (all) => all.length }),
      keyBy: (n) => n,
    }),
  'a fallback of a group': (scheduler) =>
    named('group', sequence(add('one', 1), fails('two'))).with(fallback(slow('other', 3, scheduler))),
  'a fallback of a group in a fallback': (scheduler) =>
    named('group', sequence(add('one', 1), fails('two'))).with(
      fallback(named('other', sequence(add('one', 1), fails('two')))),
      fallback(slow('last', 3, scheduler)),
    ),
  'a race that a group loses': (scheduler) =>
    sequence(
      race([slow('fast', 2, scheduler), named('group', sequence(add('one', 1), slow('two', 9, scheduler)))]),
      add('end', 1),
    ),
  'a race whose loser completes at the same time': () =>
    sequence(race([add('a', 1), named('group', add('b', 1)).with(compensate(undo))]), add('end', 1)),
  'a step that times out, and undoes what it did': (scheduler) =>
    named('trip', sequence(add('book', 1).with(compensate(undo)), slow('wait', 9, scheduler))).with(
      timeout(5),
      recover(() => 7),
    ),
  'a hedged group': (scheduler) =>
    named('group', sequence(add('one', 1), slow('two', 9, scheduler))).with(hedge({ after: 2, max: 2 })),
  'a cached group': (scheduler) =>
    named('group', sequence(add('one', 1), slow('two', 3, scheduler))).with(kept),
  'what completes while something beside it fails': (scheduler) =>
    named(
      'order',
      parallel([fails('bad'), add('book', 1).with(compensate(undo)), slow('other', 3, scheduler)]),
    ).with(recover(() => 7)),
};

/** A cache that several processes would not share; here, lives after the first find it full. */
const kept = cache();

describe.each(Object.entries(structures))('%s', (_, make) => {
  const living = (crashes: Parameters<typeof livesOf>[2]) =>
    livesOf((_, scheduler) => make(scheduler), 1, crashes, { instant: false, downMs: 0 });

  it('comes to the same end, whichever two commits it is killed at', async () => {
    const whole = await living([]);
    expect(checkEvents(whole.events)).toEqual([]);
    const last = whole.stored?.commits ?? 0;
    expect(last).toBeGreaterThan(1);
    for (const side of ['before', 'after'] as const)
      for (let commit = 1; commit <= last; commit++)
        for (let next = 1; next <= 3; next++) {
          const { stored, events } = await living([
            { commit, side },
            { commit: next, side },
          ]);
          expect
            .soft({
              commit,
              next,
              side,
              state: stored?.state,
              output: stored?.output,
              laws: checkEvents(events),
            })
            .toEqual({
              ...{ commit, next, side, state: 'completed' },
              output: whole.stored?.output,
              laws: [],
            });
        }
  });
});
