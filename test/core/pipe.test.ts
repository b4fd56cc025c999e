import {
  catchError,
  concat,
  concatMap,
  delay,
  EMPTY,
  filter,
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  range,
  reduce,
  retry,
  Subject,
  shareReplay,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import {
  type AnyStep,
  type Emission,
  InputValidationError,
  isStepEvent,
  isValue,
  type RunEvent,
  run,
  type Step,
  type StepContext,
  type StepEvent,
  step,
  type Value,
  workflow,
} from 'tutti';
import { named, parallel, sequence, values } from 'tutti/operators';
import { fakeStep, marbles, timeline } from 'tutti/testing';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { emitted, listen, settled } from './support.ts';

const double = step('double', (n: number) => 2 * n);
const text = step('text', (n: number) => `${n}`);
const broken = new Error('broken');

const eventsOf = (emissions: readonly Emission<unknown>[]): StepEvent[] => emissions.filter(isStepEvent);

/** What comes out, and how it ends. */
function witnessed(emissions$: Observable<Emission<unknown>>): string[] {
  const notes: string[] = [];
  emissions$.subscribe({
    next: (emission) => notes.push(emitted([emission])),
    error: (error) => notes.push(`error ${error.message}`),
    complete: () => notes.push('complete'),
  });
  return notes;
}

describe('a step in a bare pipe', () => {
  it('takes a plain value, tells of it, gives a Value and completes', () => {
    expect(witnessed(of(2).pipe(double))).toEqual(['double>', 'double|', '=4', 'complete']);
  });

  it('completes with an empty source, in the same turn', () => {
    expect(witnessed(EMPTY.pipe(double))).toEqual(['complete']);
  });

  it(
    'takes many values in order, one at a time',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', (letter: string) => (letter === 'a' ? '----(x|)' : '-(y|)'));
      const source = m.cold('      ab-------c|');
      const subscription = '       ^---------!';
      const expected = '           ----xy----(y|)';
      m.expect(source.pipe(slow, values())).toBeObservable(expected);
      m.has(source, subscription);
      m.flush();
      expect(slow.calls.map(({ input, startedAt, endedAt }) => [input, startedAt, endedAt])).toEqual([
        ['a', 0, 4],
        ['b', 4, 5],
        ['c', 9, 10],
      ]);
    }),
  );

  it('gives each plain value a scope of its own', () => {
    const events = eventsOf(listen(of(1, 2).pipe(double)));
    expect(events.map(({ seq }) => seq)).toEqual([0, 1, 0, 1]);
    expect(new Set(events.map(({ runId }) => runId)).size).toBe(2);
  });

  it('runs anew for each subscriber', () => {
    const body = vi.fn((n: number) => n);
    const emissions$ = of(1).pipe(step('s', body));
    expect(body).not.toHaveBeenCalled();
    expect(emitted(listen(emissions$))).toBe('s> s| =1');
    expect(emitted(listen(emissions$))).toBe('s> s| =1');
    expect(body).toHaveBeenCalledTimes(2);
  });

  it('lets events of other pipes pass untouched, and at once', () => {
    const foreign = eventsOf(listen(of(1).pipe(double)));
    const source = new Subject<number | StepEvent>();
    const busy = step('busy', (_: number) => NEVER);
    const emissions = listen(source.pipe(busy));
    source.next(1);
    for (const event of foreign) source.next(event);
    expect(emissions.slice(1)).toEqual(foreign);
    expect(emissions[1]).toBe(foreign[0]);
  });

  it('works on the events of a run as on any item', () => {
    const types = step('types', ({ type }: RunEvent) => type);
    const made = run(double, 1).pipe(types, values(), toArray());
    expect(listen(made)).toEqual([['run.started', 'step.started', 'step.completed', 'run.completed']]);
  });

  it('counts costs', () => {
    const paying = step('paying', (_: number, ctx) => ctx.cost({ usd: 2 }));
    const events = eventsOf(listen(of(1).pipe(paying)));
    expect(events).toMatchObject([
      { type: 'step.started' },
      { type: 'step.cost', usd: 2 },
      { type: 'step.completed', costUsd: 2 },
    ]);
  });

  it('streams partials', async () => {
    const emissions = listen(of(3).pipe(step('count', (n: number) => range(n))));
    expect(emitted(emissions)).toBe('count> count. count. count. count| =2');
    async function* letters(_: number) {
      yield 'a';
      yield 'b';
    }
    const streamed = listen(of(3).pipe(step('letters', letters)));
    await settled();
    expect(emitted(streamed)).toBe('letters> letters. letters. letters| ="b"');
  });

  it('takes any step: composites, workflows', () => {
    expect(emitted(listen(of(1).pipe(parallel({ double, text }))))).toBe(
      'parallel/double> parallel/double| parallel/text> parallel/text| ={"double":2,"text":"1"}',
    );
    expect(emitted(listen(of(1).pipe(workflow({ name: 'w' }, double))))).toBe('w> w/double> w/double| w| =2');
    expect(emitted(listen(of(1).pipe(sequence(double, double))))).toBe(
      'double> double| double~2> double~2| =4',
    );
  });
});

describe('steps that follow each other directly', () => {
  it('work on the same item in one scope', () => {
    const emissions = listen(of(2).pipe(double, text));
    expect(emitted(emissions)).toBe('double> double| text> text| ="4"');
    const events = eventsOf(emissions);
    expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    expect(new Set(events.map(({ runId }) => runId)).size).toBe(1);
  });

  it('are told apart when one comes again', () => {
    expect(emitted(listen(of(1).pipe(double, double, double)))).toBe(
      'double> double| double~2> double~2| double~3> double~3| =8',
    );
  });

  it('take the next item when the last of them is done', () => {
    const order: string[] = [];
    const noting = (id: string) =>
      step(id, (n: number) => {
        order.push(`${id}${n}`);
        return n;
      });
    listen(of(1, 2).pipe(noting('a'), noting('b')));
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  it('are as many as one likes', { timeout: 60_000 }, () => {
    const steps = Array.from({ length: 20_000 }, () => step('s', (n: number) => n + 1));
    const all = steps.reduce<Observable<number | Emission<number>>>((source, one) => source.pipe(one), of(0));
    const last = listen(all).at(-1);
    expect(last).toMatchObject({ value: 20_000 });
  });

  it('may share a beginning', () => {
    const begun = of(1).pipe(double);
    expect(emitted(listen(begun.pipe(text)))).toBe('double> double| text> text| ="2"');
    expect(emitted(listen(begun.pipe(double)))).toBe('double> double| double~2> double~2| =4');
    expect(emitted(listen(begun))).toBe('double> double| =2');
  });
});

describe('steps with another operator between them', () => {
  it('work in one scope all the same: its events pass through in order, untouched', () => {
    const between: Emission<number>[] = [];
    const emissions = listen(
      of(2).pipe(
        double,
        tap((emission) => between.push(emission)),
        text,
      ),
    );
    expect(emitted(emissions)).toBe('double> double| text> text| ="4"');
    expect(emitted(between)).toBe('double> double| =4');
    const events = eventsOf(emissions);
    expect(events.slice(0, 2)).toEqual(between.slice(0, 2));
    expect(events[0]).toBe(between[0]);
    expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    expect(new Set(events.map(({ runId }) => runId)).size).toBe(1);
  });

  it('are told apart when one comes again', () => {
    const again = of(1).pipe(
      double,
      filter(() => true),
      double,
      tap(),
      double,
    );
    expect(emitted(listen(again))).toBe('double> double| double~2> double~2| double~3> double~3| =8');
    const keys = step('keys', (before: readonly string[], ctx) => [...before, ctx.idempotencyKey]);
    const [first, second] = listen(of([]).pipe(keys, tap(), keys, values()))[0] ?? [];
    expect(first).not.toBe(second);
  });

  it('begin a new scope on what is a plain value again', () => {
    const emissions = listen(
      of(2).pipe(
        double,
        values(),
        map((n) => n + 1),
        text,
      ),
    );
    expect(emitted(emissions)).toBe('text> text| ="5"');
    expect(eventsOf(emissions).map(({ seq }) => seq)).toEqual([0, 1]);
  });

  it('see only what the operator lets through', () => {
    const emissions = listen(
      of(1, 2, 3).pipe(
        double,
        filter((emission) => isValue(emission) && emission.value !== 4),
        text,
      ),
    );
    expect(emitted(emissions)).toBe('text> text| ="2" text> text| ="6"');
  });

  it(
    'wait for one that takes time, and tell the time of it',
    marbles((m) => {
      const b = fakeStep(m, 'b', '-(x|)');
      const emissions = listen(of(1).pipe(double, delay(10), b));
      m.flush();
      expect(emitted(emissions)).toBe('double> double| b> b. b| ="x"');
      expect(eventsOf(emissions).map(({ at }) => at)).toEqual([0, 0, 10, 11, 11]);
    }),
  );

  it(
    'tell of a duration from where they began',
    marbles((m) => {
      const b = fakeStep(m, 'b', '-(x|)');
      const emissions = listen(of(1).pipe(double, delay(10), b));
      m.flush();
      expect(eventsOf(emissions).at(-1)).toMatchObject({ type: 'step.completed', durationMs: 1 });
    }),
  );

  it('go on when the operator has enough after the first value', () => {
    const emissions = of(1, 2).pipe(double, filter(isValue), take(1), text);
    expect(witnessed(emissions)).toEqual(['text>', 'text|', '="2"', 'complete']);
  });

  it('take a value that was taken out and is put in again', async () => {
    const value = await firstValueFrom(of(2).pipe(double, filter(isValue)));
    const emissions = listen(of(value).pipe(text));
    expect(emitted(emissions)).toBe('text> text| ="4"');
    expect(eventsOf(emissions).map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it(
    'tell of it each to its own listener when several have it at once',
    marbles((m) => {
      const [slow, quick] = [fakeStep(m, 'slow', '--(x|)'), fakeStep(m, 'quick', '-(y|)')];
      const values$ = of(2).pipe(double, filter(isValue), shareReplay(1));
      const ofSlow = listen(values$.pipe(slow));
      const ofQuick = listen(values$.pipe(quick));
      m.flush();
      expect(emitted(ofSlow)).toBe('slow> slow. slow| ="x"');
      expect(emitted(ofQuick)).toBe('quick> quick. quick| ="y"');
      const branches = mergeMap((value: Value<number>) => merge(of(value).pipe(slow), of(value).pipe(quick)));
      const both = listen(of(2).pipe(double, filter(isValue), branches));
      m.flush();
      expect(emitted(both)).toBe('slow> quick> quick. quick| ="y" slow. slow| ="x"');
    }),
  );

  it('keep each item in order', async () => {
    const slow = step('slow', async (n: number) => n);
    const emissions = listen(of(1, 2, 3).pipe(slow, filter(isValue), slow, values()));
    await settled();
    expect(emissions).toEqual([1, 2, 3]);
  });

  it('tell of a late cost too', () => {
    let first: StepContext | undefined;
    const gate = new Subject<number>();
    const a = step('a', (n: number, ctx) => {
      first = ctx;
      return n;
    });
    const source = new Subject<number>();
    const emissions = listen(
      source.pipe(
        a,
        filter(() => true),
        step('b', () => gate),
      ),
    );
    source.next(1);
    first?.cost({ usd: 1 });
    gate.complete();
    expect(emitted(emissions)).toBe('a> a| b> a$ b| =undefined');
    expect(emissions[3]).toMatchObject({ late: true });
  });
});

describe('a step that fails in a bare pipe', () => {
  const failing = step('failing', (_: number) => {
    throw broken;
  });

  it('ends it in the error, as it is', () => {
    const seen: unknown[] = [];
    of(1)
      .pipe(failing)
      .subscribe({ error: (error) => seen.push(error) });
    expect(seen).toEqual([broken]);
    expect(seen[0]).toBe(broken);
    expect(witnessed(of(1).pipe(failing, text))).toEqual(['failing>', 'failing#', 'error broken']);
  });

  it('takes no more values, and leaves the source', () => {
    const body = vi.fn(() => {
      throw broken;
    });
    const source = new Subject<number>();
    witnessed(source.pipe(step('s', body)));
    source.next(1);
    expect(source.observed).toBe(false);
    witnessed(of(1, 2, 3).pipe(step('s', body)));
    expect(body).toHaveBeenCalledTimes(2);
  });

  it('is subscribed again by the retry of RxJS', () => {
    let calls = 0;
    const flaky = step('flaky', (n: number) => {
      if (++calls < 3) throw broken;
      return n;
    });
    expect(witnessed(of(7).pipe(flaky, retry(2)))).toEqual([
      ...['flaky>', 'flaky#', 'flaky>', 'flaky#', 'flaky>', 'flaky|'],
      '=7',
      'complete',
    ]);
    calls = 0;
    expect(witnessed(of(7).pipe(flaky, retry(1))).at(-1)).toBe('error broken');
  });

  it('is caught by the catchError of RxJS', () => {
    const caught = of(7).pipe(
      failing,
      catchError((error) => (error === broken ? of(0).pipe(double) : EMPTY)),
    );
    expect(witnessed(caught)).toEqual(['failing>', 'failing#', 'double>', 'double|', '=0', 'complete']);
  });

  it('refuses an input as an error too', () => {
    const checked = step({ id: 's', input: z.string(), run: (input) => input });
    const errors: unknown[] = [];
    // @ts-expect-error: a number is no text
    const refused = of(1).pipe(checked);
    refused.subscribe({ error: (error) => errors.push(error) });
    expect(errors[0]).toBeInstanceOf(InputValidationError);
  });
});

describe('a source that fails before a bare pipe', () => {
  it('hands its error on', () => {
    expect(witnessed(throwError(() => broken).pipe(double))).toEqual(['error broken']);
    expect(
      witnessed(
        concat(
          of(1),
          throwError(() => broken),
        ).pipe(double),
      ),
    ).toEqual([...['double>', 'double|', '=2'], 'error broken']);
  });

  it(
    'cancels what is under way first, and forgets what waits',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '------|');
      const notes: string[] = [];
      const events: StepEvent[] = [];
      m.cold('ab-#', undefined, broken)
        .pipe(slow)
        .subscribe({
          next: (emission) => isStepEvent(emission) && events.push(emission),
          error: (error) => notes.push(error.message),
        });
      m.flush();
      expect(timeline(events)).toBe('slow> 3ms slow!');
      expect(notes).toEqual(['broken']);
      expect(slow.calls).toMatchObject([{ input: 'a', outcome: 'cancelled' }]);
    }),
  );
});

describe('unsubscribing a bare pipe', () => {
  it('stops source and body at once, and nothing is told', () => {
    const source = new Subject<number>();
    const teardown = vi.fn();
    const signals: AbortSignal[] = [];
    const endless = step('endless', (_: number, ctx) => {
      signals.push(ctx.signal);
      return new Observable(() => teardown);
    });
    const emissions: Emission<unknown>[] = [];
    const subscription = source.pipe(endless).subscribe((emission) => emissions.push(emission));
    source.next(1);
    subscription.unsubscribe();
    expect(source.observed).toBe(false);
    expect(teardown).toHaveBeenCalledTimes(1);
    expect(signals[0]?.reason).toMatchObject({ code: 'RUN_CANCELLED' });
    expect(emitted(emissions)).toBe('endless>');
  });

  it('throws what a teardown throws', () => {
    const stuck = step(
      'stuck',
      (_: number) =>
        new Observable(() => () => {
          throw broken;
        }),
    );
    const subscription = of(1).pipe(stuck).subscribe();
    expect(() => subscription.unsubscribe()).toThrow(/broken/);
  });

  it('after the first value runs no other', () => {
    const body = vi.fn((n: number) => n);
    expect(emitted(listen(of(1, 2, 3).pipe(step('s', body), filter(isValue), take(1))))).toBe('=1');
    expect(body).toHaveBeenCalledTimes(1);
  });

  it('stops a source that emits without end in one go', () => {
    let made = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed && made < 1000) subscriber.next(made++);
    });
    expect(emitted(listen(endless.pipe(double, take(2))))).toBe('double> double|');
    expect(made).toBe(1);
  });

  it('stops at every emission, whatever it is', () => {
    const emissions$ = of(1, 2).pipe(
      double,
      filter(() => true),
      text,
    );
    const whole = listen(emissions$);
    expect(whole).toHaveLength(10);
    whole.forEach((_, index) => {
      expect(emitted(listen(emissions$.pipe(take(index + 1))))).toBe(emitted(whole.slice(0, index + 1)));
    });
  });
});

describe('a bare pipe, when a listener acts on what it hears,', () => {
  it('tells of the end before it gives the value', () => {
    const chunks = new Subject<number>();
    const notes: string[] = [];
    of(1)
      .pipe(step('s', (_: number) => chunks))
      .subscribe({
        next: (emission) => {
          notes.push(emitted([emission]));
          if (isStepEvent(emission) && emission.type === 'step.partial') chunks.complete();
        },
        complete: () => notes.push('complete'),
      });
    chunks.next(7);
    expect(notes).toEqual(['s>', 's.', 's|', '=7', 'complete']);
  });

  it('tells of the failure before it fails', () => {
    const chunks = new Subject<number>();
    const notes: string[] = [];
    of(1)
      .pipe(step('s', (_: number) => chunks))
      .subscribe({
        next: (emission) => {
          notes.push(emitted([emission]));
          if (isStepEvent(emission) && emission.type === 'step.partial') chunks.error(broken);
        },
        error: () => notes.push('error'),
      });
    chunks.next(7);
    expect(notes).toEqual(['s>', 's.', 's#', 'error']);
  });

  it('tells of the cancellation before the error of the source', () => {
    const source = new Subject<number>();
    const notes: string[] = [];
    source.pipe(step('s', (_: number) => NEVER)).subscribe({
      next: (emission) => {
        notes.push(emitted([emission]));
        if (isStepEvent(emission) && emission.type === 'step.started') source.error(broken);
      },
      error: () => notes.push('error'),
    });
    source.next(1);
    expect(notes).toEqual(['s>', 's!', 'error']);
  });

  it('takes what the listener feeds into the source in its turn', () => {
    const source = new Subject<number>();
    const notes: string[] = [];
    source.pipe(double).subscribe((emission) => {
      notes.push(emitted([emission]));
      if (isValue(emission) && emission.value < 8) source.next(emission.value);
    });
    source.next(1);
    expect(notes.join(' ')).toBe('double> double| =2 double> double| =4 double> double| =8');
  });
});

describe('a bare pipe of much', { timeout: 60_000 }, () => {
  it('takes 50,000 values in order', async () => {
    const count = 50_000;
    const sum = range(count).pipe(
      double,
      values(),
      reduce(({ next, inOrder }, n) => ({ next: next + 2, inOrder: inOrder && n === next }), {
        next: 0,
        inOrder: true,
      }),
    );
    expect(await lastValueFrom(sum)).toEqual({ next: 2 * count, inOrder: true });
  });

  it('takes 20,000 values that have to wait, through two stages', async () => {
    const count = 20_000;
    const gate = new Subject<number>();
    const first = step('first', (n: number) => (n === 0 ? gate : of(n)));
    const all = lastValueFrom(range(count).pipe(first, filter(isValue), double, values(), toArray()));
    gate.next(0);
    gate.complete();
    expect(await all).toEqual(Array.from({ length: count }, (_, n) => 2 * n));
  });
});

describe('steps and the operators of RxJS', () => {
  it(
    'compose',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '--(x|)');
      const source = m.cold('   a--b---|');
      const merged = '          --x--x-|';
      const inner = (letter: string) => of(letter).pipe(slow, values());
      m.expect(source.pipe(mergeMap(inner))).toBeObservable(merged);
      m.expect(source.pipe(concatMap(inner))).toBeObservable(merged);
    }),
  );

  it('take sources of all kinds', async () => {
    expect(await lastValueFrom(from(Promise.resolve(3)).pipe(double, values()))).toBe(6);
    expect(await lastValueFrom(from([1, 2]).pipe(double, values(), toArray()))).toEqual([2, 4]);
  });
});

describe('steps in a bare pipe, for a compiler,', () => {
  it('infer from plain values on', () => {
    expectTypeOf(of(1).pipe(double)).toEqualTypeOf<Observable<Emission<number>>>();
    expectTypeOf(of(1).pipe(double, text)).toEqualTypeOf<Observable<Emission<string>>>();
    expectTypeOf(of(1).pipe(double, filter(isValue))).toExtend<Observable<{ readonly value: number }>>();
    expectTypeOf(of(1).pipe(double, values())).toEqualTypeOf<Observable<number>>();
    expectTypeOf(of(1).pipe(double, delay(1), text, values())).toEqualTypeOf<Observable<string>>();
    expectTypeOf(of(1).pipe(named('n', sequence(double, text)), values())).toEqualTypeOf<
      Observable<string>
    >();
    expectTypeOf(double).toExtend<AnyStep>();
    expectTypeOf<Step<number, 'a', 'b'>>().toExtend<Step<1, string, string>>();
    expectTypeOf<Step<1, string>>().not.toExtend<Step<number, string>>();
    expectTypeOf<Step<number, string, 'b'>>().not.toExtend<Step<number, string>>();
  });

  it('refuse what does not fit', () => {
    // @ts-expect-error: a text is no number
    () => of('x').pipe(double);
    // @ts-expect-error: a text is no number
    () => of(1).pipe(text, double);
    // @ts-expect-error: a text is no number
    () => of(1).pipe(text, delay(1), double);
    // @ts-expect-error: an emission is no plain value
    () => of(1).pipe(double, values<string>());
  });
});
