import type { VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { AnyStep, RunEvent } from 'tutti';
import { Orchestra } from 'tutti/orchestra';
import { memoryStore } from 'tutti/store';
import { expect } from 'vitest';
import { completedIn, retriedIn } from './completed-in.ts';
import { type Crash, crashing } from './crashing-store.ts';

/** Longer than any lease, in milliseconds. */
const leaseMs = 60_000;

/** No life here takes longer, in milliseconds of virtual time. */
const longestMs = 600_000;

/** Lets everything happen that can, virtual time included. */
export async function settle(scheduler: VirtualTimeScheduler, over: () => boolean): Promise<void> {
  const end = scheduler.now() + longestMs;
  for (let quiet = 0; quiet < 3 && !over(); ) {
    if (scheduler.now() > end) throw new RangeError(`it does not come to rest in ${longestMs} ms`);
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

/** How the lives are led. */
export interface Circumstances {
  /** The store answers at once. */
  readonly instant: boolean;
  /** How much time passes between two lives, in milliseconds. Default: a minute. */
  readonly downMs?: number;
  /** What is sent to the run when it waits. */
  readonly signal?: { readonly name: string; readonly payload: unknown };
}

/** A body starts at a place where a step has completed in an earlier life; and what the store has then. */
interface Repeat {
  readonly path: string;
  readonly events: readonly RunEvent[];
}

/** Makes a workflow, for one life of its run, whose bodies tell when they start. */
export type Making = (started: (path: string, attempt: number) => void, scheduler: TestScheduler) => AnyStep;

/** A run that is killed at given commits of its lives, one after another, until it ends or has nothing left to do. */
export async function livesOf(
  make: Making,
  input: unknown,
  crashes: readonly Crash[],
  { instant, signal, downMs = 60_000 }: Circumstances,
) {
  // Whoever takes the run up finds the lease of the dead expired.
  const clock = { ms: 0, life: 0, now: () => clock.ms + clock.life * leaseMs };
  const store = memoryStore({ clock });
  const eventsNow = (): readonly RunEvent[] => store.events('r', { limit: 100_000 });
  const starts: string[] = [];
  const repeats: Repeat[] = [];
  for (let life = 0; ; life++) {
    let dead = false;
    const before = eventsNow();
    const done = new Set(before.flatMap(({ type, path }) => (type === 'step.completed' ? [path] : [])));
    clock.life = life;
    const scheduler = new TestScheduler(() => {});
    scheduler.frame = clock.ms;
    const workflow = make((path, attempt) => {
      if (dead) return;
      starts.push(`${path} ${attempt}`);
      if (done.has(path)) repeats.push({ path, events: eventsNow() });
    }, scheduler);
    const crash = crashes[life] ?? { commit: Number.POSITIVE_INFINITY, side: 'before' };
    const orchestra = new Orchestra({
      store: crashing(store, crash, () => (dead = true), instant),
      workflows: [workflow],
      scheduler,
      recoverEvery: false,
    });
    const troubles: unknown[] = [];
    orchestra.troubles$.subscribe((trouble) => troubles.push(trouble.error));
    if (life === 0) void orchestra.start(workflow as never, input as never, { runId: 'r' });
    else void orchestra.recover();
    await settle(scheduler, () => dead);
    if (!dead && signal !== undefined && store.get('r')?.state === 'waiting') {
      void orchestra.handle('r').signal(signal.name, signal.payload);
      await settle(scheduler, () => dead);
    }
    expect(troubles).toEqual([]);
    clock.ms = scheduler.now() + downMs;
    if (!dead) break;
  }
  const events = eventsNow();
  const retried = retriedIn(events);
  const again = repeats.filter(({ path, events }) => completedIn(events, retried).has(path));
  return { stored: store.get('r'), events, starts, again: again.map(({ path }) => path) };
}
