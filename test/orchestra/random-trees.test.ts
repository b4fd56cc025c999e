import fc from 'fast-check';
import { TestScheduler } from 'rxjs/testing';
import { type RunEvent, run } from 'tutti';
import { checkEvents } from 'tutti/testing';
import { describe, it } from 'vitest';
import { anyCase, anyPolicedCase, type Case } from '../laws/any-case.ts';
import { build } from '../laws/build.ts';
import { mortal, type Tree } from '../laws/tree.ts';
import { World } from '../laws/world.ts';
import type { Crash } from './crashing-store.ts';
import { livesOf, settle } from './lives.ts';

const numRuns = Number(process.env.TUTTI_PROPERTY_RUNS ?? 100);
const seed = Number(process.env.TUTTI_PROPERTY_SEED ?? 20_262);
const timeout = 900_000;

const crashes: fc.Arbitrary<Crash[]> = fc.array(
  fc.record({
    commit: fc.integer({ min: 1, max: 12 }),
    side: fc.constantFrom('before' as const, 'after' as const),
  }),
  { minLength: 1, maxLength: 5 },
);

describe('any tree of operators that a store keeps', () => {
  it.each([true, false])(
    'gives what it gives without one (which answers at once: %s)',
    { timeout },
    (instant) =>
      forAny(anyCase, async (one) => {
        const tree = untimed(steady(one.tree));
        const { events } = await livesOf(making(tree), one.input, [], { instant });
        return [...checkEvents(events), ...differs(await endOf(tree, one.input), events.at(-1))];
      }),
  );

  it('comes to the same end, however often it is killed', { timeout }, () =>
    forAny(anyCase, async (one, crashes) => {
      const tree = untimed(steady(one.tree));
      const { events } = await livesOf(making(tree), one.input, crashes, { instant: false, downMs: 0 });
      return [...checkEvents(events), ...differs(await endOf(tree, one.input), events.at(-1))];
    }),
  );

  it('keeps the laws of events, and ends, however often it is killed, under any policies', { timeout }, () =>
    forAny(anyPolicedCase, async (one, crashes) => {
      const tree = steady(one.tree);
      const { events } = await livesOf(making(tree), one.input, crashes, { instant: false, downMs: 3 });
      return checkEvents(events);
    }),
  );
});

/** Checks many cases. What is wrong with the smallest that fails is told as text: comparing for a diff is slow. */
function forAny(
  cases: fc.Arbitrary<Case>,
  check: (one: Case, crashes: readonly Crash[]) => Promise<readonly string[]>,
): Promise<void> {
  const property = fc.asyncProperty(cases, crashes, async (one, crashes) => {
    const wrong = await check(one, crashes);
    if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'));
  });
  return fc.assert(property, { numRuns, seed });
}

const making = (tree: Tree) => (_: unknown, scheduler: TestScheduler) => build(tree, new World(scheduler));

/** How a run ends that nobody keeps. */
async function endOf(tree: Tree, input: number): Promise<RunEvent | undefined> {
  const scheduler = new TestScheduler(() => {});
  let last: RunEvent | undefined;
  run(build(tree, new World(scheduler)), input, { scheduler }).subscribe((event) => {
    last = event;
  });
  await settle(scheduler, () => false);
  return last;
}

function differs(meant: RunEvent | undefined, was: RunEvent | undefined): string[] {
  const [one, other] = [outcomeOf(meant), outcomeOf(was)];
  return one === other ? [] : [`it ends in ${other}, and should in ${one}`];
}

function outcomeOf(event: RunEvent | undefined): string {
  return event?.type === 'run.completed' ? `${event.type} ${event.output}` : `${event?.type}`;
}

/** The same tree with bodies that end, do the same each time, and tell no costs late, as what is told in one life is lost in another. */
function steady(tree: Tree): Tree {
  return JSON.parse(JSON.stringify(mortal(tree)), (key, value: unknown) => {
    if ((key === 'acts' || key === 'producer') && Array.isArray(value)) return value.slice(0, 1);
    return key === 'lateUsd' || key === 'abortUsd' ? undefined : value;
  });
}

/** The same without what depends on how long bodies take, which take longer when they are interrupted. */
function untimed(tree: Tree): Tree {
  return JSON.parse(
    JSON.stringify(tree),
    (_, value: { kind?: string; inner?: unknown; parts?: unknown[] }) => {
      if (value?.kind === 'timeout' || value?.kind === 'cache') return value.inner;
      return value?.kind === 'race' ? value.parts?.[0] : value;
    },
  );
}
