import fc from 'fast-check';
import { anyPolicy, generousPolicy } from './any-policy.ts';
import type { Deed } from './play.ts';
import type { PolicySpec } from './policy-spec.ts';
import { type Part, show, type Tree } from './tree.ts';
import type { Act } from './world.ts';

const ms = fc.integer({ min: 1, max: 40 });
const usd = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });

/** What a body does; most often it ends well. */
const actsOf = (well: number): fc.Arbitrary<readonly Act[]> =>
  fc.array(
    fc
      .record({
        ms: fc.option(ms, { nil: undefined, freq: 2 }),
        ends: fc.constantFrom<'value' | 'failure' | 'never'>(
          ...Array(well).fill('value'),
          'failure',
          'failure',
          'never',
        ),
        partials: fc.integer({ min: 0, max: 2 }),
        costUsd: usd,
        abortUsd: usd,
        lateUsd: usd,
      })
      .map(({ ms, ends, partials, ...usd }) => {
        const costs = Object.fromEntries(Object.entries(usd).filter(([, amount]) => amount !== undefined));
        if (ms === undefined) return { ends: ends === 'never' ? 'failure' : ends, ...costs };
        return { ms, ends, partials, ...costs };
      }),
    { minLength: 1, maxLength: 3 },
  );

const undo: fc.Arbitrary<Act> = fc
  .record({
    ms: fc.constantFrom(undefined, 1, 3),
    ends: fc.constantFrom('value', 'value', 'value', 'failure'),
    costUsd: usd,
  })
  .map(({ costUsd, ...rest }) => ({ ...rest, ...(costUsd !== undefined && { costUsd }) }) as Act);

/** What waits for somebody, or runs in the background, if that is wanted. */
function waiting(
  inner: fc.Arbitrary<Tree>,
  wanted: boolean,
): { weight: number; arbitrary: fc.Arbitrary<Tree> }[] {
  if (!wanted) return [];
  return [
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), ms }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('followUps'), inner, ms }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('background'), inner, beside: inner }) },
  ];
}

/** Trees of steps under these policies, in any order; `many` of them, in larger trees; with what waits, or runs in the background. */
const treeOf = (
  policy: fc.Arbitrary<PolicySpec>,
  undo: fc.Arbitrary<Act>,
  { many, waits = false }: { many: boolean; waits?: boolean },
) => {
  const acts = actsOf(many ? 9 : 4);
  return fc.letrec<{ tree: Tree }>((tie) => {
    const inner = tie('tree');
    const parts = fc.array(inner, { minLength: many ? 2 : 0, maxLength: 3 });
    const settle = fc.boolean();
    const limit = fc.constantFrom(1, 2, 99);
    const kind = <K extends Tree['kind']>(name: K) => fc.constant(name);
    const part: fc.Arbitrary<Part> = fc.record({
      tree: inner,
      after: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
      whenOdd: fc.boolean(),
    });
    const leaf = fc.record({ kind: kind('leaf'), acts });
    return {
      tree: fc.oneof(
        { maxDepth: many ? 4 : 5, depthSize: many ? 'max' : 'medium', withCrossShrink: true },
        { weight: 8, arbitrary: leaf },
        { weight: 1, arbitrary: fc.record({ kind: kind('infected') }) },
        { weight: 1, arbitrary: fc.record({ kind: kind('sleep'), ms }) },
        ...waiting(inner, waits),
        { weight: many ? 8 : 3, arbitrary: fc.record({ kind: kind('sequence'), parts }) },
        { weight: 3, arbitrary: fc.record({ kind: kind('parallel'), parts, settle, limit }) },
        {
          weight: 2,
          arbitrary: fc.record({
            kind: kind('race'),
            parts: fc.array(inner, { minLength: 1, maxLength: 3 }),
            settle,
          }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ kind: kind('map'), each: inner, items: fc.nat(3), settle, limit }),
        },
        {
          weight: 2,
          arbitrary: fc.record({
            kind: kind('stream'),
            producer: acts,
            retries: fc.nat(1),
            each: inner,
            settle,
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({
            kind: kind('branch'),
            odd: inner,
            even: fc.option(inner, { nil: undefined }),
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({ kind: kind('loop'), body: inner, passes: fc.integer({ min: 1, max: 3 }) }),
        },
        {
          weight: 2,
          arbitrary: fc.record({
            kind: kind('graph'),
            parts: fc
              .array(part, { minLength: many ? 2 : 0, maxLength: 4 })
              .map((all) => all.map((one, i) => ({ ...one, after: one.after.filter((j) => j < i) }))),
          }),
        },
        {
          weight: 2,
          arbitrary: fc.record({
            kind: kind('reduce'),
            each: inner,
            items: fc.nat(3),
            reducer: fc.option(inner, { nil: undefined }),
            settle,
            limit,
          }),
        },
        { weight: 1, arbitrary: fc.record({ kind: kind('assign'), parts }) },
        { weight: 1, arbitrary: fc.record({ kind: kind('route'), one: inner, two: inner, other: inner }) },
        { weight: many ? 6 : 2, arbitrary: fc.record({ kind: kind('saga'), inner, undo }) },
        {
          weight: many ? 12 : 5,
          arbitrary: fc.record({
            kind: kind('policed'),
            inner,
            policies: fc.array(policy, { minLength: 1, maxLength: 4 }),
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({ kind: fc.constantFrom('named', 'workflow', 'transform'), inner }),
        },
        {
          weight: 3,
          arbitrary: fc.record({
            kind: kind('retry'),
            inner,
            maxRetries: fc.nat(2),
            delay: fc.nat(5),
          }),
        },
        { weight: 3, arbitrary: fc.record({ kind: kind('timeout'), inner, ms }) },
        { weight: 2, arbitrary: fc.record({ kind: kind('fallback'), inner, other: inner }) },
        {
          weight: 2,
          arbitrary: fc.oneof(
            fc.record({ kind: kind('recover'), inner }),
            fc.record({ kind: kind('cache'), inner }),
          ),
        },
      ),
    };
  }).tree;
};

/** A tree, what it is run on, and three things to do to it, at parts of all there is to choose from. */
export interface Case {
  readonly tree: Tree;
  readonly input: number;
  readonly hits: readonly Hit[];
}

export interface Hit {
  readonly deed: Deed;
  readonly when: 'event' | 'frame' | 'call';
  readonly part: number;
  readonly piped: boolean;
  readonly cutAfter: number | undefined;
}

const hit: fc.Arbitrary<Hit> = fc.record({
  deed: fc.constantFrom<Deed>('take', 'unsubscribe', 'cancel', 'abort'),
  when: fc.constantFrom('event', 'frame', 'call'),
  part: fc.double({ min: 0, max: 0.999, noNaN: true }),
  piped: fc.boolean(),
  cutAfter: fc.option(fc.nat(3), { nil: undefined }),
});

const caseOf = (tree: fc.Arbitrary<Tree>): fc.Arbitrary<Case> =>
  fc
    .record({
      tree,
      input: fc.integer({ min: 0, max: 3 }),
      hits: fc.array(hit, { minLength: 3, maxLength: 3 }),
    })
    .map((one) =>
      Object.defineProperty(one, fc.toStringMethod, {
        value: () => `\n${show(one.tree)}\non ${one.input}, hit by ${JSON.stringify(one.hits)}\n`,
      }),
    );

/** Several trees in a row, or side by side, and in the end perhaps a failure. */
const rowOf = (tree: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> =>
  fc
    .record({
      kind: fc.constantFrom('sequence' as const, 'parallel' as const),
      parts: fc.array(tree, { minLength: 2, maxLength: 5, size: 'max' }),
      fails: fc.boolean(),
    })
    .map(({ kind, parts, fails }) => {
      const last: Tree[] = fails ? [{ kind: 'leaf', acts: [{ ends: 'failure' }] }] : [];
      const row: Tree = kind === 'sequence' ? { kind, parts } : { kind, parts, settle: false, limit: 99 };
      return { kind: 'sequence', parts: [row, ...last] };
    });

/** Any case of bounded depth and width, which prints itself; what comes of it can mostly be foretold. */
export const anyCase: fc.Arbitrary<Case> = caseOf(
  treeOf(generousPolicy, fc.constant({ costUsd: 1 }), { many: false }),
);

/** The same, with steps that wait for somebody, or run in the background. */
export const anyWaitingCase: fc.Arbitrary<Case> = caseOf(
  treeOf(generousPolicy, fc.constant({ costUsd: 1 }), { many: false, waits: true }),
);

/** The same under policies that come into force. */
export const anyPolicedCase: fc.Arbitrary<Case> = caseOf(
  rowOf(treeOf(anyPolicy(actsOf(4), undo), undo, { many: true })),
);
