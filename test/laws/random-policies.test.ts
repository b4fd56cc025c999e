import fc from 'fast-check';
import { type RunEvent, run } from 'tutti';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { anyPolicedCase, type Case } from './any-case.ts';
import { buildWith } from './build.ts';
import { scoreOf, undisturbed } from './hits.ts';
import { judge } from './judge.ts';
import { judgeHedges } from './judge-hedges.ts';
import { judgeSagas } from './judge-sagas.ts';
import { play, type Score } from './play.ts';
import type { PoliciesMade } from './policies-made.ts';
import { type Make, subject } from './subject.ts';
import { mortal, type Tree } from './tree.ts';
import { inVirtualTime, World } from './world.ts';

const numRuns = Number(process.env.TUTTI_PROPERTY_RUNS ?? 100);
const seed = Number(process.env.TUTTI_PROPERTY_SEED ?? 20_261);
const timeout = 600_000;

describe('any tree of operators under policies in any order', () => {
  it('keeps the promises of runs and of sagas', { timeout }, () => {
    let ended = 0;
    forAny((one) => {
      const played = play(making(one));
      if (played.notification === 'complete') ended++;
      return [...undisturbed(played), ...judgeSagas(played.events), ...judgeHedges(played.events)];
    });
    expect(ended).toBeGreaterThan(numRuns / 2);
  });

  it('keeps them wherever it is cut or cancelled', { timeout }, () => {
    forAny((one) => {
      const played = play(making(one));
      return one.hits
        .map((hit) => scoreOf(hit, played))
        .flatMap((score) => {
          const hit = play(making(one), score);
          const sagas = hit.cut ? [] : judgeSagas(hit.events);
          return [...judge(hit, score), ...sagas].map((wrong) => `${wrong} -- ${JSON.stringify(score)}`);
        });
    });
  });

  it('ends, and tells the same whenever it is run, if its bodies end', { timeout }, () => {
    forAny((one) => {
      const make = making({ ...one, tree: mortal(one.tree) });
      const { events, notification } = play(make);
      const told = JSON.stringify(events);
      const again = JSON.stringify(play(make, { as: 'start' }).events);
      return [
        ...(notification === 'complete' ? [] : [`it ends in ${notification}`]),
        ...(again === told ? [] : [told, again]),
      ];
    });
  });

  it('leaves its policies as new, and runs again, wherever it is cut or cancelled', { timeout }, () => {
    forAny((one) => {
      const mortals = { ...one, tree: mortal(one.tree) };
      const played = play(making(mortals));
      return one.hits
        .map((hit) => scoreOf({ ...hit, piped: false }, played))
        .flatMap((score) => aftermath(mortals, score).map((wrong) => `${wrong} -- ${JSON.stringify(score)}`));
    });
  });

  it('harms no other run that shares its policies, wherever it is cut', { timeout }, () => {
    forAny((one) => {
      const { length } = beside(one, -1).one;
      return one.hits.flatMap(({ part }) => {
        const cutAt = Math.floor(part * length);
        const { one: cut, other, ended, held } = beside(one, cutAt);
        return [
          ...checkEvents(cut, { cut: true }),
          ...checkEvents(other),
          ...judgeSagas(other),
          ...held,
          ...(ended ? [] : ['the other does not end']),
        ].map((wrong) => `${wrong} -- cut at ${cutAt}`);
      });
    });
  });

  it('has paths that do not depend on timing', { timeout }, () => {
    forAny((one) => {
      const trees = [mortal(one.tree), slowed(one.tree)].map((tree) => ({ ...one, tree }));
      const [before, after] = trees.map((each) => play(making(each)).events);
      return namesDiffer(before ?? [], after ?? []);
    });
  });
});

/** Checks many cases. What is wrong with the smallest that fails is told as text: comparing for a diff is slow. */
function forAny(check: (one: Case) => readonly string[]): void {
  const property = fc.property(anyPolicedCase, (one) => {
    const wrong = check(one);
    if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'));
  });
  fc.assert(property, { numRuns, seed });
}

const making =
  ({ tree, input }: Case, made: (policies: PoliciesMade) => void = () => {}): Make =>
  (world) => {
    const { step, policies } = buildWith(tree, world);
    made(policies);
    return subject(step, input);
  };

/** What is wrong with the policies after a run that something was done to, and with a second run under the same. */
function aftermath(one: Case, score: Score): string[] {
  let policies: PoliciesMade | undefined;
  const make = making(one, (made) => {
    policies = made;
  });
  return play(make, score, (world, again) => {
    const events: RunEvent[] = [];
    again.run({ runId: 'again', random: () => 0.5 }).subscribe((event) => events.push(event));
    world.advance();
    return [...checkEvents(events).map((wrong) => `again: ${wrong}`), ...(policies?.leftOver() ?? [])];
  }).held.slice();
}

/** Two runs of the same steps at the same time, of which one is unsubscribed at an event. */
function beside({ tree, input }: Case, cutAt: number) {
  return inVirtualTime((scheduler) => {
    const world = new World(scheduler);
    const { step } = buildWith(mortal(tree), world);
    const one: RunEvent[] = [];
    const other: RunEvent[] = [];
    let ended = false;
    const cut = run(step, input, { runId: 'one', random: () => 0.5 }).subscribe((event) => one.push(event));
    run(step, input, { runId: 'other', random: () => 0.5 }).subscribe({
      next: (event) => other.push(event),
      complete: () => {
        ended = true;
      },
    });
    world.advance(Number.POSITIVE_INFINITY, () => cutAt >= 0 && one.length > cutAt);
    if (cutAt >= 0) cut.unsubscribe();
    world.advance();
    return { one, other, ended, held: world.held() };
  });
}

/** The same tree with bodies that take longer, each in its own way. */
function slowed(tree: Tree): Tree {
  let nth = 0;
  return JSON.parse(JSON.stringify(mortal(tree)), (key, value: unknown) =>
    key === 'ms' && typeof value === 'number' ? value * (1 + (nth++ % 3)) : value,
  );
}

/** Paths that are one step's in one run and another's in another. */
function namesDiffer(before: readonly RunEvent[], after: readonly RunEvent[]): string[] {
  const names = new Map<string, string>();
  return [...before, ...after].flatMap(({ path, step }) => {
    const name = names.get(path) ?? step;
    names.set(path, name);
    return name === step ? [] : [`${path} is ${name} and ${step}`];
  });
}
