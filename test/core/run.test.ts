import {
  concat,
  merge,
  NEVER,
  Observable,
  of,
  Subject,
  take,
  throwError,
  timer,
  toArray,
  UnsubscriptionError,
} from 'rxjs';
import {
  InputValidationError,
  outputOf,
  type RunEvent,
  run,
  type Step,
  type StepContext,
  start,
  step,
  workflow,
} from 'tutti';
import { fallback, named, parallel, race, recover, retry, sequence, sleep, timeout } from 'tutti/operators';
import { checkEvents, collectRun, fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { failureOf, listen, listenersOf, ofType, settled, told } from './support.ts';

const double = step('double', (n: number) => 2 * n);
const broken = new Error('broken');
const failing = step('failing', (_: unknown): number => {
  throw broken;
});

describe('run', () => {
  it('does nothing before it is subscribed, and all of it anew for each subscriber', () => {
    const body = vi.fn((n: number) => n);
    const run$ = run(step('s', body), 1);
    expect(body).not.toHaveBeenCalled();
    const [one, two] = [listen(run$), listen(run$)];
    expect(body).toHaveBeenCalledTimes(2);
    expect(told(one)).toBe('run> s> s| run|');
    expect(told(two)).toBe(told(one));
    expect(two[0]?.runId).not.toBe(one[0]?.runId);
  });

  it('says first that it starts and last how it ends, then completes', () => {
    const notes: string[] = [];
    run(double, 2, { runId: 'r1' }).subscribe({
      next: ({ type }) => notes.push(type),
      complete: () => notes.push('complete'),
    });
    expect(notes).toEqual(['run.started', 'step.started', 'step.completed', 'run.completed', 'complete']);
  });

  it('gives every event its envelope', () => {
    const events = listen(run(named('outer', double), 2, { runId: 'r1' }));
    expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(events.every(({ runId }) => runId === 'r1')).toBe(true);
    expect(events.every(({ attempt }) => attempt === 1)).toBe(true);
    expect(events.map(({ path, step }) => [path, step])).toEqual([
      ['', 'outer'],
      ['/outer', 'outer'],
      ['/outer/double', 'double'],
      ['/outer/double', 'double'],
      ['/outer', 'outer'],
      ['', 'outer'],
    ]);
  });

  it('runs any step, and calls it by its id', () => {
    expect(listen(run(double, 2))[0]).toMatchObject({ workflow: 'double', step: 'double', version: '' });
    expect(told(listen(run(double, 2)))).toBe('run> double> double| run|');
    const events = listen(run(sequence(double, double), 2));
    expect(events[0]).toMatchObject({ workflow: 'sequence' });
    expect(told(events)).toBe('run> double> double| double~2> double~2| run|');
  });

  it(
    'tells the time of its scheduler',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '---a--(b|)');
      const events = listen(timer(100).pipe((go) => concat(go, run(slow, 1)), toArray()));
      m.flush();
      const [all] = events;
      const ofRun = all?.slice(1).filter((item) => typeof item === 'object') ?? [];
      expect(ofRun.map(({ at }) => at)).toEqual([100, 100, 103, 106, 106, 106]);
      expect(ofRun.at(-1)).toMatchObject({ type: 'run.completed', durationMs: 6 });
      expect(ofRun.at(-2)).toMatchObject({ type: 'step.completed', durationMs: 6 });
    }),
  );

  it('reads the time when something comes from outside', () => {
    const scheduler = { at: 0, now: () => scheduler.at, schedule: () => expect.fail('no timer is needed') };
    const chunks = new Subject<number>();
    const controller = new AbortController();
    const s = step('s', () => chunks);
    const events = listen(run(s, 1, { scheduler, signal: controller.signal }));
    scheduler.at = 10;
    chunks.next(1);
    scheduler.at = 50;
    controller.abort('enough');
    expect(events.map(({ at }) => at)).toEqual([0, 0, 10, 50, 50]);
    expect(events.at(-1)).toMatchObject({ type: 'run.cancelled', durationMs: 50 });
  });

  it('may run within a step, apart from it', () => {
    const outer = step('outer', (n: number) => run(double, n));
    const events = listen(run(outer, 2));
    expect(told(events)).toBe('run> outer> outer. outer. outer. outer. outer| run|');
    expect(checkEvents(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ output: { type: 'run.completed', output: 4 } });
  });

  it('refuses what is not a step', () => {
    // @ts-expect-error: it is no step
    expect(() => run(of, 1)).toThrow('is not a step');
  });
});

describe('a run that fails', () => {
  it('says so, then completes', () => {
    const notes: string[] = [];
    run(failing, 1).subscribe({
      next: (event) => notes.push(told([event])),
      error: () => notes.push('error'),
      complete: () => notes.push('complete'),
    });
    expect(notes).toEqual(['run>', 'failing>', 'failing#', 'run#', 'complete']);
  });

  it('says what failed, and what it cost', () => {
    const paying = step('paying', (_: unknown, ctx) => ctx.cost({ usd: 1 }));
    const end = listen(run(sequence(paying, failing), 1)).at(-1);
    expect(end).toMatchObject({
      type: 'run.failed',
      path: '',
      costUsd: 1,
      durationMs: expect.any(Number),
      error: { name: 'Error', code: 'STEP_FAILED', message: 'broken' },
    });
  });

  it('leaves those it is merged with alone', () => {
    const runs = [run(double, 1), run(failing, 1), run(double, 2), run(failing, 1)];
    const events = listen(merge(...runs));
    expect(events.filter(({ type }) => /^run.(c|f)/.test(type)).map(({ type }) => type)).toEqual([
      'run.completed',
      'run.failed',
      'run.completed',
      'run.failed',
    ]);
  });

  it('ends all else in it before', () => {
    const busy = step('busy', () => NEVER);
    const gate = new Subject<never>();
    const breaking = step('breaking', () => gate);
    const events = listen(run(parallel({ busy, inner: named('inner', busy), breaking }), 1));
    gate.error(broken);
    expect(checkEvents(events)).toEqual([]);
    expect(told(events.slice(5))).toBe('breaking# busy! inner/busy! inner! run#');
  });
});

describe('the input of a run', () => {
  const input = z.object({ text: z.string(), target: z.string().default('en') });
  const translate = workflow(
    { name: 'translate', input },
    step('body', ({ text, target }: { text: string; target: string }) => `${text} to ${target}`),
  );

  it('is refused at once, before anything runs', () => {
    const body = vi.fn((_: string) => 1);
    const w = workflow({ name: 'w', input: z.string() }, step('s', body));
    // @ts-expect-error: a number is no text
    const refused = () => run(w, 7);
    expect(refused).toThrow(InputValidationError);
    expect(refused).toThrow('input of w: ');
    // @ts-expect-error: a number is no text
    expect(() => start(w, 7)).toThrow(InputValidationError);
    expect(body).not.toHaveBeenCalled();
  });

  it('is refused at once of any step that has a schema, unless a policy is to hear of it', async () => {
    const body = vi.fn((_: string) => 1);
    const checked = step({ id: 's', input: z.string(), run: body });
    const w = workflow({ name: 'w', input: z.string() }, checked);
    for (const one of [checked, checked.map(String), w.map(String)]) {
      // @ts-expect-error: a number is no text
      expect(() => run(one, 7)).toThrow(InputValidationError);
    }
    for (const one of [checked.with(retry()), w.with(retry())]) {
      // @ts-expect-error: a number is no text
      await expect(outputOf(run(one, 7))).rejects.toThrow(InputValidationError);
    }
    expect(body).not.toHaveBeenCalled();
  });

  it('says what is wrong with it', () => {
    try {
      // @ts-expect-error: the text is missing
      run(translate, {});
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'INPUT_VALIDATION',
        stepId: 'translate',
        issues: [{ path: ['text'] }],
        message: expect.stringMatching(/^input of translate: .+ \(at text\)$/),
      });
    }
  });

  it('is told as it was checked', () => {
    expect(listen(run(translate, { text: 'x' }))[0]).toMatchObject({ input: { text: 'x', target: 'en' } });
  });

  it('is checked once, however often the run is subscribed', () => {
    const check = vi.fn(() => true);
    const run$ = run(workflow({ name: 'w', input: z.number().refine(check) }, double), 1);
    listen(run$);
    listen(run$);
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('may be checked asynchronously: then it is told as it was given', async () => {
    const w = workflow({ name: 'w', input: z.string().transform(async (text) => text.length) }, double);
    const { events, output } = await collectRun(run(w, 'abc'));
    expect(events[0]).toMatchObject({ type: 'run.started', input: 'abc' });
    expect(output).toBe(6);
    expect(checkEvents(events)).toEqual([]);
    () => run(w, 'x');
  });

  it('that is refused asynchronously is a failure, and no promise is left alone with it', async () => {
    const body = vi.fn();
    const check = z.number().refine(async (n) => n > 1);
    const w = workflow({ name: 'w', input: check }, step('s', body));
    const run$ = run(w, 1);
    await settled();
    const { events } = await collectRun(run$);
    expect(told(events)).toBe('run> run#');
    const error = await failureOf(run$);
    expect(error).toBeInstanceOf(InputValidationError);
    expect(body).not.toHaveBeenCalled();
  });

  it('that is refused asynchronously fails when it is refused', async () => {
    const scheduler = { at: 0, now: () => scheduler.at, schedule: () => expect.fail('no timer is needed') };
    let refuse: () => void = () => {};
    const check = z.number().refine(
      () =>
        new Promise<boolean>((resolve) => {
          refuse = () => resolve(false);
        }),
    );
    const events = listen(run(workflow({ name: 'w', input: check }, double), 1, { scheduler }));
    scheduler.at = 70;
    refuse();
    await settled();
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', at: 70, durationMs: 70 });
  });

  it('is typed: what the step takes, no more and no less', () => {
    expectTypeOf(run(translate, { text: 'x' })).toEqualTypeOf<Observable<RunEvent<string>>>();
    expectTypeOf(run(double, 1)).toEqualTypeOf<Observable<RunEvent<number>>>();
    // @ts-expect-error: a text is no number
    () => run(double, 'x');
    // @ts-expect-error: there is no such thing in it
    () => run(translate, { text: 'x', tone: 'polite' });
    // @ts-expect-error: there is no such option
    () => run(double, 1, { timeout: 5 });
    run(double, 1).subscribe((event) => {
      if (event.type === 'run.completed') expectTypeOf(event.output).toEqualTypeOf<number>();
    });
  });
});

describe('a run whose signal is aborted', () => {
  const endless = step('endless', () => NEVER);

  it('is cancelled, with the reason, and completes', () => {
    const controller = new AbortController();
    const complete = vi.fn();
    const events: RunEvent[] = [];
    run(named('outer', endless), 1, { signal: controller.signal }).subscribe({
      next: (event) => events.push(event),
      complete,
    });
    expect(complete).not.toHaveBeenCalled();
    controller.abort('enough');
    expect(told(events)).toBe('run> outer> outer/endless> outer/endless! outer! run!');
    expect(events.slice(-3)).toMatchObject([
      { type: 'step.cancelled', reason: 'enough' },
      { type: 'step.cancelled', reason: 'enough' },
      { type: 'run.cancelled', reason: 'enough', costUsd: 0 },
    ]);
    expect(complete).toHaveBeenCalledTimes(1);
    expect(checkEvents(events)).toEqual([]);
  });

  it('before it starts, starts and is cancelled, without a step', () => {
    const body = vi.fn();
    const events = listen(run(step('s', body), 1, { signal: AbortSignal.abort('too late') }));
    expect(told(events)).toBe('run> run!');
    expect(events.at(-1)).toMatchObject({ reason: 'too late' });
    expect(body).not.toHaveBeenCalled();
  });

  it.each([
    ['an error', new TypeError('stop'), 'stop'],
    ['nothing', undefined, 'This operation was aborted'],
    ['a number', 7, '7'],
    ['null', null, 'null'],
  ])('says the reason for %s too', (_, given: unknown, reason) => {
    const controller = new AbortController();
    const events = listen(run(endless, 1, { signal: controller.signal }));
    controller.abort(given);
    expect(events.at(-1)).toMatchObject({ type: 'run.cancelled', reason });
  });

  it('waits no more for its input to be checked', async () => {
    const controller = new AbortController();
    const check = z.number().refine(() => new Promise<boolean>(() => {}));
    const events = listen(
      run(workflow({ name: 'w', input: check }, double), 1, { signal: controller.signal }),
    );
    controller.abort('enough');
    expect(told(events)).toBe('run> run!');
  });

  it('has ended when it has, and hears no more', () => {
    const controller = new AbortController();
    const events = listen(run(double, 1, { signal: controller.signal }));
    controller.abort('enough');
    expect(told(events)).toBe('run> double> double| run|');
  });

  it.each<[string, (run$: Observable<RunEvent>, controller: AbortController) => void]>([
    ['completed', (run$) => listen(run$)],
    [
      'was cancelled',
      (run$, controller) => {
        listen(run$);
        controller.abort('enough');
      },
    ],
    ['was unsubscribed', (run$) => run$.subscribe().unsubscribe()],
    ['was unsubscribed at its start', (run$) => listen(run$.pipe(take(1)))],
    ['was unsubscribed later', (run$) => listen(run$.pipe(take(2)))],
    [
      'was cancelled at its start',
      (run$, controller) => {
        run$.subscribe(({ seq }) => seq === 0 && controller.abort('enough'));
      },
    ],
  ])('has no listener left when it %s', (how, use) => {
    const controller = new AbortController();
    const listeners = listenersOf(controller.signal);
    use(run(how === 'completed' ? double : endless, 1, { signal: controller.signal }), controller);
    expect(listeners.size).toBe(0);
  });

  it('may share it with others', () => {
    const controller = new AbortController();
    const runs = [1, 2, 3].map(() => listen(run(endless, 1, { signal: controller.signal })));
    controller.abort('enough');
    expect(runs.map((events) => events.at(-1)?.type)).toEqual(runs.map(() => 'run.cancelled'));
  });
});

describe('unsubscribing a run', () => {
  it(
    'leaves no timer, and no Observable subscribed',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '-----|');
      const waiting: Step<unknown, unknown, unknown>[] = [
        sleep(100),
        slow.with(timeout(50)),
        failing.with(retry({ delay: 10 })),
        named('inner', slow),
        step('timer', () => timer(10)),
      ];
      const whole = parallel(Object.fromEntries(waiting.map((one, i) => [`k${i}`, one])));
      const events: RunEvent[] = [];
      const subscription = run(whole, 1).subscribe((event) => events.push(event));
      const before = m.scheduler.actions.length;
      expect(before).toBeGreaterThan(waiting.length - 1);
      const heard = events.length;
      subscription.unsubscribe();
      expect(m.scheduler.actions).toHaveLength(0);
      m.flush();
      expect(events).toHaveLength(heard);
      expect(slow.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    }),
  );

  it('ends those who lose a race too, and what a winner leaves', () => {
    const teardown = vi.fn();
    const loser = step('loser', () => new Observable(() => teardown));
    const gate = new Subject<number>();
    const winner = step('winner', () => gate);
    const subscription = run(race([loser, winner]), 1).subscribe();
    subscription.unsubscribe();
    expect(teardown).toHaveBeenCalledTimes(1);
    expect(gate.observed).toBe(false);
  });

  it('says nothing more, whatever is told from then on', async () => {
    const contexts: StepContext[] = [];
    const s = step('s', async (_: unknown, ctx) => {
      contexts.push(ctx);
      await settled();
      ctx.log('later');
      ctx.cost({ usd: 1 });
      throw broken;
    });
    const events: RunEvent[] = [];
    run(s, 1)
      .subscribe((event) => events.push(event))
      .unsubscribe();
    await settled();
    await settled();
    expect(told(events)).toBe('run> s>');
    expect(contexts[0]?.signal.aborted).toBe(true);
  });

  it('tells all teardowns, though some throw', () => {
    const torn: string[] = [];
    const stuck = (id: string) =>
      step(
        id,
        () =>
          new Observable(() => () => {
            torn.push(id);
            throw new Error(`${id} is stuck`);
          }),
      );
    const subscription = run(parallel([stuck('a'), stuck('b')]), 1).subscribe();
    expect(() => subscription.unsubscribe()).toThrow(UnsubscriptionError);
    expect(torn).toEqual(['a', 'b']);
  });
});

/** A run in which much happens in one turn: partials, costs, retries, a fallback, a race, branches. */
function busy(): Step<number, unknown> {
  const streaming = step('streaming', (n: number) => of(n, n + 1));
  const paying = step('paying', (n: number, ctx) => {
    ctx.progress(0.5);
    ctx.cost({ usd: 1 });
    ctx.emit('mine');
    return n;
  });
  const flaky = step('flaky', (n: number, ctx) => {
    if (ctx.attempt === 1) throw broken;
    return n;
  }).with(retry({ delay: 0 }));
  const basic = step('basic', (_: unknown) => 0);
  const endless = step('endless', (_: unknown): Observable<number> => NEVER);
  return sequence(
    streaming,
    paying,
    flaky,
    named('inner', failing.with(fallback(basic))),
    parallel({ a: paying, b: streaming, c: race([endless, double]) }),
  );
}

describe('a run, when a listener acts at the event', () => {
  const whole = listen(run(busy(), 1));
  const each = whole.map((event, index) => [index, told([event])] as const);

  it('that is any of these', () => {
    expect(whole.length).toBeGreaterThan(30);
    expect(checkEvents(whole)).toEqual([]);
    expect(whole.at(-1)).toMatchObject({ type: 'run.completed' });
  });

  it.each(each)('%i (%s), and aborts, ends in order', (index) => {
    const controller = new AbortController();
    const listeners = listenersOf(controller.signal);
    const events: RunEvent[] = [];
    const complete = vi.fn();
    run(busy(), 1, { signal: controller.signal }).subscribe({
      next: (event) => {
        events.push(event);
        if (event.seq === index) controller.abort('enough');
      },
      complete,
    });
    expect(checkEvents(events)).toEqual([]);
    const last = index === whole.length - 1;
    expect(events.at(-1)?.type).toBe(last ? 'run.completed' : 'run.cancelled');
    expect(told(events.slice(0, index + 1))).toBe(told(whole.slice(0, index + 1)));
    expect(complete).toHaveBeenCalledTimes(1);
    expect(listeners.size).toBe(0);
  });

  it.each(each)('%i (%s), and unsubscribes, hears no more', (index) => {
    const events: RunEvent[] = [];
    const subscriber = { unsubscribe: (): void => {} };
    const run$ = run(busy(), 1);
    new Observable<RunEvent>((outer) => {
      subscriber.unsubscribe = () => outer.unsubscribe();
      return run$.subscribe(outer);
    }).subscribe((event) => {
      events.push(event);
      if (event.seq === index) subscriber.unsubscribe();
    });
    expect(told(events)).toBe(told(whole.slice(0, index + 1)));
    expect(told(listen(run$.pipe(take(index + 1))))).toBe(told(whole.slice(0, index + 1)));
  });

  it.each(each)('%i (%s), and starts another run, does not mind', (index) => {
    const inner: RunEvent[][] = [];
    const outer: RunEvent[] = [];
    run(busy(), 1).subscribe((event) => {
      outer.push(event);
      if (event.seq === index) inner.push(listen(run(busy(), 1)));
    });
    expect(told(outer)).toBe(told(whole));
    expect(inner.map(told)).toEqual([told(whole)]);
    expect(checkEvents(outer)).toEqual([]);
  });

  it.each(each)('%i (%s), and throws, is told of it, and nothing else is lost', async (index) => {
    const reported = vi.fn();
    const events: RunEvent[] = [];
    const { config } = await import('rxjs');
    config.onUnhandledError = reported;
    run(busy(), 1).subscribe((event) => {
      events.push(event);
      if (event.seq === index) throw broken;
    });
    await vi.waitFor(() => expect(reported).toHaveBeenCalledWith(broken));
    config.onUnhandledError = null;
    expect(told(events)).toBe(told(whole));
  });
});

describe('a run over time, when it is ended at any of its events,', () => {
  /** The same, but everything takes a while. */
  function slowly(open: Set<string>): Step<number, unknown> {
    const taking = (id: string, ms: number) =>
      step(id, (n: number, ctx) => {
        return new Observable<number>((subscriber) => {
          const name = `${ctx.path} ${ctx.attempt}`;
          open.add(name);
          subscriber.add(() => open.delete(name));
          subscriber.add(
            timer(ms).subscribe(() => {
              subscriber.next(n);
              if (id === 'flaky' && ctx.attempt === 1) subscriber.error(broken);
              subscriber.complete();
            }),
          );
        });
      });
    return sequence(
      taking('first', 1),
      taking('flaky', 2).with(retry({ delay: 3 })),
      named('late', taking('tardy', 9)).with(
        timeout(4),
        recover(() => 5),
      ),
      parallel({ a: taking('a', 2), b: taking('b', 4), c: race([taking('x', 1), taking('y', 7)]) }),
    );
  }

  /** What is to be heard when nobody interferes. */
  function undisturbed(): RunEvent[] {
    const events: RunEvent[] = [];
    marbles((m) => {
      run(slowly(new Set()), 1).subscribe((event) => events.push(event));
      m.flush();
    })();
    return events;
  }
  const whole = undisturbed();
  const each = whole.map((event, index) => [index, told([event])] as const);

  it('lasts as long as its steps, in order', () => {
    expect(checkEvents(whole)).toEqual([]);
    expect(whole.at(-1)).toMatchObject({ type: 'run.completed', durationMs: 16 });
  });

  it.each(each)(
    '%i (%s), gracefully, says so and tidies up: timers, bodies, listeners',
    marbles((m, index: number) => {
      const open = new Set<string>();
      const controller = new AbortController();
      const listeners = listenersOf(controller.signal);
      const events: RunEvent[] = [];
      run(slowly(open), 1, { signal: controller.signal }).subscribe((event) => {
        events.push(event);
        if (event.seq === index) controller.abort('enough');
      });
      m.flush();
      expect(checkEvents(events)).toEqual([]);
      expect([open.size, listeners.size, m.scheduler.actions.length]).toEqual([0, 0, 0]);
      expect(events.at(-1)?.type).toBe(index === whole.length - 1 ? 'run.completed' : 'run.cancelled');
      expect(events.at(-1)?.at).toBe(whole[index]?.at);
    }),
  );

  it.each(each)(
    '%i (%s), by unsubscribing, says nothing more and tidies up: timers, bodies, listeners',
    marbles((m, index: number) => {
      const open = new Set<string>();
      const controller = new AbortController();
      const listeners = listenersOf(controller.signal);
      const events: RunEvent[] = [];
      const run$ = run(slowly(open), 1, { signal: controller.signal });
      const left: number[] = [];
      run$.pipe(take(index + 1)).subscribe({
        next: (event) => events.push(event),
        complete: () => left.push(open.size, listeners.size, m.scheduler.actions.length),
      });
      m.flush();
      expect(told(events)).toBe(told(whole.slice(0, index + 1)));
      expect([open.size, listeners.size, m.scheduler.actions.length]).toEqual([0, 0, 0]);
      expect(left).toHaveLength(3);
    }),
  );
});

describe('take', () => {
  it('cuts a run after any number of its events', () => {
    const whole = listen(run(busy(), 1));
    for (let n = 0; n <= whole.length; n++)
      expect(told(listen(run(busy(), 1).pipe(take(n))))).toBe(told(whole.slice(0, n)));
  });
});

describe('a run of much', { timeout: 60_000 }, () => {
  it('passes through 50,000 steps in one turn', () => {
    const steps = Array.from({ length: 50_000 }, (_, i) => step(`s${i}`, (n: number) => n + 1));
    const events = listen(run(sequence(...steps), 0));
    expect(events).toHaveLength(100_002);
    expect(events.at(-1)).toMatchObject({ output: 50_000 });
  });

  describe('10,000 levels deep', () => {
    const nest = <I, O>(innermost: Step<I, O>): Step<I, O> => {
      let nested = innermost;
      for (let level = 0; level < 10_000; level++) nested = named('n', nested);
      return nested;
    };
    const endless = nest(step('endless', () => NEVER));

    it('completes', () => {
      expect(listen(run(nest(double), 2)).at(-1)).toMatchObject({ type: 'run.completed', output: 4 });
    });

    it('fails', () => {
      expect(listen(run(nest(failing), 2)).at(-1)).toMatchObject({ type: 'run.failed' });
    });

    it('is cancelled', () => {
      const controller = new AbortController();
      const events = listen(run(endless, 1, { signal: controller.signal }));
      controller.abort('enough');
      expect(ofType(events, 'step.cancelled')).toHaveLength(10_001);
      expect(events.at(-1)).toMatchObject({ type: 'run.cancelled' });
    });

    it('is unsubscribed', () => {
      const subscription = run(endless, 1).subscribe();
      expect(() => subscription.unsubscribe()).not.toThrow();
    });
  });

  it('nests workflows as deep', () => {
    let nested: Step<number, number> = double;
    for (let level = 0; level < 2_000; level++) nested = workflow({ name: 'w' }, nested);
    expect(listen(run(nested, 2)).at(-1)).toMatchObject({ output: 4 });
    const source = throwError(() => broken);
    expect(
      listen(
        run(
          step('s', () => source),
          1,
        ),
      ).at(-1),
    ).toMatchObject({ type: 'run.failed' });
  });
});
