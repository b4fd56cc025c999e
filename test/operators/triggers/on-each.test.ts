import {
  bufferCount,
  bufferTime,
  debounceTime,
  filter,
  interval,
  NEVER,
  Observable,
  of,
  range,
  Subject,
  take,
  throwError,
  timer,
} from 'rxjs';
import {
  type AnyStep,
  DefinitionError,
  InputValidationError,
  originalError,
  type RunCompleted,
  type RunEvent,
  step,
  workflow,
} from 'tutti';
import { compensate, type OnEachOptions, ofType, onEach, sequence } from 'tutti/operators';
import { checkEvents, fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { abortAfter } from '../abort-after.ts';
import { Timers } from '../timers.ts';
import { watch } from './watch-runs.ts';

const broken = new RangeError('broken');
const strategies = ['concat', 'merge', 'switch', 'exhaust'] as const;

/** Runs go by the letters that trigger them. */
const options = (letter: string) => ({ runId: letter });

/** A step that takes five milliseconds, and fails for `x`. */
const five = (m: MarblesContext) =>
  fakeStep(m, 'five', (letter: string) => (letter === 'x' ? '5ms #' : '5ms (y|)'), { error: broken });

const double = step('double', (n: number) => 2 * n);

/** A workflow whose schema takes words without digits. */
const strict = workflow(
  { name: 'strict', version: '7', input: z.string().regex(/^\D+$/) },
  step('word', (word: string) => word),
);

/** All that a stream gives in this turn. */
function now<T>(stream$: Observable<T>): { readonly items: T[]; completed: boolean } {
  const seen: { items: T[]; completed: boolean } = { items: [], completed: false };
  stream$.subscribe({
    next: (item) => seen.items.push(item),
    complete: () => {
      seen.completed = true;
    },
  });
  return seen;
}

const outputsOf = (events: readonly RunEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'run.completed' ? [event.output] : []));

describe('onEach', () => {
  it(
    'runs one after another, in order, if nothing else is said',
    marbles((m) => {
      const triggers = m.hot('ab-c----------------d-|');
      const told = watch(m, triggers.pipe(onEach(five(m), { options })));
      m.flush();
      expect(told.text).toBe('a> 5ms (a| b>) 5ms (b| c>) 5ms c| 5ms d> 5ms (d| |)');
    }),
  );

  it(
    'gives all events of all runs',
    marbles((m) => {
      const told = watch(m, m.cold('ab|').pipe(onEach(five(m))));
      m.flush();
      expect(told.runs.size).toBe(2);
      for (const events of told.runs.values())
        expect(events).toBeTimeline('(run> five>) 5ms (five. five| run|)');
    }),
  );

  it(
    'merges: runs side by side',
    marbles((m) => {
      const told = watch(m, m.cold('a-b-------c|').pipe(onEach(five(m), { strategy: 'merge', options })));
      m.flush();
      expect(told.text).toBe('a> 2ms b> 3ms a| 2ms b| 3ms c> 5ms (c| |)');
    }),
  );

  it(
    'merges: runs so many side by side, the others in order',
    marbles((m) => {
      const twoOf = onEach(five(m), { strategy: 'merge', concurrency: 2, options });
      const told = watch(m, m.cold('a-b-cd|').pipe(twoOf));
      m.flush();
      expect(told.text).toBe('a> 2ms b> 3ms (a| c>) 2ms (b| d>) 3ms c| 2ms (d| |)');
    }),
  );

  it(
    'switches: cancels what runs, tells of it, and begins the next',
    marbles((m) => {
      const told = watch(m, m.cold('a-b------c|').pipe(onEach(five(m), { strategy: 'switch', options })));
      m.flush();
      expect(told.text).toBe('a> 2ms (a! b>) 5ms b| 2ms c> 5ms (c| |)');
      expect(told.runs.get('a')).toBeTimeline('(run> five>) 2ms (five! run!)');
      expect(told.runs.get('a')?.at(-1)).toMatchObject({ reason: 'the next trigger came' });
    }),
  );

  it(
    'switches: waits for the end of what it cancels, then begins the newest',
    marbles((m) => {
      const undo = fakeStep(m, 'undo', '3ms (u|)');
      const done = step('done', (letter: string) => letter);
      const order = sequence(done.with(compensate(undo)), five(m));
      const told = watch(m, m.cold('a-bcd|').pipe(onEach(order, { strategy: 'switch', options })));
      m.flush();
      expect(told.text).toBe('a> 5ms (a! d>) 5ms (d| |)');
    }),
  );

  it(
    'exhausts: drops what comes while one runs',
    marbles((m) => {
      const told = watch(m, m.cold('ab----cd-e-|').pipe(onEach(five(m), { strategy: 'exhaust', options })));
      m.flush();
      expect(told.text).toBe('a> 5ms a| 1ms c> 5ms (c| |)');
    }),
  );

  it(
    'makes the input of a trigger, and options for each run',
    marbles((m) => {
      const seen: unknown[] = [];
      const look = step('look', (n: number, { runId, sessionId }) => seen.push(n, runId, sessionId));
      const triggers = m.cold('ab|', { a: { user: 'Ada', n: 5 }, b: { user: 'Bob', n: 6 } });
      const told = watch(
        m,
        triggers.pipe(
          onEach(look, {
            input: ({ n }, index) => 10 * n + index,
            options: ({ user }, index) => ({ sessionId: user, runId: `run ${index}` }),
          }),
        ),
      );
      m.flush();
      expect(told.text).toBe('(run 0> run 0|) 1ms (run 1> run 1|) 1ms |');
      expect(seen).toEqual([50, 'run 0', 'Ada', 61, 'run 1', 'Bob']);
    }),
  );

  it.each(strategies)('%s: a run that fails ends none of the others, nor the stream', (strategy) => {
    marbles((m) => {
      const told = watch(
        m,
        m.cold('x-----b------x-----c|').pipe(onEach(five(m), { strategy, options: () => ({}) })),
      );
      m.flush();
      const ends = [...told.runs.values()].map((events) => events.at(-1)?.type);
      expect(ends).toEqual(['run.failed', 'run.completed', 'run.failed', 'run.completed']);
      expect(told.error).toBeUndefined();
    })();
  });

  it(
    'merges: a run that fails leaves those beside it alone',
    marbles((m) => {
      const told = watch(m, m.cold('a-x-b|').pipe(onEach(five(m), { strategy: 'merge', options })));
      m.flush();
      expect(told.text).toBe('a> 2ms x> 2ms b> 1ms a| 2ms x# 2ms (b| |)');
    }),
  );

  it.each(strategies)('%s: tells of an input that is refused as of a run that failed', (strategy) => {
    const { items, completed } = now(of('good', 'b4d', 'fine').pipe(onEach(strict, { strategy, options })));
    const [started, failed, ...more] = items.filter(({ runId }) => runId === 'b4d');
    expect(more).toEqual([]);
    expect(started).toMatchObject({ type: 'run.started', workflow: 'strict', version: '7', input: 'b4d' });
    expect(failed).toMatchObject({ error: { code: 'INPUT_VALIDATION' }, durationMs: 0, costUsd: 0 });
    expect(failed?.type === 'run.failed' && originalError(failed.error)).toBeInstanceOf(InputValidationError);
    expect(checkEvents([started, failed].filter((event) => event !== undefined))).toEqual([]);
    expect(outputsOf(items)).toEqual(['good', 'fine']);
    expect(completed).toBe(true);
  });

  it('tells of a refused input as a schema that takes its time does', async () => {
    const later = z.string().refine(async (word) => !/\d/.test(word));
    const slow = workflow(
      { name: 'strict', version: '7', input: later },
      step('word', (word: string) => word),
    );
    const facts = async (one: typeof strict): Promise<unknown> => {
      const events: RunEvent[] = [];
      await of('b4d')
        .pipe(onEach(one, { options }))
        .forEach((event) => {
          events.push(event);
        });
      return events.map(({ at: _, ...event }) => ({ ...event, error: null, durationMs: null }));
    };
    expect(await facts(strict)).toEqual(await facts(slow));
  });

  it('tells of what input and options throw in the same way', () => {
    const fail = (): never => {
      throw broken;
    };
    const failures = [
      now(of(1).pipe(onEach(double, { input: fail, options: () => ({ runId: 'r' }) }))),
      now(of(1).pipe(onEach(double, { options: fail }))),
    ];
    for (const { items, completed } of failures) {
      expect(items).toMatchObject([{ type: 'run.started', input: 1, version: '' }, { type: 'run.failed' }]);
      expect(items[1]?.type === 'run.failed' && originalError(items[1].error)).toBe(broken);
      expect(completed).toBe(true);
    }
    expect(failures[0]?.items[0]?.runId).toBe('r');
  });

  it(
    'lets what runs and what waits end, when the triggers end',
    marbles((m) => {
      const told = watch(m, m.cold('(ab|)').pipe(onEach(five(m), { options })));
      m.flush();
      expect(told.text).toBe('a> 5ms (a| b>) 5ms (b| |)');
    }),
  );

  it(
    'passes on an error of the triggers once what runs and what waits has ended',
    marbles((m) => {
      const told = watch(m, m.cold('(ab#)', undefined, broken).pipe(onEach(five(m), { options })));
      m.flush();
      expect(told.text).toBe('a> 5ms (a| b>) 5ms (b| #)');
      expect(told.error).toBe(broken);
    }),
  );

  it(
    'ends with the triggers where nothing runs',
    marbles((m) => {
      m.expect(m.cold('--|').pipe(onEach(five(m)))).toBeObservable('--|');
      m.expect(throwError(() => broken).pipe(onEach(five(m)))).toBeObservable('#', undefined, broken);
    }),
  );

  it.each(strategies)(
    '%s: unsubscribing stops all runs at once, silently, and lets go of the triggers',
    (strategy) => {
      marbles((m) => {
        const scheduler = new Timers();
        const body = m.cold('----------y|');
        const triggers = m.hot('a-b-c');
        const slow = step('slow', (_: string) => body);
        const told = watch(m, triggers.pipe(onEach(slow, { strategy, options: () => ({ scheduler }) })));
        timer(7).subscribe(() => told.subscription.unsubscribe());
        m.flush();
        expect(told.events.filter(({ at }) => at >= 7)).toEqual([]);
        expect(body.subscriptions.every(({ unsubscribedFrame }) => unsubscribedFrame <= 7)).toBe(true);
        expect(triggers.subscriptions).toMatchObject([{ subscribedFrame: 0, unsubscribedFrame: 7 }]);
        expect(told.runs.size).toBe({ concat: 1, merge: 3, switch: 3, exhaust: 1 }[strategy]);
      })();
    },
  );

  it('throws what teardowns throw when it is unsubscribed, of all runs', () => {
    const messy = step(
      'messy',
      (n: number) =>
        new Observable(() => () => {
          throw new RangeError(`broken ${n}`);
        }),
    );
    const subscription = of(1, 2)
      .pipe(onEach(messy, { strategy: 'merge' }))
      .subscribe();
    expect(() => subscription.unsubscribe()).toThrow(/broken 1\n(.*\n)*.*broken 2/);
  });

  it(
    'lets a signal end runs gracefully',
    marbles((m) => {
      const signal = abortAfter(7);
      const told = watch(
        m,
        m.cold('abc|').pipe(onEach(five(m), { options: (runId) => ({ runId, signal }) })),
      );
      m.flush();
      expect(told.text).toBe('a> 5ms (a| b>) 2ms (b! c> c! |)');
    }),
  );

  it('makes other runs for each who listens', () => {
    const indices: number[] = [];
    const runs$ = of(1, 2).pipe(
      onEach(double, {
        input: (n, index) => {
          indices.push(index);
          return n;
        },
      }),
    );
    const [first, second] = [now(runs$), now(runs$)];
    expect(indices).toEqual([0, 1, 0, 1]);
    expect(new Set([...first.items, ...second.items].map(({ runId }) => runId)).size).toBe(4);
  });

  it('takes 100,000 triggers at once', { timeout: 60_000 }, () => {
    const { items, completed } = now(range(0, 100_000).pipe(onEach(double), ofType('run.completed')));
    expect(items).toHaveLength(100_000);
    expect(items.at(-1)).toMatchObject({ output: 199_998 });
    expect(completed).toBe(true);
  });

  it.each(strategies)(
    '%s: takes 20,000 triggers that come while a run takes its time',
    { timeout: 60_000 },
    (strategy) => {
      marbles((m) => {
        const once = step('once', (n: number) => (n === 0 ? timer(1) : of(2 * n)));
        const { items } = now(range(0, 20_000).pipe(onEach(once, { strategy }), ofType('run.completed')));
        m.flush();
        expect(items).toHaveLength({ concat: 20_000, merge: 20_000, switch: 19_999, exhaust: 1 }[strategy]);
      })();
    },
  );

  it.each(['concat', 'merge', 'switch'] as const)(
    '%s: lets runs trigger runs, 20,000 deep',
    { timeout: 60_000 },
    (strategy) => {
      const triggers = new Subject<number>();
      let last = 0;
      triggers.pipe(onEach(double, { strategy }), ofType('run.completed')).subscribe(({ output }) => {
        last = output;
        if (output < 40_000) triggers.next(output / 2 + 1);
      });
      triggers.next(1);
      expect(last).toBe(40_000);
    },
  );

  it('exhaust: takes a run for one that goes on until its last event has been told', () => {
    const triggers = new Subject<number>();
    const seen: number[] = [];
    triggers
      .pipe(onEach(double, { strategy: 'exhaust' }), ofType('run.completed'))
      .subscribe(({ output }) => {
        seen.push(output);
        triggers.next(output);
      });
    triggers.next(1);
    triggers.next(5);
    expect(seen).toEqual([2, 10]);
  });

  it('can be cut while endless triggers come', () => {
    const endless = range(0, Number.POSITIVE_INFINITY);
    const { items, completed } = now(endless.pipe(onEach(double), ofType('run.completed'), take(3)));
    expect(outputsOf(items)).toEqual([0, 2, 4]);
    expect(completed).toBe(true);
  });

  it(
    'runs for what has come to rest, with debounceTime',
    marbles((m) => {
      const triggers = m.cold('ab-c----------d-|');
      const told = watch(m, triggers.pipe(debounceTime(4), onEach(five(m), { options })));
      m.flush();
      expect(told.text).toBe('7ms c> 5ms c| 4ms d> 5ms (d| |)');
    }),
  );

  it(
    'runs for several at a time, with bufferCount or bufferTime',
    marbles((m) => {
      const join = step('join', (letters: string[]) => letters.join(''));
      const joined = (batches$: Observable<string[]>) => batches$.pipe(onEach(join), ofType('run.completed'));
      const counted = now(joined(m.cold('abcde|').pipe(bufferCount(2))));
      const timed = now(
        joined(
          m.cold('ab--c-----d|').pipe(
            bufferTime(3),
            filter(({ length }) => length > 0),
          ),
        ),
      );
      m.flush();
      expect(outputsOf(counted.items)).toEqual(['ab', 'cd', 'e']);
      expect(outputsOf(timed.items)).toEqual(['ab', 'c', 'd']);
    }),
  );

  it(
    'runs again and again, with interval',
    marbles((m) => {
      const checks$ = interval(4).pipe(
        take(5),
        onEach(five(m), { strategy: 'exhaust', input: () => 'a', options: (n) => ({ runId: String(n) }) }),
      );
      const told = watch(m, checks$);
      m.flush();
      expect(told.text).toBe('4ms 0> 5ms 0| 3ms 2> 5ms 2| 3ms 4> 5ms (4| |)');
    }),
  );

  it.each<OnEachOptions<number>>([
    { concurrency: 2 },
    { strategy: 'switch', concurrency: 1 },
    { strategy: 'merge', concurrency: 0 },
    { strategy: 'merge', concurrency: 1.5 },
    { strategy: 'merge', concurrency: Number.NaN },
    JSON.parse('{ "strategy": "flat" }'),
  ])('refuses %o', (wrong) => {
    expect(() => onEach(double, wrong)).toThrow(DefinitionError);
  });

  it('refuses what is no step', () => {
    const nothing: AnyStep = Object.assign(() => NEVER, { id: 'none' });
    expect(() => onEach(nothing as typeof double)).toThrow(DefinitionError);
  });

  it('types triggers by the step, or by what input takes', () => {
    const shout = step('shout', ({ text }: { text: string }) => text.toUpperCase());
    expectTypeOf(of({ text: 'x', more: 1 }).pipe(onEach(shout))).toEqualTypeOf<
      Observable<RunEvent<string>>
    >();
    expectTypeOf(interval(1).pipe(onEach(shout, { input: (n) => ({ text: n.toFixed() }) }))).toEqualTypeOf<
      Observable<RunEvent<string>>
    >();
    expectTypeOf(of({ text: 'x' }).pipe(onEach(shout), ofType('run.completed'))).toEqualTypeOf<
      Observable<RunCompleted<string>>
    >();
    of({ text: 'x', user: 'Ada' }).pipe(onEach(shout, { options: ({ user }) => ({ sessionId: user }) }));
    // @ts-expect-error: it takes no number
    () => of(1).pipe(onEach(shout));
    // @ts-expect-error: this is not its input
    () => of(1).pipe(onEach(shout, { input: (n) => n }));
    // @ts-expect-error: no such strategy
    () => onEach(shout, { strategy: 'flat' });
  });
});
