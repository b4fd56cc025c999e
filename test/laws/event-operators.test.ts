import fc from 'fast-check';
import { from, map, Observable, of, tap } from 'rxjs';
import { pendingStatus, type RunEnded, type RunEvent, reduceStatus, run, start } from 'tutti';
import {
  costs,
  fromEvents,
  perRun,
  progress,
  type Span,
  status,
  timeline,
  toAsyncIterable,
  toReadableStream,
  toReport,
  values,
} from 'tutti/operators';
import { describe, expect, it } from 'vitest';
import { anyPolicedCase, type Case } from './any-case.ts';
import { build } from './build.ts';
import { conflating, type EventOperator, eventOperators, streamedIn, withText } from './event-operators.ts';
import { mortal } from './tree.ts';
import { inVirtualTime, World } from './world.ts';

const numRuns = Number(process.env.TUTTI_PROPERTY_RUNS ?? 20);
const seed = Number(process.env.TUTTI_PROPERTY_SEED ?? 20_262);
const timeout = 600_000;

/** A run that has ended, to be listened to again. */
interface Recording {
  readonly one: Case;
  readonly events: readonly RunEvent[];
  readonly end: RunEnded;
  /** The id of a step in it, one that streams if there is any. */
  readonly id: string;
}

describe('the operators on events, over the runs of any trees,', () => {
  it('give the same live, late, and of a recording', { timeout }, () => {
    forAny(({ one, events, id }) => {
      for (const [name, operator] of Object.entries(eventOperators(id))) {
        const recorded = resultsOf(fromEvents(events), operator);
        expect([name, live(one, operator)]).toEqual([name, recorded]);
        expect([name, late(one, operator)]).toEqual([name, recorded]);
      }
    });
  });

  it('let go of their source when unsubscribed at any event, and lose nothing before', { timeout }, () => {
    forAny(({ events, id }) => {
      for (const [name, operator] of Object.entries({ ...eventOperators(id), ...conflating })) {
        const whole = inVirtualTime(() => resultsOf(from(events), operator));
        for (let count = 0; count < whole.length; count += 1 + Math.floor(count / 4)) {
          const { heard, listeners, timers } = cutAfter(events, operator, count);
          expect([name, count, listeners, timers]).toEqual([name, count, 0, 0]);
          expect([name, heard]).toEqual([name, whole.slice(0, count + 1)]);
        }
      }
    });
  });

  it('let go of their source when unsubscribed between any two events', { timeout }, () => {
    forAny(({ events, id }) => {
      for (const [name, operator] of Object.entries({ ...eventOperators(id), ...conflating }))
        for (let count = 0; count < events.length; count += 1 + Math.floor(count / 4)) {
          const { listeners, timers } = leftAfter(events, operator, count);
          expect([name, count, listeners, timers]).toEqual([name, count, 0, 0]);
        }
    });
  });

  it('hand on the failure of their source, after what came before', { timeout }, () => {
    forAny(({ events, id }) => {
      for (const [name, operator] of Object.entries({ ...eventOperators(id), ...conflating }))
        for (let count = 0; count <= events.length; count += 1 + Math.floor(count / 4))
          expect([name, failureOf(events.slice(0, count), operator)]).toEqual([name, 'broken']);
    });
  });

  it('merge partials without losing any, in whatever time', { timeout }, () => {
    forAny(({ one, events }) => {
      const streamed = streamedIn(events);
      for (const [name, operator] of Object.entries(conflating)) {
        expect([name, streamedIn(live(one, operator) as RunEvent[])]).toEqual([name, streamed]);
        const again = inVirtualTime((scheduler) =>
          resultsOf(fromEvents(events, { timing: 'recorded', scheduler }), operator, () => scheduler.flush()),
        );
        expect([name, streamedIn(again as RunEvent[])]).toEqual([name, streamed]);
        // What waits is not lost where events end in the middle of a run.
        for (let count = 0; count < events.length; count += 1 + Math.floor(count / 4)) {
          const some = events.slice(0, count);
          const cut = inVirtualTime(() => resultsOf(from(some), operator));
          expect([name, streamedIn(cut as RunEvent[])]).toEqual([name, streamedIn(some)]);
        }
      }
    });
  });

  it('say how far a run is: never less, and all when it has completed', { timeout }, () => {
    forAny(({ events, end }) => {
      for (const options of [{}, { expectedSteps: 2 }, { expectedSteps: 99 }]) {
        const fractions = resultsOf(from(events), progress(options)) as number[];
        expect(fractions).toEqual([...new Set(fractions)].sort((a, b) => a - b));
        expect(fractions[0]).toBe(0);
        if (end.type === 'run.completed') expect(fractions.at(-1)).toBe(1);
        else expect(fractions.at(-1)).toBeLessThan(1);
      }
    });
  });

  it('add up what a run cost, as it says itself', { timeout }, () => {
    forAny(({ events, end }) => {
      const totals = lastOf(events, costs());
      expect(totals?.totalUsd ?? 0).toBe(end.costUsd);
      const shares = Object.values(totals?.byStep ?? {}).map(({ totalUsd }) => totalUsd);
      expect(shares.reduce((a, b) => a + b, 0)).toBe(end.costUsd);
      const report = lastOf(events, toReport());
      expect(report?.totalCostUsd).toBe(end.costUsd);
      expect(report?.totalDurationMs).toBe(end.durationMs);
      expect(report?.steps.reduce((sum, { costUsd }) => sum + costUsd, 0)).toBe(end.costUsd);
      expect(`run.${report?.status}`).toBe(end.type);
      expect(lastOf(events, status())?.costUsd).toBe(end.costUsd);
    });
  });

  it('give a status that holds what happened, and never changes', { timeout }, () => {
    forAny(({ events, end }) => {
      let now = pendingStatus;
      const all = events.map((event) => {
        now = reduceStatus(now, event);
        // Some are read at once, some only at the end.
        return { now, read: event.seq % 3 === 0 ? JSON.stringify(now) : undefined };
      });
      all.forEach(({ now: then, read }, i) => {
        const alone = events.slice(0, i + 1).reduce(reduceStatus, pendingStatus);
        expect(JSON.stringify(then)).toBe(JSON.stringify(alone));
        if (read !== undefined) expect(JSON.stringify(then)).toBe(read);
        expect([then.currentStep, then.completedSteps]).toEqual(standing(events.slice(0, i + 1)));
      });
      expect(`run.${now.state}`).toBe(end.type);
    });
  });

  it('give a span for each attempt and each skip, closed inside its parent', { timeout }, () => {
    forAny(({ events }) => {
      const all = resultsOf(from(events), timeline()) as Span[];
      const count = (...types: RunEvent['type'][]): number =>
        events.filter(({ type }) => types.includes(type)).length;
      expect(all).toHaveLength(count('run.started', 'step.started', 'step.skipped'));
      expect(all.at(-1)).toMatchObject({ path: '', parentPath: undefined });
      all.forEach(({ path, parentPath, startMs, endMs }, i) => {
        if (parentPath === undefined) return;
        const parent = all.slice(i + 1).find((span) => span.path === parentPath);
        expect([path, parent !== undefined && parent.startMs <= startMs && endMs <= parent.endMs]).toEqual([
          path,
          true,
        ]);
      });
    });
  });

  it('keep every event of every step in one group', { timeout }, () => {
    forAny(({ events, id }) => {
      const { 'byStep, by path': byPath, 'byStep, by id': byId } = eventOperators(id);
      const ofSteps = events.filter(({ path }) => path !== '');
      const seqs = ofSteps.map(({ seq }) => seq);
      for (const [operator, key] of [[byPath, 'path'] as const, [byId, 'step'] as const]) {
        const all = resultsOf(from(events), operator as EventOperator) as [string, number][];
        expect(all.map(([, seq]) => seq)).toEqual(seqs);
        expect(all.map(([name]) => name)).toEqual(ofSteps.map((event) => event[key]));
      }
    });
  });

  it('tell more with each verbosity', { timeout }, () => {
    forAny(({ events, id }) => {
      const of = eventOperators(id);
      const [quiet = [], normal = [], verbose = []] = ['quiet', 'normal', 'verbose'].map((level) =>
        resultsOf(from(events), of[`verbosity, ${level}`] as EventOperator),
      );
      expect(verbose).toEqual(events);
      expect(normal.filter((event) => quiet.includes(event))).toEqual(quiet);
      expect(quiet.at(-1)).toBe(events.at(-1));
    });
  });

  it('follow each of two runs as if it were alone', { timeout }, () => {
    forAny(({ events, id }) => {
      const other = events.map((event) => ({ ...event, runId: 'other' }));
      const mixed = events.flatMap((event, i) => [event, ...other.slice(i, i + 1)]);
      for (const [name, operator] of Object.entries(eventOperators(id))) {
        if (name.startsWith('perRun')) continue;
        const alone = resultsOf(from(events), operator);
        const both = resultsOf(from(mixed), perRun(operator)) as { runId: string; value: unknown }[];
        const ofOne = both.filter(({ runId }) => runId === 'r').map(({ value }) => value);
        expect([name, ofOne]).toEqual([name, alone]);
        expect([name, both.length]).toEqual([name, 2 * alone.length]);
      }
    });
  });

  it('replay a recording at the times of its events', { timeout }, () => {
    forAny(({ events }) => {
      const times = inVirtualTime((scheduler) => {
        const recorded$ = fromEvents(events, { timing: 'recorded', scheduler });
        return resultsOf(
          recorded$,
          map(() => scheduler.now()),
          () => scheduler.flush(),
        );
      });
      expect(times.map((time) => Math.round(Number(time)))).toEqual(events.map(({ at }) => Math.round(at)));
    });
  });

  it('are read as an iterable and as a stream, and let go of when left', { timeout }, async () => {
    const property = fc.asyncProperty(anyPolicedCase, fc.nat(9), async (one, count) => {
      const { events } = recordingOf(one);
      for (const read of [iterated, streamed]) {
        const whole = watched(from(events));
        expect(await read(whole.source$, Number.POSITIVE_INFINITY)).toEqual(events);
        const cut = watched(from(events));
        expect(await read(cut.source$, count)).toEqual(events.slice(0, count));
        expect([whole.listeners(), cut.listeners()]).toEqual([0, 0]);
      }
    });
    await fc.assert(property, { numRuns: Math.min(numRuns, 1000), seed });
  });

  it('give the value of a bare pipe', { timeout }, () => {
    forAny(({ one, end }) => {
      const given = inVirtualTime((scheduler) => {
        const step = build(mortal(one.tree), new World(scheduler));
        const heard: unknown[] = [];
        const error = (failure: unknown): number => heard.push({ failure });
        of(one.input)
          .pipe(step, values())
          .subscribe({ next: (value) => heard.push({ value }), error });
        scheduler.flush();
        return heard;
      });
      const expected = end.type === 'run.completed' ? { value: end.output } : { failure: expect.anything() };
      expect(given).toEqual([expected]);
    });
  });
});

function forAny(check: (recording: Recording) => void): void {
  const property = fc.property(anyPolicedCase, (one) => check(recordingOf(one)));
  fc.assert(property, { numRuns, seed });
}

function recordingOf(one: Case): Recording {
  const events = live(
    one,
    map((event) => event),
  ) as RunEvent[];
  const streaming = events.find(({ type }) => type === 'step.partial');
  const id = (streaming ?? events.find(({ path }) => path !== '') ?? { step: 'none' }).step;
  return { one, events, end: events.at(-1) as RunEnded, id };
}

/** What an operator gives of a run while it happens. */
function live({ tree, input }: Case, operator: EventOperator): unknown[] {
  return inVirtualTime((scheduler) => {
    const step = build(mortal(tree), new World(scheduler));
    const events$ = run(step, input, { runId: 'r', random: () => 0.5 }).pipe(map(withText));
    return resultsOf(events$, operator, () => scheduler.flush());
  });
}

/** What it gives to one who comes when the run is over. */
function late({ tree, input }: Case, operator: EventOperator): unknown[] {
  return inVirtualTime((scheduler) => {
    const step = build(mortal(tree), new World(scheduler));
    const { events$ } = start(step, input, { runId: 'r', random: () => 0.5 });
    scheduler.flush();
    return resultsOf(events$.pipe(map(withText)), operator);
  });
}

function resultsOf(
  events$: Observable<RunEvent>,
  operator: EventOperator,
  meanwhile: () => void = () => {},
): unknown[] {
  const results: unknown[] = [];
  let completed = false;
  events$.pipe(operator).subscribe({
    next: (result) => results.push(result),
    complete: () => {
      completed = true;
    },
  });
  meanwhile();
  expect(completed).toBe(true);
  return results;
}

const lastOf = <T>(events: readonly RunEvent[], operator: (events$: Observable<RunEvent>) => Observable<T>) =>
  resultsOf(from(events), operator as EventOperator).at(-1) as T | undefined;

/** A source that knows how many listen to it. */
function watched<T>(inner$: Observable<T>) {
  let listeners = 0;
  const source$ = new Observable<T>((subscriber) => {
    listeners++;
    subscriber.add(() => listeners--);
    return inner$.subscribe(subscriber);
  });
  return { source$, listeners: () => listeners };
}

/** Unsubscribes at a result, within its handler. */
function cutAfter(events: readonly RunEvent[], operator: EventOperator, count: number) {
  return inVirtualTime((scheduler) => {
    const { source$, listeners } = watched(from(events));
    const heard: unknown[] = [];
    const subscription = source$.pipe(operator).pipe(tap((result) => heard.push(result)));
    const stop = new AbortController();
    new Observable((subscriber) => {
      stop.signal.addEventListener('abort', () => subscriber.unsubscribe());
      return subscription.subscribe(subscriber);
    }).subscribe(() => heard.length > count && stop.abort());
    return { heard, listeners: listeners(), timers: scheduler.actions.length };
  });
}

/** Unsubscribes after so many events of a source that goes on. */
function leftAfter(events: readonly RunEvent[], operator: EventOperator, count: number) {
  return inVirtualTime((scheduler) => {
    const silent$ = new Observable<RunEvent>((subscriber) => {
      for (const event of events.slice(0, count)) subscriber.next(event);
    });
    const { source$, listeners } = watched(silent$);
    const subscription = source$.pipe(operator).subscribe();
    const before = listeners();
    subscription.unsubscribe();
    return { listeners: listeners() + (before - 1), timers: scheduler.actions.length };
  });
}

function failureOf(events: readonly RunEvent[], operator: EventOperator): unknown {
  return inVirtualTime(() => {
    const failing$ = new Observable<RunEvent>((subscriber) => {
      for (const event of events) subscriber.next(event);
      subscriber.error('broken');
    });
    let failure: unknown;
    failing$.pipe(operator).subscribe({
      error: (error: unknown) => {
        failure = error;
      },
    });
    return failure;
  });
}

/** The current step and the completed ones, worked out from the events alone. */
function standing(events: readonly RunEvent[]): [string | undefined, string[]] {
  const states = new Map<string, string>();
  const started: string[] = [];
  for (const { type, path } of events) {
    if (path === '' || type === 'step.cost') continue;
    if (type === 'step.started') started.push(path);
    if (/^step\.(started|completed|failed|cancelled|retrying|skipped|waiting|resumed)$/.test(type))
      states.set(path, type === 'step.resumed' ? 'step.started' : type);
  }
  const over = /^run\.(completed|failed|cancelled)$/.test(events.at(-1)?.type ?? '');
  const going = (path: string): boolean => !over && /started|retrying|waiting/.test(states.get(path) ?? '');
  const completed = [...states].filter(([, state]) => state === 'step.completed').map(([path]) => path);
  return [started.findLast(going), completed];
}

async function iterated(events$: Observable<RunEvent>, count: number): Promise<RunEvent[]> {
  const read: RunEvent[] = [];
  const iterable = toAsyncIterable(events$, { buffer: Number.POSITIVE_INFINITY });
  if (count === 0) return read;
  for await (const event of iterable) if (read.push(event) === count) break;
  return read;
}

async function streamed(events$: Observable<RunEvent>, count: number): Promise<RunEvent[]> {
  const read: RunEvent[] = [];
  const reader = toReadableStream(events$, { buffer: Number.POSITIVE_INFINITY }).getReader();
  while (read.length < count) {
    const { done, value } = await reader.read();
    if (done) return read;
    read.push(value);
  }
  await reader.cancel();
  return read;
}
