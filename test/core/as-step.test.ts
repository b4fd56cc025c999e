import { of, throwError } from 'rxjs';
import {
  DefinitionError,
  type InputOf,
  type OutputOf,
  type PartialOf,
  type Policy,
  run,
  type Step,
  step,
  workflow,
} from 'tutti';
import {
  assign,
  branch,
  compensate,
  fallback,
  graph,
  graphOf,
  loop,
  mapEach,
  mapReduce,
  named,
  onEach,
  parallel,
  race,
  recover,
  retry,
  route,
  sequence,
  timeout,
} from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { isStep, nodeOf } from '../../src/core/as-step.ts';
import { failureOf, listen, ofType, told } from './support.ts';

const broken = new Error('broken');
const length = step('length', (text: string) => text.length);
const upper = step('upper', (text: string) => text.toUpperCase());
const breaking = (): never => {
  throw broken;
};

describe('step.using', () => {
  it('makes a step on another input, which is what its start tells of', () => {
    const ofUser = length.using((user: { name: string }) => user.name);
    const events = listen(run(ofUser, { name: 'Ada' }));
    expect(told(events)).toBe('run> length> length| run|');
    expect(events[0]).toMatchObject({ input: { name: 'Ada' } });
    expect(events[1]).toMatchObject({ type: 'step.started', input: 'Ada' });
    expect(events.at(-1)).toMatchObject({ output: 3 });
  });

  it('leaves the step that it is made of alone', () => {
    length.using((n: number) => String(n));
    expect(listen(run(length, 'abc')).at(-1)).toMatchObject({ output: 3 });
  });

  it('adapts before the schema checks', () => {
    const checked = step({ id: 's', input: z.object({ n: z.number().default(7) }), run: ({ n }) => n });
    expect(
      listen(
        run(
          checked.using((_: string) => ({})),
          'x',
        ),
      ).at(-1),
    ).toMatchObject({ output: 7 });
  });

  it('applied twice, adapts outermost first', () => {
    const nested = length
      .using((n: number) => 'x'.repeat(n))
      .using((texts: readonly string[]) => texts.length);
    expect(listen(run(nested, ['a', 'b'])).at(-1)).toMatchObject({ output: 2 });
  });

  it('fails as the step when the adapter throws', async () => {
    const run$ = run(length.using(breaking), 1);
    expect(told(listen(run$))).toBe('run> length> length# run#');
    expect(await failureOf(run$)).toBe(broken);
  });

  it('is tried again by the policies put on later, and not by those put on before', () => {
    const calls = vi.fn(breaking);
    const again = retry({ maxRetries: 2, delay: 0 });
    listen(run(length.using(calls).with(again), 1));
    expect(calls).toHaveBeenCalledTimes(3);
    calls.mockClear();
    listen(run(length.with(again).using(calls), 1));
    expect(calls).toHaveBeenCalledTimes(1);
  });

  it('adapts the input of a composite, which has no name of its own', () => {
    const both = sequence(upper, length).using((n: number) => 'x'.repeat(n));
    const events = listen(run(both, 3));
    expect(told(events)).toBe('run> upper> upper| length> length| run|');
    expect(events.at(-1)).toMatchObject({ output: 3 });
  });
});

describe('step.map', () => {
  it('makes a step with another output, which is what its end tells of', () => {
    const events = listen(
      run(
        length.map((n) => ({ n })),
        'abc',
      ),
    );
    expect(told(events)).toBe('run> length> length| run|');
    expect(events[2]).toMatchObject({ type: 'step.completed', output: { n: 3 } });
    expect(events[3]).toMatchObject({ type: 'run.completed', output: { n: 3 } });
  });

  it('leaves the step that it is made of alone', () => {
    length.map(String);
    expect(listen(run(length, 'abc')).at(-1)).toMatchObject({ output: 3 });
  });

  it('adapts after the schema has checked, of a schema that takes its time too', async () => {
    const checked = (output: z.ZodType<number>) =>
      step({ id: 's', run: (n: number) => n, output }).map((n) => n + 1);
    expect(listen(run(checked(z.number().transform((n) => n * 10)), 1)).at(-1)).toMatchObject({ output: 11 });
    const slow = step({ id: 's', run: (n: number) => n, output: z.number().transform(async (n) => n * 10) });
    const broken$ = run(slow.map(breaking), 1);
    expect(await failureOf(broken$)).toBe(broken);
    expect(
      await failureOf(
        run(
          slow.map((n) => n + 1),
          1,
        ),
      ),
    ).toMatchObject({ output: 11 });
  });

  it('applied twice, adapts innermost first', () => {
    const twice = length.map((n) => n + 1).map((n) => n * 10);
    expect(listen(run(twice, 'abc')).at(-1)).toMatchObject({ output: 40 });
  });

  it('fails as the step when the adapter throws', async () => {
    const run$ = run(length.map(breaking), 'x');
    expect(told(listen(run$))).toBe('run> length> length# run#');
    expect(await failureOf(run$)).toBe(broken);
  });

  it('is part of the attempt for the policies put on later, and not for those put on before', () => {
    const again = retry({ maxRetries: 1, delay: 0 });
    const instead = fallback(step('basic', () => 0));
    const inside = run(length.map(breaking).with(again, instead), 'x');
    expect(told(listen(inside))).toBe(
      'run> length> length~ length> length< length/!fallback:basic> length/!fallback:basic| length| run|',
    );
    const outside = run(length.with(again, instead).map(breaking), 'x');
    expect(told(listen(outside))).toBe('run> length> length# run#');
  });

  it('adapts what a fallback gives only when it is put on after it', () => {
    const failing = step('s', (_: unknown) => throwError(() => broken)).map((_: never) => 1);
    const basic = fallback(step('basic', () => 10));
    const add = (n: number) => n + 1;
    expect(listen(run(failing.with(basic).map(add), 1)).at(-1)).toMatchObject({ output: 11 });
    expect(listen(run(failing.map(add).with(basic), 1)).at(-1)).toMatchObject({ output: 10 });
  });

  it('adapts the output of a composite', () => {
    const events = listen(
      run(
        sequence(upper, length).map((n) => n * 10),
        'abc',
      ),
    );
    expect(told(events)).toBe('run> upper> upper| length> length| run|');
    expect(events.at(-1)).toMatchObject({ output: 30 });
  });
});

describe('step.with', () => {
  it(
    'puts the first policy innermost',
    marbles((m) => {
      const slow = () => fakeStep(m, 's', '----a|');
      const retries = retry({ maxRetries: 1, delay: 1 });
      m.expectRun(run(slow().with(timeout(3), retries), 1)).toBe('(run> s>) 3ms s~ 1ms s> 3ms (s# run#)');
      m.expectRun(run(slow().with(retries, timeout(3)), 1)).toBe('(run> s>) 3ms (s# run#)');
    }),
  );

  it(
    'does the same in one call as in many',
    marbles((m) => {
      const slow = fakeStep(m, 's', '----a|');
      const policies = [timeout(3), retry({ maxRetries: 1, delay: 1 })] as const;
      const expected = '(run> s>) 3ms s~ 1ms s> 3ms (s# run#)';
      m.expectRun(run(slow.with(...policies), 1)).toBe(expected);
      m.expectRun(run(slow.with(policies[0]).with(policies[1]), 1)).toBe(expected);
    }),
  );

  it(
    'counts the time from the first attempt on',
    marbles((m) => {
      const flaky = fakeStep(m, 'flaky', ['--#', '---a|']).with(retry({ delay: 5 }));
      const events = listen(run(flaky, 1));
      m.flush();
      expect(ofType(events, 'step.completed')).toMatchObject([{ attempt: 2, durationMs: 11 }]);
    }),
  );

  it('leaves the step alone, and keeps its id', () => {
    const failing = step('s', breaking);
    const safe = failing.with(recover(() => 1));
    expect(safe.id).toBe('s');
    expect(listen(run(safe, 1)).at(-1)).toMatchObject({ type: 'run.completed' });
    expect(listen(run(failing, 1)).at(-1)).toMatchObject({ type: 'run.failed' });
  });

  it('has one start and one end, however many policies there are', () => {
    const calm = recover(() => 1);
    const many = length.with(retry(), timeout('1s'), calm, calm, retry(), calm);
    expect(told(listen(run(many, 'abc')))).toBe('run> length> length| run|');
  });

  it('takes any function of a step', () => {
    const logged: string[] = [];
    const noting: Policy = (inner) => {
      logged.push(inner.id);
      return inner;
    };
    expect(length.with(noting)).toBe(length);
    expect(length.with(({ id }) => id)).toBe('length');
    expect(logged).toEqual(['length']);
  });

  it('gives a composite its kind for a name', () => {
    const events = listen(run(sequence(upper, length).with(retry()), 'abc'));
    expect(told(events)).toBe(
      'run> sequence> sequence/upper> sequence/upper| sequence/length> sequence/length| sequence| run|',
    );
  });

  it('checks the input in each attempt, so that its start tells of the input as given', () => {
    const checked = step({ id: 's', input: z.object({ n: z.number().default(7) }), run: ({ n }) => n });
    const events = listen(run(checked.with(retry()), {}));
    expect(events.at(-1)).toMatchObject({ output: 7 });
    expect(ofType(events, 'step.started')).toMatchObject([{ input: {} }]);
  });

  it('keeps input, output and partials through policies', () => {
    const streaming = step('s', (_: { n: number }) => of('x'));
    const patient = streaming.with(retry(), timeout('1s'));
    expectTypeOf(patient).toEqualTypeOf<Step<{ n: number }, string, string>>();
    const safe = streaming.with(
      retry(),
      timeout('1s'),
      recover(() => 0),
      retry(),
      timeout(1),
      recover(() => true),
    );
    expectTypeOf<InputOf<typeof safe>>().toEqualTypeOf<{ n: number }>();
    expectTypeOf<OutputOf<typeof safe>>().toEqualTypeOf<string | number | boolean>();
    expectTypeOf<PartialOf<typeof safe>>().toEqualTypeOf<string>();
    const mapped = patient.map((text) => [text]).using((n: number) => ({ n }));
    expectTypeOf(mapped).toEqualTypeOf<Step<number, string[], string>>();
    // @ts-expect-error: a text is no number
    () => length.map((n: string) => n);
    // @ts-expect-error: the step takes a text
    () => length.using((n: number) => n);
    // @ts-expect-error: the fallback takes another input
    () => length.with(fallback(step('b', (n: number) => n)));
    // @ts-expect-error: it is no policy
    () => length.with(3);
  });
});

describe('nodeOf', () => {
  const wrong = 'x' as never;

  it('refuses what is not a step, and says what it is', () => {
    expect(() => nodeOf(Object.assign(() => of(), { id: 'x' }) as never)).toThrow(DefinitionError);
    expect(() => nodeOf(function mine() {} as never)).toThrow(
      'the function mine is not a step; step(id, run) makes a step of a function',
    );
    expect(() => nodeOf((() => {}) as never)).toThrow('is not a step');
    expect(() => nodeOf(undefined as never)).toThrow(DefinitionError);
    expect(() => nodeOf('x' as never)).toThrow('the text "x" is not a step');
    expect(() => nodeOf({} as never)).toThrow('an object is not a step');
  });

  it.each<[string, () => unknown]>([
    ['parallel: branch "b" is not a step, but the text "x"', () => parallel({ a: length, b: wrong })],
    ['parallel: branch "1" is not a step, but the text "x"', () => parallel([length, wrong])],
    ['assign: branch "b" is not a step', () => assign({ b: wrong })],
    ['race: step 2 is not a step', () => race([length, wrong])],
    ['sequence: step 2 is not a step', () => sequence(length, wrong)],
    ['branch: otherwise is not a step', () => branch(() => true, length, wrong)],
    ['branch: then is not a step', () => branch(() => true, wrong)],
    ['route: step 2 is not a step', () => route<string>().case('a', length).otherwise(wrong)],
    ['graph: node "b" is not a step', () => graph<string>().node('a', length).node('b', wrong)],
    ['graph: node "c" is not a step', () => graphOf({ c: { step: undefined as never } })],
    ['loop: the body is not a step', () => loop(wrong, { max: 1 })],
    ['mapEach: the first argument is not a step', () => mapEach(wrong)],
    ['mapReduce: reduce is not a step', () => mapReduce(length, (() => 1) as never)],
    ['named n: what is inside is not a step', () => named('n', wrong)],
    ['workflow w: the root is not a step', () => workflow({ name: 'w' }, wrong)],
    ['fallback: step 1 is not a step', () => fallback(wrong)],
    ['compensate: undo is not a step', () => compensate(wrong)],
    ['onEach: the first argument is not a step', () => onEach(wrong)],
    ['run: the first argument is not a step', () => run(wrong, 1)],
    ['length: policy 2 is not a policy, but the text "x"', () => length.with(retry(), wrong)],
  ])('says where it was given: %s', (message, make) => {
    expect(make).toThrow(DefinitionError);
    expect(make).toThrow(message);
  });
});

describe('isStep', () => {
  it('tells steps from all else', () => {
    expect(isStep(length)).toBe(true);
    expect(isStep(sequence(upper, length).with(retry()))).toBe(true);
    expect([() => of(), {}, undefined, null, 'length'].some(isStep)).toBe(false);
  });
});

describe('a step', () => {
  it('is a function with the methods of functions, and few of its own', () => {
    expect(typeof length).toBe('function');
    expect(length).toHaveLength(1);
    expect(Object.keys(length)).toEqual(['id']);
    expect(typeof length.call).toBe('function');
    expect(() => Object.assign(length, { id: 'x' })).toThrow(TypeError);
  });
});
