import { EMPTY, from, NEVER, type Observable, of, Subject, take, throwError, timer } from 'rxjs';
import { type RunEvent, run, type StepPartial, start, step } from 'tutti';
import {
  conflate,
  mapEach,
  parallel,
  partials,
  retry,
  sequence,
  type TextSoFar,
  text,
} from 'tutti/operators';
import { checkEvents, fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');

/** Partials in short: run, step and chunk; other events: run, step and type. */
const short = (event: RunEvent): string =>
  event.type === 'step.partial'
    ? `${event.step} ${String(event.chunk)}`
    : `${event.step} ${event.type.replace('step.', '')}`;

const partial = (step: string, seq: number, chunk: unknown = `${step}${seq} `, runId = 'r'): StepPartial =>
  makeEvent('step.partial', { step, path: `/${step}`, seq, index: seq, chunk, runId });

/** What comes of events that come all at once, to one who is busy from the first on. */
function toBusy(events: readonly RunEvent[], merging: Parameters<typeof conflate>[1] = {}): RunEvent[] {
  const out: RunEvent[] = [];
  of(...events)
    .pipe(conflate(() => NEVER, merging))
    .subscribe((event) => out.push(event));
  return out;
}

describe('conflate', () => {
  it(
    'merges the partials of a step while who listens is not ready',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a-b-c--d-e----|');
      const merged$ = run(a, 'q').pipe(
        conflate(() => timer(5)),
        partials(a),
      );
      m.expect(merged$).toBeObservable('-a----x----y---|', { a: 'a', x: 'bc', y: 'de' });
    }),
  );

  it(
    'gives at once to who is ready, by the first emission or the completion of the notifier',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-abc--d|');
      const given = (notifier$: Observable<unknown>) =>
        run(a, 'q').pipe(
          conflate(() => notifier$),
          partials(a),
        );
      m.expect(given(of(1))).toBeObservable('-abc--d|');
      m.expect(given(EMPTY)).toBeObservable('-abc--d|');
      const onceMore = m.cold('-x|');
      m.expect(given(onceMore)).toBeObservable('-abc--d|');
      m.has(onceMore, ['-^!', '--^!', '---^!', '------^!']);
    }),
  );

  it(
    'loses nothing when the run ends before who listens is ready',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-ab-c|');
      const b = fakeStep(m, 'b', '-x|');
      const events: string[] = [];
      run(sequence(a, b), 'q')
        .pipe(conflate(() => NEVER))
        .subscribe((event) => events.push(short(event)));
      m.flush();
      expect(events).toEqual([
        'sequence run.started',
        'a started',
        'a a',
        'a bc',
        'a completed',
        'b started',
        'b x',
        'b completed',
        'sequence run.completed',
      ]);
    }),
  );

  it(
    'lets nothing overtake another event of its run',
    marbles((m) => {
      const talking = step('talking', (_: string, ctx) => {
        for (const word of ['a', 'b', 'c', 'd']) {
          ctx.partial(word as never);
          if (word === 'c') ctx.log('now');
        }
        return 'done';
      });
      const events: string[] = [];
      run(talking, 'q')
        .pipe(conflate(() => NEVER))
        .subscribe((event) => events.push(short(event)));
      expect(events).toEqual([
        'talking run.started',
        'talking started',
        'talking a',
        'talking bc',
        'talking log',
        'talking d',
        'talking completed',
        'talking run.completed',
      ]);
      m.flush();
    }),
  );

  it('merges each step for itself, however their partials alternate, and seq still grows', () => {
    const events = [1, 2, 3, 4, 5, 6].map((seq) => partial(seq % 2 === 0 ? 'even' : 'odd', seq));
    const out = toBusy([...events, partial('once', 7), partial('odd', 8), makeEvent('step.log', { seq: 9 })]);
    expect(out.map(short)).toEqual([
      'odd odd1 ',
      'even even2 even4 even6 ',
      'once once7 ',
      'odd odd3 odd5 odd8 ',
      'a log',
    ]);
    expect(out.map(({ seq }) => seq)).toEqual([1, 6, 7, 8, 9]);
  });

  it('gives a merged event the envelope and index of its latest part', () => {
    const [, merged] = toBusy([
      partial('a', 0),
      { ...partial('a', 1), at: 5 },
      { ...partial('a', 2), at: 7 },
    ]);
    expect(merged).toEqual({ ...partial('a', 2), at: 7, chunk: 'a1 a2 ' });
  });

  it('hands on the very events where nothing was merged', () => {
    const events = [partial('a', 0), partial('a', 1), makeEvent('step.completed', { seq: 2 })];
    const out = toBusy(events);
    expect(out.every((event, index) => event === events[index])).toBe(true);
  });

  it('keeps chunks apart that are no texts, in their order', () => {
    const out = toBusy(
      [1, 2, 'a', 'b', 3, undefined, 'c'].map((chunk, seq) => ({ ...partial('a', seq), chunk })),
    );
    expect(out.map((event) => (event as StepPartial).chunk)).toEqual([1, 2, 'ab', 3, undefined, 'c']);
  });

  it('merges by a function, told whose chunks they are', () => {
    const merged = toBusy(
      [
        partial('sum', 0, 1),
        partial('sum', 1, 2),
        partial('sum', 2, 3),
        partial('a', 3, 'x'),
        partial('a', 4, 'y'),
      ],
      {
        merge: (before, after, step) => (step === 'sum' ? Number(before) + Number(after) : undefined),
      },
    );
    expect(merged.map(short)).toEqual(['sum 1', 'sum 5', 'a x', 'a y']);
  });

  it(
    'fails where merging does, and lets go of the run',
    marbles((m) => {
      const source = m.cold('-abc|');
      const a = step('a', (_: string) => source);
      const merge = (): never => {
        throw broken;
      };
      const failing$ = run(a, 'q').pipe(
        conflate(() => NEVER, { merge }),
        partials(a),
      );
      m.expect(failing$).toBeObservable('-a-#', undefined, broken);
      m.has(source, '^--!');
    }),
  );

  it(
    'fails with what the notifier fails with or throws, after what waits',
    marbles((m) => {
      const source = m.cold('-ab-----|');
      const a = step('a', (_: string) => source);
      const failing$ = run(a, 'q').pipe(
        conflate(() => m.cold('---#', undefined, broken)),
        partials(a),
      );
      m.expect(failing$).toBeObservable('-a--(b#)', undefined, broken);
      m.has(source, '^---!');
      const throwing = (): never => {
        throw broken;
      };
      m.expect(run(fakeStep(m, 'a', '-a|'), 'q').pipe(conflate(throwing), partials(a))).toBeObservable(
        '-(a#)',
        undefined,
        broken,
      );
    }),
  );

  it(
    'does not merge over a retry',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['abc#', 'de|']).with(retry({ delay: 0 }));
      const texts$ = run(a, 'q').pipe(
        conflate(() => NEVER),
        text(a),
      );
      const texts: string[] = [];
      texts$.subscribe((soFar: TextSoFar) => texts.push(soFar.text));
      m.flush();
      expect(texts).toEqual(['a', 'abc', '', 'de']);
    }),
  );

  it(
    'takes many runs, and lets an event of one push nothing of another',
    marbles((m) => {
      const letters = {
        a: partial('a', 0, 'a', '1'),
        b: partial('a', 1, 'b', '1'),
        c: partial('a', 2, 'c', '1'),
      };
      const others = { x: makeEvent('step.log', { runId: '2' }), y: partial('a', 1, 'y', '2') };
      const source = m.hot<RunEvent>('abx-y-c|', { ...letters, ...others });
      const merged$ = source.pipe(conflate(() => timer(10)));
      const bc = { ...letters.c, chunk: 'bc' };
      m.expect(merged$).toBeObservable('a-x----(By|)', { ...letters, ...others, B: bc });
    }),
  );

  it(
    'keeps all laws but the gaps of seq and index, whatever runs beside each other',
    marbles((m) => {
      const a = fakeStep(m, 'a', (ms: number) => `${ms}ms a-b-c-(d|)`);
      const plain: RunEvent[] = [];
      const merged: RunEvent[] = [];
      const handle = start(parallel({ all: mapEach(a), one: a.using(() => 4) }), [1, 2, 3, 4, 5]);
      handle.events$.subscribe((event) => plain.push(event));
      handle.events$.pipe(conflate(() => timer(3))).subscribe((event) => merged.push(event));
      m.flush();
      expect(checkEvents(plain)).toEqual([]);
      expect(merged.length).toBeLessThan(plain.length);
      expect(merged.map(({ seq }) => seq)).toEqual(merged.map(({ seq }) => seq).sort((x, y) => x - y));
      const joined = (events: RunEvent[]) => {
        const texts: Record<string, string> = {};
        for (const event of events)
          if (event.type === 'step.partial')
            texts[event.path] = (texts[event.path] ?? '') + String(event.chunk);
        return texts;
      };
      expect(joined(merged)).toEqual(joined(plain));
      const others = (events: RunEvent[]) => events.filter(({ type }) => type !== 'step.partial');
      expect(others(merged)).toEqual(others(plain));
    }),
  );

  it('keeps the order when who listens makes more events', () => {
    const source = new Subject<RunEvent>();
    const ready = new Subject<void>();
    const out: string[] = [];
    source.pipe(conflate(() => ready)).subscribe((event) => {
      out.push(short(event));
      if (event.seq === 2) {
        source.next(partial('b', 5));
        source.next(makeEvent('step.log', { seq: 6 }));
        source.next(partial('b', 7));
      }
    });
    for (const event of [partial('a', 1), partial('a', 2), partial('b', 3)]) source.next(event);
    ready.next();
    ready.next();
    expect(out).toEqual(['a a1 ', 'a a2 ', 'b b3 b5 ', 'a log', 'b b7 ']);
    ready.next();
    source.next(partial('c', 8));
    expect(out.at(-1)).toBe('c c8 ');
  });

  it(
    'hands on what waits before an error of the stream, and completes with it',
    marbles((m) => {
      const letters = { a: partial('a', 0, 'a'), b: partial('a', 1, 'b') };
      const busy = conflate(() => NEVER);
      m.expect(m.cold<RunEvent>('ab-|', letters).pipe(busy)).toBeObservable('a--(b|)', letters);
      m.expect(m.cold<RunEvent>('ab-#', letters, broken).pipe(busy)).toBeObservable(
        'a--(b#)',
        letters,
        broken,
      );
      m.expect(EMPTY.pipe(busy)).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(busy)).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'drops what waits when it is unsubscribed, and lets go of run and notifier',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      const notifier = m.cold('-----x');
      m.expect(
        run(a, 'q').pipe(
          conflate(() => notifier),
          partials(a),
        ),
        '^---!',
      ).toBeObservable('-a---');
      m.has(source, '                                                    ^---!');
      m.has(notifier, '                                                  -^--!');
    }),
  );

  it('lets go of a source while it is still being subscribed', () => {
    let asked = 0;
    function* endless(): Generator<RunEvent> {
      for (; ; asked++) yield partial('a', asked);
    }
    const out: string[] = [];
    from(endless())
      .pipe(
        conflate(() => EMPTY),
        take(3),
      )
      .subscribe((event) => out.push(short(event)));
    expect(out).toEqual(['a a0 ', 'a a1 ', 'a a2 ']);
    expect(asked).toBe(2);
  });

  it('keeps the type of the events', () => {
    const events$ = NEVER as Observable<RunEvent<number>>;
    expectTypeOf(events$.pipe(conflate(() => timer(1)))).toEqualTypeOf<Observable<RunEvent<number>>>();
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(conflate(() => timer(1)));
    // @ts-expect-error: a duration is for limitPartials
    () => conflate(5);
  });
});
