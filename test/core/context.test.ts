import { NEVER, Observable, of, Subject, timer } from 'rxjs';
import {
  DefinitionError,
  RunCancelledError,
  type RunEvent,
  run,
  type StepContext,
  StepTimeoutError,
  step,
} from 'tutti';
import { named, parallel, race, recover, retry, sequence, timeout } from 'tutti/operators';
import { checkEvents, collectRun, marbles } from 'tutti/testing';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { chunksOf, failureOf, listen, ofType, told } from './support.ts';

/** A step that hands out its context and does not end. */
function watching(id = 's') {
  const contexts: StepContext[] = [];
  const body = (_: unknown, ctx: StepContext) => {
    contexts.push(ctx);
    return NEVER;
  };
  return Object.assign(step(id, body), { contexts });
}

/** A step that does one thing with its context. */
const telling = (tell: (ctx: StepContext) => void) => step('s', (_: unknown, ctx) => tell(ctx));

describe('ctx', () => {
  it('says where a step is, and what its run was given', () => {
    const context = { user: 'u1' };
    const seen: unknown[] = [];
    const s = step('s', (_: unknown, { path, attempt, runId, sessionId, context }) => {
      seen.push({ path, attempt, runId, sessionId, context });
    });
    listen(run(named('outer', s), 1, { runId: 'r1', sessionId: 'x', context }));
    expect(seen).toEqual([{ path: '/outer/s', attempt: 1, runId: 'r1', sessionId: 'x', context }]);
    expect(seen[0]).toHaveProperty('context', context);
  });

  it('has no session and no context where none was given, and a new run id', () => {
    const s = watching();
    listen(run(s, 1));
    listen(run(s, 1));
    const [one, two] = s.contexts;
    expect(one).toMatchObject({ sessionId: undefined, context: undefined });
    expect(one?.runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(two?.runId).not.toBe(one?.runId);
  });

  it('counts attempts', () => {
    const attempts: number[] = [];
    const s = step('s', (_: unknown, ctx) => {
      attempts.push(ctx.attempt);
      throw new Error('no');
    });
    listen(run(s.with(retry({ maxRetries: 2, delay: 0 })), 1));
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('may be taken apart', async () => {
    const s = step({
      id: 's',
      partial: z.string(),
      run: async (_: unknown, ctx) => {
        const { signal, now, random, progress, cost, partial, log, emit, idempotencyKey, path } = ctx;
        await undefined;
        progress(0.5);
        cost({ usd: 1 });
        partial('x');
        log('hello');
        emit('mine');
        return [signal.aborted, typeof now(), typeof random(), idempotencyKey, path];
      },
    });
    const { events, output } = await collectRun(run(s, 1, { runId: 'r1' }));
    expect(told(events)).toBe('run> s> s% s$ s. s:log s* s| run|');
    expect(output).toEqual([false, 'number', 'number', 'r1/s', '/s']);
  });
});

describe('ctx.signal', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is made when it is first asked for, once', () => {
    const made = vi.fn();
    vi.stubGlobal(
      'AbortController',
      class extends AbortController {
        constructor() {
          super();
          made();
        }
      },
    );
    const s = watching();
    listen(run(s, 1));
    expect(made).not.toHaveBeenCalled();
    const [ctx] = s.contexts;
    expect(ctx?.signal).toBe(ctx?.signal);
    expect(made).toHaveBeenCalledTimes(1);
  });

  it('is not aborted when the step ends by itself', () => {
    const signals: AbortSignal[] = [];
    const s = step('s', (n: number, ctx) => {
      signals.push(ctx.signal);
      if (n > 1) throw new Error('no');
    });
    listen(run(s, 1));
    listen(run(s, 2));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });

  it('is aborted with the reason when the run is cancelled', () => {
    const s = watching();
    const controller = new AbortController();
    listen(run(s, 1, { signal: controller.signal }));
    const signal = s.contexts[0]?.signal;
    expect(signal?.aborted).toBe(false);
    controller.abort('enough');
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toBeInstanceOf(RunCancelledError);
    expect(signal?.reason).toMatchObject({ code: 'RUN_CANCELLED', message: 'enough' });
  });

  it('is aborted with the reason when it is asked for only then', () => {
    const s = watching();
    const controller = new AbortController();
    listen(run(s, 1, { signal: controller.signal }));
    controller.abort('enough');
    expect(s.contexts[0]?.signal.reason).toMatchObject({ code: 'RUN_CANCELLED', message: 'enough' });
  });

  it('is aborted when the run is unsubscribed', () => {
    const s = watching();
    const subscription = run(s, 1).subscribe();
    const signal = s.contexts[0]?.signal;
    subscription.unsubscribe();
    expect(signal?.reason).toMatchObject({ code: 'RUN_CANCELLED', message: 'unsubscribed' });
  });

  it('is aborted before anybody hears of the cancellation', () => {
    const s = watching();
    const controller = new AbortController();
    const aborted: unknown[] = [];
    run(s, 1, { signal: controller.signal }).subscribe(
      ({ type }) => type === 'step.cancelled' && aborted.push(s.contexts[0]?.signal.aborted),
    );
    controller.abort('enough');
    expect(aborted).toEqual([true]);
  });

  it(
    'is aborted with the StepTimeoutError of a timeout',
    marbles((m) => {
      const s = watching();
      m.expectRun(run(s.with(timeout(5)), 1)).toBe('(run> s>) 5ms (s# run#)');
      m.flush();
      expect(s.contexts[0]?.signal.reason).toBeInstanceOf(StepTimeoutError);
    }),
  );

  it(
    'is aborted when another wins the race, or fails beside it',
    marbles((m) => {
      const [loser, sibling] = [watching('loser'), watching('sibling')];
      const winner = step('winner', () => timer(2));
      const broken = step('broken', (_: unknown) => new Observable((s) => s.error(new Error('no'))));
      run(race([loser, winner]), 1).subscribe();
      run(parallel({ sibling, broken }), 1).subscribe();
      m.flush();
      expect(loser.contexts[0]?.signal.reason).toBeInstanceOf(RunCancelledError);
      expect(sibling.contexts[0]?.signal.reason).toBeInstanceOf(RunCancelledError);
    }),
  );

  it('is a new one in each attempt', () => {
    const signals = new Set<AbortSignal>();
    const s = step('s', (_: unknown, ctx) => {
      signals.add(ctx.signal);
      throw new Error('no');
    });
    listen(run(s.with(retry({ maxRetries: 1, delay: 0 })), 1));
    expect(signals.size).toBe(2);
  });
});

describe('ctx.now and ctx.random', () => {
  it(
    'read the clock of the run',
    marbles((m) => {
      const times: number[] = [];
      const s = step('s', (_: unknown, { now }) => {
        times.push(now());
        return timer(7).pipe((source) => new Observable((o) => source.subscribe(() => o.next(now()))));
      });
      run(s, 1).subscribe((event) => event.type === 'step.partial' && times.push(Number(event.chunk)));
      m.flush();
      expect(times).toEqual([0, 7]);
    }),
  );

  it('take chance from where the run was told to', () => {
    const numbers = [0.25, 0.75];
    const s = step('s', (_: unknown, { random }) => [random(), random()]);
    expect(listen(run(s, 1, { random: () => numbers.shift() ?? 0 })).at(-1)).toMatchObject({
      output: [0.25, 0.75],
    });
  });

  it('take chance from the runtime by default', () => {
    const s = step('s', (_: unknown, { random }) => Array.from({ length: 100 }, random));
    const end = listen(run(s, 1)).at(-1);
    const numbers = end?.type === 'run.completed' ? end.output : [];
    expect(new Set(numbers).size).toBeGreaterThan(90);
    expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
  });
});

describe('what ctx tells', () => {
  it('is told with the time at which it is told', async () => {
    const scheduler = { at: 0, now: () => scheduler.at, schedule: () => expect.fail('no timer is needed') };
    const tells: ((ctx: StepContext<string>) => void)[] = [
      ({ progress }) => progress(0.5),
      ({ cost }) => cost({ usd: 1 }),
      ({ partial }) => partial('x'),
      ({ log }) => log('x'),
      ({ emit }) => emit('x'),
    ];
    const s = step({
      id: 's',
      partial: z.string(),
      run: async (_: unknown, ctx) => {
        for (const tell of tells) {
          await undefined;
          scheduler.at += 10;
          tell(ctx);
        }
      },
    });
    const { events } = await collectRun(run(s, 1, { scheduler }));
    expect(events.map(({ at }) => at)).toEqual([0, 0, 10, 20, 30, 40, 50, 50, 50]);
  });

  it('is told with the time at which a generator yields it', async () => {
    const scheduler = { at: 0, now: () => scheduler.at, schedule: () => expect.fail('no timer is needed') };
    async function* body(_: unknown) {
      for (let n = 0; n < 3; n++) {
        await undefined;
        scheduler.at += 10;
        yield n;
      }
      scheduler.at += 10;
    }
    const { events } = await collectRun(run(step('s', body), 1, { scheduler }));
    expect(events.map(({ at }) => at)).toEqual([0, 0, 10, 20, 30, 40, 40]);
  });
});

describe('ctx.progress', () => {
  it('tells how far the step is', () => {
    const events = listen(
      run(
        telling(({ progress }) => {
          progress(0);
          progress(0.5, 'half');
          progress(1);
        }),
        1,
      ),
    );
    expect(told(events)).toBe('run> s> s% s% s% s| run|');
    const [start, half] = ofType(events, 'step.progress');
    expect(start).toMatchObject({ fraction: 0, path: '/s', step: 's' });
    expect(start).not.toHaveProperty('message');
    expect(half).toMatchObject({ fraction: 0.5, message: 'half' });
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses %d', async (fraction) => {
    expect(
      await failureOf(
        run(
          telling((ctx) => ctx.progress(fraction)),
          1,
        ),
      ),
    ).toBeInstanceOf(DefinitionError);
  });
});

describe('ctx.cost', () => {
  it('tells what a call cost, and of what', () => {
    const cost = {
      usd: 0.5,
      provider: 'p',
      model: 'm',
      inputTokens: 1,
      outputTokens: 2,
      cachedInputTokens: 3,
    };
    const [event] = ofType(
      listen(
        run(
          telling((ctx) => ctx.cost(cost)),
          1,
        ),
      ),
      'step.cost',
    );
    expect(event).toMatchObject({ ...cost, path: '/s', step: 's', attempt: 1 });
    expect(event).not.toHaveProperty('late');
  });

  it('takes only what a cost is from a record that says more', () => {
    const usage = { usd: 1, type: 'llm', path: '/elsewhere', seq: 99, at: -1, total: 3 };
    const events = listen(
      run(
        telling((ctx) => ctx.cost(usage)),
        1,
      ),
    );
    expect(told(events)).toBe('run> s> s$ s| run|');
    expect(checkEvents(events)).toEqual([]);
    expect(ofType(events, 'step.cost')[0]).not.toHaveProperty('total');
  });

  it('adds up: in the step, in those around it, in the run', () => {
    const paying = (id: string, usd: number) => step(id, (_: unknown, ctx) => ctx.cost({ usd }));
    const both = named('both', sequence(paying('a', 1), paying('b', 2)));
    const events = listen(run(sequence(both, paying('c', 4)), 1));
    expect(ofType(events, 'step.completed').map(({ path, costUsd }) => [path, costUsd])).toEqual([
      ['/both/a', 1],
      ['/both/b', 2],
      ['/both', 3],
      ['/c', 4],
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'run.completed', costUsd: 7 });
  });

  it('counts what failed attempts cost', () => {
    const s = step('s', (_: unknown, ctx) => {
      ctx.cost({ usd: 1 });
      throw new Error('no');
    });
    const recovered = s.with(
      retry({ maxRetries: 2, delay: 0 }),
      recover(() => 'none'),
    );
    const events = listen(run(recovered, 1));
    expect(ofType(events, 'step.completed')[0]).toMatchObject({ costUsd: 3 });
    expect(events.at(-1)).toMatchObject({ costUsd: 3 });
    expect(ofType(events, 'step.cost').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('counts what those cost who are cancelled', () => {
    const loser = step('loser', (_: unknown, ctx) => {
      ctx.cost({ usd: 4 });
      return NEVER;
    });
    const winner = step('winner', (_: unknown, ctx) => ctx.cost({ usd: 1 }));
    const events = listen(run(named('outer', race([loser, winner])), 1));
    expect(checkEvents(events)).toEqual([]);
    expect(ofType(events, 'step.completed').map(({ path, costUsd }) => [path, costUsd])).toEqual([
      ['/outer/winner', 1],
      ['/outer', 5],
    ]);
    expect(events.at(-1)).toMatchObject({ costUsd: 5 });
  });

  it('counts what is told in the wake of a cancellation', () => {
    const s = step('s', (_: unknown, { signal, cost }) => {
      signal.addEventListener('abort', () => cost({ usd: 3 }));
      return NEVER;
    });
    const controller = new AbortController();
    const events = listen(run(s, 1, { signal: controller.signal }));
    controller.abort('enough');
    expect(told(events)).toBe('run> s> s$ s! run!');
    expect(events.at(-1)).toMatchObject({ type: 'run.cancelled', costUsd: 3 });
    expect(checkEvents(events)).toEqual([]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d dollars', async (usd) => {
    expect(
      await failureOf(
        run(
          telling((ctx) => ctx.cost({ usd })),
          1,
        ),
      ),
    ).toBeInstanceOf(DefinitionError);
  });

  it('takes nothing for an amount', () => {
    expect(
      told(
        listen(
          run(
            telling((ctx) => ctx.cost({ usd: 0 })),
            1,
          ),
        ),
      ),
    ).toBe('run> s> s$ s| run|');
  });
});

describe('ctx.partial', () => {
  it('streams parts of the output, numbered with those of the body', async () => {
    const s = step({
      id: 's',
      partial: z.string(),
      async *run(_: unknown, ctx) {
        ctx.partial('a');
        yield 'b';
        ctx.partial('c');
        return 1;
      },
    });
    const { events, output } = await collectRun(run(s, 1));
    expect(ofType(events, 'step.partial').map(({ index, chunk }) => [index, chunk])).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ]);
    expect(output).toBe(1);
  });

  it('streams what the schema makes of a part', () => {
    const partial = z.object({ n: z.coerce.number(), unit: z.string().default('ms') });
    const s = step({ id: 's', partial, run: (_: unknown, ctx) => ctx.partial({ n: 1, unit: 's' }) });
    expect(chunksOf(listen(run(s, 1)))).toEqual([{ n: 1, unit: 's' }]);
    const loose = step({
      id: 's',
      partial,
      // @ts-expect-error: a part is what the schema gives
      run: (_: unknown, ctx) => ctx.partial({ n: '2' }),
    });
    expect(chunksOf(listen(run(loose, 1)))).toEqual([{ n: 2, unit: 'ms' }]);
  });

  it('throws into the body for what the schema refuses', async () => {
    const caught: unknown[] = [];
    const s = step({
      id: 's',
      partial: z.string(),
      run: (_: unknown, ctx) => {
        try {
          // @ts-expect-error: no text
          ctx.partial(7);
        } catch (error) {
          caught.push(error);
        }
      },
    });
    expect(told(listen(run(s, 1)))).toBe('run> s> s| run|');
    expect(caught).toMatchObject([{ name: 'OutputValidationError', stepId: 's' }]);
  });

  it('refuses an asynchronous schema', async () => {
    const s = step({
      id: 's',
      partial: z.string().refine(async () => true),
      run: (_: unknown, ctx) => ctx.partial('x'),
    });
    expect(await failureOf(run(s, 1))).toBeInstanceOf(DefinitionError);
  });

  it('begins to count anew in each attempt', () => {
    const s = step({
      id: 's',
      partial: z.string(),
      run: (_: unknown, ctx) => {
        ctx.partial('a');
        throw new Error('no');
      },
    });
    const events = listen(run(s.with(retry({ maxRetries: 1, delay: 0 })), 1));
    expect(checkEvents(events)).toEqual([]);
    expect(ofType(events, 'step.partial').map(({ index, attempt }) => [index, attempt])).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });
});

describe('ctx.log and ctx.emit', () => {
  it('tell what the author wants to', () => {
    const data = { n: 1 };
    const events = listen(
      run(
        telling(({ log, emit }) => {
          log('plain');
          log('careful', 'warn');
          emit('bare');
          emit('mine', data);
        }),
        1,
      ),
    );
    expect(ofType(events, 'step.log')).toMatchObject([
      { level: 'info', message: 'plain' },
      { level: 'warn', message: 'careful' },
    ]);
    expect(ofType(events, 'custom')).toMatchObject([
      { name: 'bare', data: undefined },
      { name: 'mine', data },
    ]);
    expect(ofType(events, 'custom')[1]?.data).toBe(data);
  });

  it('are typed', () => {
    telling((ctx) => {
      // @ts-expect-error: no such level
      ctx.log('x', 'loud');
      expectTypeOf(ctx.emit).parameters.toEqualTypeOf<[name: string, data?: unknown]>();
    });
  });
});

describe('ctx, after the end of its step,', () => {
  /** Ends its step in some way while another still runs, and hands out its context. */
  function ended(how: 'completes' | 'fails' | 'is cancelled') {
    let late: StepContext<string> | undefined;
    const s = step({
      id: 's',
      partial: z.string(),
      run: (_: unknown, ctx) => {
        late = ctx;
        if (how === 'fails') throw new Error('no');
        return how === 'is cancelled' ? NEVER : of(1);
      },
    });
    const end = new Subject<void>();
    const winner = step('winner', (_: unknown) => of(0));
    const ending = race([s, winner]).map(() => 0);
    const first = how === 'is cancelled' ? ending : s.with(recover(() => 0));
    const whole = how === 'fails' ? s : first;
    const events = listen(
      run(
        parallel(
          { whole: named('whole', whole), rest: step('rest', (_: unknown) => end) },
          { failure: 'settle' },
        ),
        1,
      ),
    );
    if (late === undefined) throw new Error('it has not run');
    return { ctx: late, events, end };
  }

  it.each(['completes', 'fails', 'is cancelled'] as const)('when it %s, is heard no more', (how) => {
    const { ctx, events } = ended(how);
    const before = told(events);
    ctx.progress(0.5);
    ctx.partial('x');
    ctx.log('x');
    ctx.emit('x');
    expect(told(events)).toBe(before);
  });

  it.each(['completes', 'fails', 'is cancelled'] as const)(
    'when it %s, throws for nothing any more',
    (how) => {
      const { ctx, events } = ended(how);
      const before = told(events);
      ctx.progress(7);
      // @ts-expect-error: no text
      ctx.partial(7);
      ctx.cost({ usd: Number.NaN });
      expect(told(events)).toBe(before);
    },
  );

  it.each(['completes', 'fails', 'is cancelled'] as const)(
    'when it %s, a cost counts all the same, and is marked',
    (how) => {
      const { ctx, events, end } = ended(how);
      ctx.cost({ usd: 2, model: 'm' });
      const late = events.at(-1);
      expect(late).toMatchObject({ type: 'step.cost', usd: 2, model: 'm', late: true, attempt: 1 });
      expect(late?.path).toBe(ofType(events, 'step.started').find(({ step }) => step === 's')?.path);
      end.complete();
      expect(events.at(-1)).toMatchObject({ type: 'run.completed', costUsd: 2 });
      expect(checkEvents(events)).toEqual([]);
    },
  );

  it('a late cost counts in the steps around it that have not ended', () => {
    let ctx: StepContext | undefined;
    const s = step('s', (_: unknown, given) => {
      ctx = given;
    });
    const end = new Subject<void>();
    const events = listen(
      run(
        named(
          'outer',
          sequence(
            named('inner', s),
            step('rest', () => end),
          ),
        ),
        1,
      ),
    );
    ctx?.cost({ usd: 2 });
    end.complete();
    expect(ofType(events, 'step.completed').map(({ path, costUsd }) => [path, costUsd])).toEqual([
      ['/outer/inner/s', 0],
      ['/outer/inner', 0],
      ['/outer/rest', 0],
      ['/outer', 2],
    ]);
  });

  it('a cost of an attempt that was given up is late in the next', () => {
    const contexts: StepContext[] = [];
    const s = step('s', (_: unknown, ctx) => {
      contexts.push(ctx);
      if (ctx.attempt === 1) throw new Error('no');
      contexts[0]?.cost({ usd: 1 });
      contexts[0]?.log('heard no more');
    });
    const events = listen(run(s.with(retry({ delay: 0 })), 1));
    expect(told(events)).toBe('run> s> s~ s> s$ s| run|');
    expect(ofType(events, 'step.cost')).toMatchObject([{ attempt: 1, late: true }]);
    expect(ofType(events, 'step.completed')).toMatchObject([{ costUsd: 1 }]);
    expect(checkEvents(events)).toEqual([]);
  });

  it('nothing is heard after the end of the run, wherever it is said', () => {
    let ctx: StepContext | undefined;
    const s = step('s', (_: unknown, given) => {
      ctx = given;
    });
    const events: RunEvent[] = [];
    run(s, 1).subscribe({
      next: (event) => {
        events.push(event);
        if (event.type === 'run.completed') ctx?.cost({ usd: 1 });
      },
      complete: () => ctx?.cost({ usd: 1 }),
    });
    ctx?.cost({ usd: 1 });
    expect(told(events)).toBe('run> s> s| run|');
  });
});

describe('ctx.idempotencyKey', () => {
  it('is the same over retries, another for each step and run', () => {
    const keys: string[] = [];
    const noting = (id: string) =>
      step(id, (_: unknown, ctx) => {
        keys.push(ctx.idempotencyKey);
        if (ctx.attempt === 1) throw new Error('no');
      }).with(retry({ delay: 0 }));
    const both = sequence(noting('a'), noting('b'));
    listen(run(both, 1, { runId: 'r1' }));
    listen(run(both, 1, { runId: 'r2' }));
    const [r1a, r1a2, r1b, r1b2, ...ofSecond] = keys;
    expect([r1a, r1b]).toEqual([r1a2, r1b2]);
    expect(new Set(keys).size).toBe(4);
    expect(ofSecond).not.toContain(r1a);
  });

  it('fits into a header, whatever a step is called', () => {
    const s = step('überset\nzen "x" 翻', (_: unknown, ctx) => ctx.idempotencyKey);
    const end = listen(run(s, 1)).at(-1);
    const key = end?.type === 'run.completed' ? end.output : '';
    expect(() => new Headers({ 'Idempotency-Key': key })).not.toThrow();
    expect(key).toMatch(/^[\x21-\x7e]+$/);
  });

  it('does not confuse runs and paths', () => {
    const key = step('b', (_: unknown, ctx) => ctx.idempotencyKey);
    const keyOf = (runId: string, s: typeof key) => {
      const end = listen(run(s, 1, { runId })).at(-1);
      return end?.type === 'run.completed' ? end.output : undefined;
    };
    expect(keyOf('r/a', key)).not.toBe(keyOf('r', named('a', key)));
  });

  it('survives half a character in a name', () => {
    const s = step('\ud800', (_: unknown, ctx) => ctx.idempotencyKey);
    expect(listen(run(s, 1)).at(-1)).toMatchObject({ type: 'run.completed' });
  });
});

describe('a context whose step has ended, while the next step of a sequence runs,', () => {
  it('tells a late cost as that of its own step', () => {
    const held: StepContext[] = [];
    const first = step('first', (n: number, ctx) => {
      held.push(ctx);
      return n;
    });
    const second = step('second', (n: number, ctx) => {
      held[0]?.cost({ usd: 2 });
      ctx.cost({ usd: 1 });
      return n + (held[0]?.path.length ?? 0);
    });
    const events = listen(run(sequence(first, second), 1));
    expect(ofType(events, 'step.cost').map(({ path, usd, late }) => [path, usd, late])).toEqual([
      ['/first', 2, true],
      ['/second', 1, undefined],
    ]);
    expect(ofType(events, 'step.completed').map(({ path, costUsd }) => [path, costUsd])).toEqual([
      ['/first', 0],
      ['/second', 1],
    ]);
    expect(ofType(events, 'run.completed')).toMatchObject([{ costUsd: 3, output: 7 }]);
  });
});
