import { EMPTY, type Observable, of, Subject, take } from 'rxjs';
import {
  DefinitionError,
  type InputOf,
  type OutputOf,
  type PartialOf,
  run,
  type Step,
  type StepContext,
  step,
} from 'tutti';
import { collectRun } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { chunksOf, failureOf, listen, told } from './support.ts';

describe('step', () => {
  it('is made of an id and a function', () => {
    const double = step('double', (n: number) => 2 * n);
    expect(double.id).toBe('double');
    expect(double.name).toBe('double');
    const events = listen(run(double, 4));
    expect(told(events)).toBe('run> double> double| run|');
    expect(events[1]).toMatchObject({ type: 'step.started', path: '/double', step: 'double', input: 4 });
    expect(events[2]).toMatchObject({ type: 'step.completed', output: 8, source: 'live', attempt: 1 });
    expect(events[3]).toMatchObject({ type: 'run.completed', output: 8 });
  });

  it('is made of options', () => {
    const double = step({ id: 'double', run: (n: number) => 2 * n });
    expect(double.id).toBe('double');
    expect(listen(run(double, 4)).at(-1)).toMatchObject({ type: 'run.completed', output: 8 });
  });

  it('runs as often as it is asked to, at once', async () => {
    const source = new Subject<number>();
    const sum = step('sum', (n: number) => source.pipe(take(n)));
    const [one, two] = [listen(run(sum, 1)), listen(run(sum, 2))];
    source.next(5);
    source.next(6);
    expect(one.at(-1)).toMatchObject({ output: 5 });
    expect(two.at(-1)).toMatchObject({ output: 6 });
  });

  it.each(['%', '/', '[', ']', '#', '~', '!'])('refuses an id with %j in it', (mark) => {
    expect(() => step(`a${mark}b`, () => 1)).toThrow(DefinitionError);
    expect(() => step({ id: mark, run: () => 1 })).toThrow(`must not contain "${mark}"`);
  });

  it('refuses an empty id, one that is no text, and a step without a body', () => {
    expect(() => step('', () => 1)).toThrow(DefinitionError);
    // @ts-expect-error: an id is a text
    expect(() => step(7, () => 1)).toThrow(
      'a step needs a name, which is a text that is not empty, but it is 7',
    );
    // @ts-expect-error: an id is a text
    for (const id of [undefined, null]) expect(() => step(id, () => 1)).toThrow(`but it is ${id}`);
    // @ts-expect-error: an id is a text
    expect(() => step(() => 1)).toThrow(DefinitionError);
    // @ts-expect-error: a step has a body
    expect(() => step('s')).toThrow('step s: run must be a function, but it is undefined');
    // @ts-expect-error: a step has a body
    expect(() => step({ id: 's' })).toThrow(DefinitionError);
  });

  it('takes any other text for an id', () => {
    for (const id of ['a.b', 'a b', 'Übersetzen', '翻訳', '__proto__', 'length', '🎻'])
      expect(
        listen(
          run(
            step(id, () => 1),
            undefined,
          ),
        )[1],
      ).toMatchObject({ step: id, path: `/${id}` });
  });
});

describe('step, with collect,', () => {
  const join = (letters: readonly string[]): string => letters.join('');

  it('makes its output of all that an Observable emits', () => {
    const word = step({ id: 'word', run: (_: void) => of('a', 'b', 'c'), collect: join });
    const events = listen(run(word, undefined));
    expect(events.at(-1)).toMatchObject({ output: 'abc' });
    expect(chunksOf(events)).toEqual(['a', 'b', 'c']);
  });

  it('makes its output of all that a generator yields', async () => {
    const word = step({
      id: 'word',
      async *run(_: void) {
        yield 'a';
        yield 'b';
      },
      collect: join,
    });
    expect(await collectRun(run(word, undefined))).toMatchObject({ output: 'ab' });
  });

  it('makes an output of nothing', () => {
    const word = step({ id: 'word', run: (_: void): Observable<string> => EMPTY, collect: join });
    expect(listen(run(word, undefined)).at(-1)).toMatchObject({ type: 'run.completed', output: '' });
  });

  it('collects each attempt by itself', async () => {
    const word = step({ id: 'word', run: (_: void) => of('a', 'b'), collect: join });
    expect(listen(run(word, undefined)).at(-1)).toMatchObject({ output: 'ab' });
    expect(listen(run(word, undefined)).at(-1)).toMatchObject({ output: 'ab' });
  });

  it('hands what was collected to the output schema', () => {
    const count = step({
      id: 'count',
      run: (_: void) => of('a', 'b'),
      collect: (letters) => letters.length,
      output: z.number().max(1),
    });
    expect(listen(run(count, undefined)).at(-1)).toMatchObject({ error: { code: 'OUTPUT_VALIDATION' } });
  });

  it('makes its output in place of what a generator returns', async () => {
    const word = step({
      id: 'word',
      async *run(_: void) {
        yield 'a';
        return 7;
      },
      collect: (letters) => letters.length,
    });
    expectTypeOf<OutputOf<typeof word>>().toEqualTypeOf<number>();
    expect(await collectRun(run(word, undefined))).toMatchObject({ output: 1 });
  });

  it('collects what ctx.partial streams too', async () => {
    const letters = step({
      id: 'letters',
      partial: z.number(),
      async *run(_: void, ctx) {
        ctx.partial(1);
        yield 'a';
        ctx.partial(2);
      },
      collect: (all) => {
        expectTypeOf(all).toEqualTypeOf<(string | number)[]>();
        return all;
      },
    });
    expect(await collectRun(run(letters, undefined))).toMatchObject({ output: [1, 'a', 2] });
  });

  it('makes the output of a body that streams by ctx.partial only', async () => {
    const word = step({
      id: 'word',
      partial: z.string(),
      run: async (_: void, ctx) => {
        ctx.partial('a');
        ctx.partial('b');
      },
      collect: join,
    });
    expectTypeOf<OutputOf<typeof word>>().toEqualTypeOf<string>();
    expect(await collectRun(run(word, undefined))).toMatchObject({ output: 'ab' });
  });

  it('takes what ctx.partial streams for no output without it', async () => {
    const last = step({
      id: 'last',
      partial: z.string(),
      async *run(_: void, ctx) {
        yield 1;
        ctx.partial('x');
      },
    });
    expect(await collectRun(run(last, undefined))).toMatchObject({ output: 1 });
  });

  it('fails when collecting fails', async () => {
    const broken = new Error('broken');
    const word = step({
      id: 'word',
      run: (_: void) => of('a'),
      collect: (): string => {
        throw broken;
      },
    });
    expect(await failureOf(run(word, undefined))).toBe(broken);
  });
});

describe('step, for a compiler,', () => {
  it('takes its input from the function, or from the schema, where defaults may be left out', () => {
    expectTypeOf(step('a', (_: { n: number }) => 1)).toEqualTypeOf<Step<{ n: number }, number>>();
    const input = z.object({ text: z.string(), target: z.string().default('en') });
    const translate = step({
      id: 'translate',
      input,
      run: (checked) => {
        expectTypeOf(checked).toEqualTypeOf<{ text: string; target: string }>();
        return checked.text;
      },
    });
    expectTypeOf<InputOf<typeof translate>>().toEqualTypeOf<{ text: string; target?: string | undefined }>();
    () => run(translate, { text: 'x' });
    // @ts-expect-error: the text is missing
    () => run(translate, { target: 'en' });
    expectTypeOf(step('none', () => 1)).toEqualTypeOf<Step<unknown, number>>();
  });

  it('takes its output and partials from what the body returns', () => {
    async function* returning() {
      yield 1;
      return 'x';
    }
    async function* yielding() {
      yield 1;
    }
    expectTypeOf(step('a', () => 1)).toEqualTypeOf<Step<unknown, number>>();
    expectTypeOf(step('a', async () => 1)).toEqualTypeOf<Step<unknown, number>>();
    expectTypeOf(step('a', () => of(1))).toEqualTypeOf<Step<unknown, number, number>>();
    expectTypeOf(step('a', returning)).toEqualTypeOf<Step<unknown, string, number>>();
    expectTypeOf(step('a', yielding)).toEqualTypeOf<Step<unknown, number, number>>();
    expectTypeOf(step('a', () => ({}) as AsyncIterable<number>)).toEqualTypeOf<
      Step<unknown, number, number>
    >();
    expectTypeOf(step('a', () => {})).toEqualTypeOf<Step<unknown, void>>();
    expectTypeOf(step('a', () => null as string | null)).toEqualTypeOf<Step<unknown, string | null>>();
  });

  it('takes them in the form of options too', () => {
    const streaming = step({
      id: 'a',
      async *run(_: string) {
        yield 1;
        return { text: 'x' };
      },
    });
    expectTypeOf<InputOf<typeof streaming>>().toEqualTypeOf<string>();
    expectTypeOf<OutputOf<typeof streaming>>().toEqualTypeOf<{ text: string }>();
    expectTypeOf<PartialOf<typeof streaming>>().toEqualTypeOf<number>();
    const plain = step({ id: 'a', run: (n: number) => [n] });
    expectTypeOf<OutputOf<typeof plain>>().toEqualTypeOf<number[]>();
    expectTypeOf<PartialOf<typeof plain>>().toEqualTypeOf<never>();
    const observed = step({ id: 'a', run: (_: void) => of(1) });
    expectTypeOf<OutputOf<typeof observed>>().toEqualTypeOf<number>();
    expectTypeOf<PartialOf<typeof observed>>().toEqualTypeOf<number>();
  });

  it('counts the partials of a generator that may return nothing among its outputs', () => {
    async function* perhaps(long: boolean): AsyncGenerator<number, string | undefined> {
      yield 1;
      if (long) return 'x';
      return undefined;
    }
    expectTypeOf(step('a', perhaps)).toEqualTypeOf<Step<boolean, string | number, number>>();
  });

  it('takes its output from the schema, or from collect', () => {
    const parsed = step({ id: 'a', run: () => '1', output: z.string().transform(Number) });
    expectTypeOf<OutputOf<typeof parsed>>().toEqualTypeOf<number>();
    const counted = step({ id: 'a', run: () => of('x'), collect: (letters) => letters.length });
    expectTypeOf<OutputOf<typeof counted>>().toEqualTypeOf<number>();
    // @ts-expect-error: the schema takes a text
    step({ id: 'a', run: () => 1, output: z.string() });
    // @ts-expect-error: the schema takes a text
    step({ id: 'a', run: async () => 1, output: z.string() });
    // @ts-expect-error: the schema takes a text
    step({ id: 'a', run: () => of('x'), collect: (letters) => letters.length, output: z.string() });
  });

  it('types ctx.partial by the partial schema', () => {
    const streaming = step({
      id: 'a',
      partial: z.object({ token: z.string() }),
      run: (_: string, ctx) => {
        expectTypeOf(ctx).toEqualTypeOf<StepContext<{ token: string }>>();
        // @ts-expect-error: no token
        () => ctx.partial({ text: 'x' });
        ctx.partial({ token: 'x' });
        return 1;
      },
    });
    expectTypeOf<PartialOf<typeof streaming>>().toEqualTypeOf<{ token: string }>();
    expectTypeOf<OutputOf<typeof streaming>>().toEqualTypeOf<number>();
    step('b', (_: string, ctx) => {
      // @ts-expect-error: without a schema, nothing is a partial
      () => ctx.partial('x');
    });
    const both = step({
      id: 'a',
      partial: z.object({ token: z.string() }),
      async *run(_: string, ctx) {
        ctx.partial({ token: 'x' });
        yield 1;
        return true;
      },
    });
    expectTypeOf<PartialOf<typeof both>>().toEqualTypeOf<number | { token: string }>();
    expectTypeOf<OutputOf<typeof both>>().toEqualTypeOf<boolean>();
  });

  it('lets no any out', () => {
    const loose = step('a', (text: string) => JSON.parse(text) as unknown);
    expectTypeOf<OutputOf<typeof loose>>().toEqualTypeOf<unknown>();
    // @ts-expect-error: the schema's input is no number
    step({ id: 'a', input: z.string(), run: (n: number) => n });
  });
});
