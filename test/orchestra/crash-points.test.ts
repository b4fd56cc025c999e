import { VirtualTimeScheduler } from 'rxjs';
import { outputOf, run } from 'tutti';
import { Orchestra } from 'tutti/orchestra';
import { memoryStore } from 'tutti/store';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { type Crash, crashing } from './crashing-store.ts';
import { longWorkflow } from './long-workflow.ts';

/** What one life of a run came to. */
interface Life {
  readonly crashed: boolean;
  readonly commits: number;
}

/** Lets everything happen that can, virtual time included. */
async function settle(scheduler: VirtualTimeScheduler, over: () => boolean): Promise<void> {
  for (let quiet = 0; quiet < 3 && !over(); ) {
    for (let i = 0; i < 200; i++) await null;
    const next = scheduler.actions.length;
    if (next === 0) quiet++;
    else {
      quiet = 0;
      scheduler.maxFrames = Math.min(...scheduler.actions.map(({ delay }) => delay));
      scheduler.flush();
    }
  }
}

/** A run that is killed at given commits of its lives, one after another, until it ends. */
async function living(crashes: readonly Crash[], instant: boolean) {
  const clock = { ms: 0, now: () => clock.ms };
  const store = memoryStore({ clock });
  const starts: string[] = [];
  const again: string[] = [];
  const lives: Life[] = [];
  for (let life = 0; ; life++) {
    let dead = false;
    const done = new Set(
      store
        .events('r', { limit: 100_000 })
        .flatMap((event) => (event.type === 'step.completed' ? [event.path] : [])),
    );
    const workflow = longWorkflow((path, attempt) => {
      if (dead) return;
      starts.push(`${path} ${attempt}`);
      if (done.has(path)) again.push(path);
    });
    const scheduler = new VirtualTimeScheduler();
    scheduler.frame = clock.ms;
    let commits = 0;
    const crash = crashes[life] ?? { commit: Number.POSITIVE_INFINITY, side: 'before' };
    const counted = crashing(store, crash, () => (dead = true), instant);
    const orchestra = new Orchestra({
      store: counted,
      workflows: [workflow],
      scheduler,
      recoverEvery: false,
    });
    const troubles: unknown[] = [];
    orchestra.troubles$.subscribe((trouble) => troubles.push(trouble.error));
    if (life === 0) void orchestra.start(workflow as never, 3 as never, { runId: 'r' });
    else void orchestra.recover();
    await settle(scheduler, () => dead);
    commits = store.get('r')?.commits ?? 0;
    lives.push({ crashed: dead, commits });
    expect(troubles).toEqual([]);
    // Whoever takes it up finds the lease of the dead expired.
    clock.ms = scheduler.now() + 60_000;
    if (!dead) break;
  }
  const events = store.events('r', { limit: 100_000 });
  return { stored: store.get('r'), events, starts, again, lives };
}

describe('a run that is killed', () => {
  const undisturbed = (async () => {
    const starts: string[] = [];
    const scheduler = new VirtualTimeScheduler();
    const output = outputOf(
      run(longWorkflow((path, attempt) => starts.push(`${path} ${attempt}`)) as never, 3 as never, {
        scheduler,
      }),
    );
    let over = false;
    output.finally(() => (over = true));
    await settle(scheduler, () => over);
    return { output: await output, starts };
  })();

  it.each([true, false])(
    'gives what it gives without a journal (a store that answers at once: %s)',
    async (instant) => {
      const { stored, starts, events } = await living([], instant);
      const expected = await undisturbed;
      expect(stored).toMatchObject({ state: 'completed', output: expected.output });
      expect(starts.toSorted()).toEqual(expected.starts.toSorted());
      expect(checkEvents(events)).toEqual([]);
    },
  );

  it.each([
    [true, 'before'],
    [true, 'after'],
    [false, 'before'],
    [false, 'after'],
  ] as const)(
    'comes to the same end, whichever commit it is killed at (at once: %s, %s writing)',
    async (instant, side) => {
      const expected = await undisturbed;
      const whole = await living([], instant);
      const last = whole.stored?.commits ?? 0;
      expect(last).toBeGreaterThan(30);
      for (let commit = 1; commit <= last; commit++) {
        const { stored, again, events } = await living([{ commit, side }], instant);
        expect
          .soft({ commit, stored: stored?.state, output: stored?.output, again })
          .toEqual({ commit, stored: 'completed', output: expected.output, again: [] });
        expect(checkEvents(events)).toEqual([]);
      }
    },
  );
});
