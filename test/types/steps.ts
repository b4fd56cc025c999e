import { of } from 'rxjs';
import { type Step, step } from 'tutti';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';

// What a step's types are made of: checked by the compiler, never run.

const ab = z.object({ label: z.enum(['a', 'b']) });
type AB = { label: 'a' | 'b' };
export function steps(): void {
  expectTypeOf(step({ id: 'x', run: (n: number) => ({ label: 'a', list: [n] }) })).toEqualTypeOf<
    Step<number, { label: string; list: number[] }>
  >();
  expectTypeOf(step({ id: 'x', input: z.number(), output: ab, run: (_n) => ({ label: 'a' }) })).toEqualTypeOf<
    Step<number, AB>
  >();
  expectTypeOf(
    step({ id: 'x', input: z.number(), output: ab, run: async (_n) => ({ label: 'a' }) }),
  ).toEqualTypeOf<Step<number, AB>>();
  expectTypeOf(
    step({
      id: 'x',
      input: z.number(),
      output: ab,
      async run(n, _ctx) {
        if (n > 1) return { label: 'a' };
        return { label: 'b' };
      },
    }),
  ).toEqualTypeOf<Step<number, AB>>();
  expectTypeOf(
    step({
      id: 'x',
      input: z.number(),
      output: ab,
      async *run(_n, _ctx) {
        yield 'tok';
        return { label: 'b' };
      },
    }),
  ).toEqualTypeOf<Step<number, AB, string>>();
  expectTypeOf(step({ id: 'x', input: z.string(), run: (s) => of(s.length) })).toEqualTypeOf<
    Step<string, number, number>
  >();
  expectTypeOf(step({ id: 'x', run: (s: string) => of(s.length), collect: (xs) => xs.join() })).toEqualTypeOf<
    Step<string, string, number>
  >();
  expectTypeOf(
    step({
      id: 'x',
      partial: z.string(),
      run: async (s: string, ctx) => {
        ctx.partial('x');
        return s.length;
      },
    }),
  ).toEqualTypeOf<Step<string, number, string>>();
  expectTypeOf(
    step('x', async function* (_n: number) {
      yield 'a';
    }),
  ).toEqualTypeOf<Step<number, string, string>>();
  expectTypeOf(
    step('x', async function* (n: number) {
      yield 'a';
      return n;
    }),
  ).toEqualTypeOf<Step<number, number, string>>();
  // @ts-expect-error
  step({ id: 'x', input: z.number(), output: ab, run: (_n) => ({ label: 'c' }) });
  // @ts-expect-error
  step({ id: 'x', input: z.number(), output: ab, run: async (_n) => ({ label: 'c' }) });
}
