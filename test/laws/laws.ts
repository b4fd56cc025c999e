import { merge } from 'rxjs';
import type { RunEvent } from 'tutti';
import { describe, expect, it } from 'vitest';
import { endOf, judge } from './judge.ts';
import { type Deed, type Moment, play, type Score } from './play.ts';
import type { Make } from './subject.ts';
import { inVirtualTime, type Sabotage, World } from './world.ts';

/** What is known of a run beforehand. */
export interface Expectations {
  /** How it ends when nobody disturbs it; default `run.completed`. */
  readonly ends?: 'run.completed' | 'run.failed' | 'either';
  readonly output?: unknown;
  /** False for what does not mean the same in a bare pipe: what waits for signals, what runs beside a run. Default: true. */
  readonly piped?: boolean;
}

/**
 * The five promises of a run (design, section 3), over one subject: what it does undisturbed, when any one of its
 * bodies fails, and when it is unsubscribed or cancelled at any event, in any body, at any time.
 */
export function laws(name: string, make: Make, expectations: Expectations = {}): void {
  const { ends = 'run.completed', piped = true } = expectations;
  describe(name, () => {
    it('tells of every step from its start to its one end, and ends', () => {
      expect(wrongIn(make, [{}])).toEqual([]);
      const { events } = play(make);
      if (ends !== 'either') expect(endOf(events)).toBe(ends);
      if ('output' in expectations)
        expect(events.at(-1)).toEqual(expect.objectContaining({ output: expectations.output }));
    });

    it('tells the same when any body fails, and counts what was spent', () => {
      expect(wrongIn(make, sabotaged(make))).toEqual([]);
    });

    it('makes data of a failure, and harms no run beside it', () => {
      for (const { sabotage } of sabotaged(make)) besides(make, sabotage);
    });

    if (piped) pipeLaws(make);

    it('leaves nothing behind when unsubscribed at any event, in any body, at any time', () => {
      for (const score of variants(make)) {
        expect(wrongIn(make, disturbed(make, score, 'take', ['events']))).toEqual([]);
        expect(wrongIn(make, disturbed(make, score, 'unsubscribe'))).toEqual([]);
      }
    });

    it('ends gracefully when cancelled by its handle at any event, at any time', () => {
      for (const score of variants(make))
        expect(wrongIn(make, disturbed(make, score, 'cancel', ['events', 'frames']))).toEqual([]);
    });

    it('ends gracefully when its signal aborts at any event, in any body, at any time', () => {
      for (const score of variants(make)) expect(wrongIn(make, disturbed(make, score, 'abort'))).toEqual([]);
    });

    it('says that it was cancelled, and no more, when its signal is aborted beforehand', () => {
      const { world, events } = inVirtualTime(cancelledBefore(make));
      expect(world.calls).toEqual([]);
      expect(events.map(({ type }) => type)).toEqual(['run.started', 'run.cancelled']);
      expect(world.held()).toEqual([]);
    });

    it('tells the same again, to whoever listens, and when', () => {
      const { events } = play(make);
      expect(play(make).events).toEqual(events);
      expect(play(make, { as: 'start' }).events).toEqual(events);
      expect(inVirtualTime(replayed(make, events.length))).toEqual(events);
    });
  });
}

function pipeLaws(make: Make): void {
  it('does in a bare pipe what it does in a run, and fails there with an error notification', () => {
    const scores = [{}, ...sabotaged(make)].map((score) => ({ ...score, as: 'pipe' }) as const);
    expect(wrongIn(make, scores)).toEqual([]);
    for (const score of scores) samePiped(make, score);
  });

  it('leaves nothing behind when unsubscribed in a bare pipe', () => {
    expect(wrongIn(make, disturbed(make, { as: 'pipe' }, 'take', ['events']))).toEqual([]);
    expect(wrongIn(make, disturbed(make, { as: 'pipe' }, 'unsubscribe'))).toEqual([]);
  });
}

/** What is wrong in any of many plays, the first few. */
function wrongIn(make: Make, scores: readonly Score[]): string[] {
  return scores
    .flatMap((score) =>
      judge(play(make, score), score).map((wrong) => `${wrong} -- ${JSON.stringify(score)}`),
    )
    .slice(0, 5);
}

/** Each body made to fail, as it begins or where it would end. */
function sabotaged(make: Make): { sabotage: Sabotage }[] {
  const { calls } = play(make).world;
  return calls.flatMap(({ signal }, call) => {
    const start: Sabotage = { call, at: 'start' };
    return (signal === undefined ? [start] : [start, { call, at: 'end' } as const]).map((sabotage) => ({
      sabotage,
    }));
  });
}

/** What is disturbed at every moment: the run as it is, and runs in which a body fails, up to four of them. */
function variants(make: Make): Score[] {
  const sabotages = sabotaged(make).filter(
    ({ sabotage }, i, all) => all[i + 1]?.sabotage.call !== sabotage.call,
  );
  const every = Math.ceil(sabotages.length / 4);
  return [{}, ...sabotages.filter((_, i) => i % every === 0)];
}

type Moments = 'events' | 'frames' | 'calls';

/** The same play with something done to it, at every moment there is. */
function disturbed(
  make: Make,
  score: Score,
  deed: Deed,
  kinds: readonly Moments[] = ['events', 'frames', 'calls'],
): Score[] {
  const { events, values, world, endedAt } = play(make, score);
  const counts = { events: events.length + values.length, frames: endedAt + 1, calls: world.calls.length };
  const moment = { events: 'event', frames: 'frame', calls: 'call' } as const;
  return kinds.flatMap((kind) =>
    Array.from({ length: counts[kind] }, (_, i) => {
      const at = { [moment[kind]]: i } as unknown as Moment;
      return { ...score, disturbance: { deed, at } };
    }),
  );
}

/** Two runs merged: the one that fails harms neither the stream nor the other. */
function besides(make: Make, sabotage: Sabotage): void {
  const alone = play(make);
  const ended = inVirtualTime((scheduler) => {
    const worlds = [new World(scheduler, sabotage), new World(scheduler)];
    const heard: RunEvent[] = [];
    let completed = false;
    merge(...worlds.map((world, i) => make(world).run({ runId: `r${i}`, random: () => 0.5 }))).subscribe({
      next: (event) => heard.push(event),
      complete: () => {
        completed = true;
      },
    });
    worlds[0]?.advance();
    const other = heard.filter(({ runId }) => runId === 'r1').map((event) => ({ ...event, runId: 'r' }));
    return { completed, other };
  });
  expect(ended).toEqual({ completed: true, other: alone.events });
}

/** Steps tell in a bare pipe what they tell in a run, and its value or error is the run's. */
function samePiped(make: Make, score: Score): void {
  const run = play(make, { ...score, as: 'sequence' });
  const pipe = play(make, score);
  expect(pipe.events.map(bare)).toEqual(run.events.filter(({ path }) => path !== '').map(bare));
  const last = run.events.at(-1);
  if (last?.type === 'run.completed') expect(pipe.values).toEqual([last.output]);
  else expect(pipe.error).toEqual(expect.objectContaining({ message: messageOf(last) }));
}

const bare = ({ seq: _, runId: __, ...facts }: RunEvent): object => facts;

const messageOf = (event: RunEvent | undefined): unknown =>
  event?.type === 'run.failed' ? event.error.message : event;

const cancelledBefore = (make: Make) => (scheduler: World['scheduler']) => {
  const world = new World(scheduler);
  world.controller.abort('before');
  const events: RunEvent[] = [];
  make(world)
    .run({ signal: world.controller.signal })
    .subscribe((event) => events.push(event));
  return { world, events };
};

/** What a listener hears who comes in the middle, and leaves and comes again at the end. */
const replayed = (make: Make, count: number) => (scheduler: World['scheduler']) => {
  const world = new World(scheduler);
  const { events$ } = make(world).start({ runId: 'r', random: () => 0.5 });
  const heard: RunEvent[] = [];
  events$.subscribe().unsubscribe();
  world.advance(1);
  const middle = events$.subscribe((event) => heard.push(event));
  world.advance();
  middle.unsubscribe();
  expect(heard).toHaveLength(count);
  const again: RunEvent[] = [];
  events$.subscribe((event) => again.push(event));
  expect(again).toEqual(heard);
  return heard;
};
