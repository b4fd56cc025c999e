import type { Observable } from 'rxjs';
import { type RunEvent, run, type Step, step, workflow } from 'tutti';
import {
  assign,
  cache,
  fallback,
  graph,
  mapEach,
  named,
  parallel,
  retry,
  route,
  sequence,
  timeout,
  transform,
} from 'tutti/operators';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';

// What composes, and what must not: checked by the compiler, never run.

const a = step('a', (x: number) => x + 1);
const b = step('b', (x: number) => `${x}`);
const c = step('c', (x: string) => x.length);
const n = step('n', ({ text }: { text: string }) => text.length);
const m = step('m', ({ n }: { n: number }) => n * 2);
declare function takes<I, O>(step: Step<I, O>, input: I): void;

export function sequences(): void {
  expectTypeOf(sequence(a, b, c)).toEqualTypeOf<Step<number, number>>();
  expectTypeOf(sequence(...[a, a, a])).toEqualTypeOf<Step<number, number>>();
  expectTypeOf(sequence(a, a, a, a, a, a, a, a, a, a, b, c)).toEqualTypeOf<Step<number, number>>();
  expectTypeOf(sequence(named('o', a), parallel({ b, d: sequence(b, c) }))).toEqualTypeOf<
    Step<number, { b: string; d: number }>
  >();
  expectTypeOf(
    sequence(
      a,
      transform((x) => ({ x })),
      step('q', ({ x }: { x: number }) => `${x}`),
    ),
  ).toEqualTypeOf<Step<number, string>>();
  takes(sequence(a, a, named('o', a), a), 1);
  run(sequence(a, named('o', a)), 1);
  // @ts-expect-error: c takes no number
  sequence(a, c);
  // @ts-expect-error: b takes no string
  sequence(...[b, b]);
  // @ts-expect-error: c takes no number, beyond the eighth place too
  sequence(a, a, a, a, a, a, a, a, a, c);
  const wrapped = transform((x: number) => ({ x }));
  const q = step('q', ({ y }: { y: number }) => `${y}`);
  // @ts-expect-error: there is no y
  sequence(a, wrapped, q);
}

export function records(): void {
  expectTypeOf(
    sequence(
      assign({ n }),
      assign({ m }),
      transform((record) => record.text + record.m),
    ),
  ).toEqualTypeOf<Step<{ text: string }, string>>();
  const grown = sequence(assign({ n }), assign({ m }));
  expectTypeOf(grown).toExtend<Step<{ text: string }, { text: string; n: number; m: number }>>();
  // @ts-expect-error: nobody gives k
  sequence(assign({ n }), assign({ m: step('m', ({ k }: { k: number }) => k * 2) }));
}

export function graphs(): void {
  const chain = graph<number>()
    .node('x', a)
    .node('y', b, { after: ['x'], input: ({ x }) => x })
    .node('z', c, { after: ['y'], input: ({ y, input }) => y + input });
  expectTypeOf(chain).toExtend<Step<number, number>>();
  // @ts-expect-error: there is no such node
  graph<number>().node('x', a, { after: ['nope'] });
}

export function maps(): void {
  expectTypeOf(mapEach(a, { over: (doc: { ns: number[] }) => doc.ns })).toEqualTypeOf<
    Step<{ ns: number[] }, number[]>
  >();
}

type Ticket = { kind: 'bug'; trace: string } | { kind: 'idea'; text: string };

export function routes(): void {
  const fix = step('fix', ({ trace }: { trace: string }) => trace);
  const discuss = step('discuss', ({ text }: { text: string }) => text.length);
  expectTypeOf(
    route<Ticket>().case({ kind: 'bug' }, fix).case({ kind: 'idea' }, discuss).exhaustive(),
  ).toEqualTypeOf<Step<Ticket, string | number>>();
  // @ts-expect-error: ideas go nowhere
  route<Ticket>().case({ kind: 'bug' }, fix).exhaustive();
}

export function workflows(): void {
  const bare = workflow({ name: 'w' }, sequence(a, named('o', a)));
  expectTypeOf(run(bare, 1)).toEqualTypeOf<Observable<RunEvent<number>>>();
  const root = sequence(
    transform((x: { n: number }) => x.n),
    named('o', a),
    transform((k) => ({ k })),
  );
  const input = z.object({ n: z.number().default(1) });
  run(workflow({ name: 'w', input, output: z.object({ k: z.number() }) }, root), {});
  // @ts-expect-error: n is a number
  run(workflow({ name: 'w', input }, root), { n: 'x' });
  // @ts-expect-error: the root takes a number
  workflow({ name: 'w', input: z.object({ n: z.string() }) }, root);
  // @ts-expect-error: the root gives a number
  workflow({ name: 'w', output: z.object({ k: z.number() }) }, a);
}

export function policies(): void {
  const label = step({
    id: 'label',
    input: z.object({ text: z.string(), target: z.string().default('en') }),
    output: z.object({ label: z.enum(['positive', 'negative']) }),
    async *run({ text, target }, ctx) {
      yield text + target;
      ctx.cost({ usd: 1 });
      return { label: 'positive' };
    },
  });
  type Input = { text: string; target?: string | undefined };
  type Label = { label: 'positive' | 'negative' };
  expectTypeOf(label).toEqualTypeOf<Step<Input, Label, string>>();
  const basic = step('basic', (_: { text: string }) => ({ label: 'none' as const }));
  expectTypeOf(label.with(timeout(5), retry(), fallback(basic), cache())).toEqualTypeOf<
    Step<Input, Label | { label: 'none' }, string>
  >();
  // @ts-expect-error: the fallback takes no such input
  label.with(fallback(a));
  const [t, r, f, c] = [timeout(5), retry(), fallback(basic), cache()];
  expectTypeOf(label.with(t, r, f, c, t, r, t)).toEqualTypeOf<
    Step<Input, Label | { label: 'none' }, string>
  >();
  expectTypeOf(label.with(t, r, t, c, t, r, t, c, t, f)).toEqualTypeOf<
    Step<Input, Label | { label: 'none' }, string>
  >();
  // @ts-expect-error: the fallback takes no such input, in the tenth place either
  label.with(t, r, t, c, t, r, t, c, t, fallback(a));
}
