import {
  concat,
  concatMap,
  delay,
  filter,
  mergeMap,
  NEVER,
  type Observable,
  of,
  range,
  switchMap,
  take,
  throwError,
} from 'rxjs';
import { type Emission, isStepEvent, isValue, type StepEvent } from 'tutti';
import { named, retry, timeout } from 'tutti/operators';
import { describe, expect, it } from 'vitest';
import { inVirtualTime, World } from './world.ts';

type Pipe = (world: World) => Observable<Emission<number>>;

/** Steps among RxJS' own operators, on one value or on many. */
const pipes: Readonly<Record<string, Pipe>> = {
  'a step on many values': (w) => of(1, 2, 3).pipe(w.probe('a', { ms: 2, partials: 1, costUsd: 1 }, {})),
  'a synchronous step on many values': (w) => of(1, 2, 3).pipe(w.probe('a', {}, {}, { ms: 2 })),
  'steps in a row': (w) =>
    of(1, 2).pipe(w.probe('a', { ms: 2 }, {}), w.probe('b', { ms: 1 }), w.probe('c', {})),
  'steps with values between them': (w) =>
    of(1, 2).pipe(w.probe('a', {}, { ms: 3 }), filter(isValue), w.probe('b', { ms: 1 })),
  'a step behind one value of another': (w) =>
    of(1, 2).pipe(w.probe('a', {}), filter(isValue), take(1), w.probe('b', { ms: 2 })),
  'steps with time between them': (w) => of(1, 2).pipe(w.probe('a', {}), delay(2), w.probe('b', { ms: 2 })),
  'a step for each, at once': (w) =>
    of(1, 2).pipe(
      w.probe('a', { ms: 1 }),
      mergeMap((item) => of(item).pipe(w.probe('b', { ms: 3 }))),
    ),
  'a step for each, in turn': (w) =>
    of(1, 2).pipe(
      w.probe('a', { ms: 1 }),
      concatMap((item) => of(item).pipe(w.probe('b', { ms: 3 }))),
    ),
  'a step for the latest': (w) =>
    of(1, 2, 3).pipe(
      w.probe('a', { ms: 1 }),
      filter(isValue),
      switchMap((item) => of(item).pipe(w.probe('b', { ms: 3 }))),
    ),
  'a step that fails at the second value': (w) =>
    of(1, 2, 3).pipe(w.probe('a', { ms: 1 }, { ms: 1, ends: 'failure' }), w.probe('b', { ms: 1 })),
  'a step under policies': (w) =>
    of(1, 2).pipe(
      named('n', w.probe('a', { ms: 9 }, { ends: 'failure' }, { ms: 2 })).with(
        timeout(3),
        retry({ delay: 1 }),
      ),
    ),
  'a source that goes on for ever': (w) => concat(of(1), NEVER).pipe(w.probe('a', { ms: 1 })),
  'a source that fails': (w) =>
    concat(
      of(1),
      throwError(() => new TypeError('source')),
    ).pipe(w.probe('a', { ms: 2 })),
  'a source that emits while it is listened to': (w) => w.source(3, 1).pipe(w.probe('a', { ms: 2 })),
};

/** What is heard of a pipe up to an event or a time, and what is held then. */
function cut(pipe: Pipe, limit: { readonly event?: number; readonly frame?: number }) {
  return inVirtualTime((scheduler) => {
    const world = new World(scheduler);
    const heard: Emission<number>[] = [];
    let ended = 'cut';
    const end = (how: string) => (): void => {
      world.stopping = 'at once';
      ended = how;
    };
    const subscription = pipe(world)
      .pipe(take(limit.event === undefined ? Number.POSITIVE_INFINITY : limit.event + 1))
      .subscribe({
        next: (item) => {
          if (heard.push(item) > (limit.event ?? Number.POSITIVE_INFINITY)) world.stopping = 'at once';
        },
        error: end('error'),
        complete: end('complete'),
      });
    world.advance(limit.frame ?? Number.POSITIVE_INFINITY, () => world.stopping !== false);
    world.stopping = 'at once';
    subscription.unsubscribe();
    const held = world.held();
    const count = heard.length;
    world.advance();
    if (heard.length > count) held.push(`${heard.length - count} came after the end`);
    return { heard, ended, held: [...held, ...world.held()] };
  });
}

/** Which attempts of which steps have not ended, and what is told of none that is open. */
function livesIn(events: readonly StepEvent[]): { readonly wrong: string[]; readonly open: string[] } {
  const open = new Set<string>();
  const wrong: string[] = [];
  for (const { type, runId, path, attempt } of events) {
    const life = `${runId} ${path} ${attempt}`;
    if (type === 'step.started') open.add(life);
    else if (!open.has(life)) wrong.push(`${type} of ${life}, which is not open`);
    if (/step\.(completed|failed|cancelled|retrying)/.test(type)) open.delete(life);
  }
  return { wrong, open: [...open] };
}

describe.each(Object.entries(pipes))('%s, in a bare pipe', (name, pipe) => {
  it('tells of every step from its start to its one end', () => {
    const { heard, held } = cut(pipe, {});
    expect(held).toEqual([]);
    const { wrong, open } = livesIn(heard.filter(isStepEvent));
    // What switchMap cuts can tell nobody.
    if (name !== 'a step for the latest') expect(open).toEqual([]);
    expect(wrong).toEqual([]);
  });

  it('leaves nothing behind when unsubscribed at any event', () => {
    const { length } = cut(pipe, {}).heard;
    const held = Array.from({ length }, (_, event) =>
      cut(pipe, { event }).held.map((what) => `${event}: ${what}`),
    );
    expect(held.flat()).toEqual([]);
  });

  it('leaves nothing behind when unsubscribed at any time', () => {
    const held = Array.from({ length: 20 }, (_, frame) =>
      cut(pipe, { frame }).held.map((what) => `${frame}: ${what}`),
    );
    expect(held.flat()).toEqual([]);
  });
});

describe('a pipe of a source without end', () => {
  it('stops it when unsubscribed', () => {
    const { heard, held } = cut((w) => range(1, Number.POSITIVE_INFINITY).pipe(w.probe('a', {})), {
      event: 7,
    });
    expect(heard).toHaveLength(8);
    expect(held).toEqual([]);
  });
});
