import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyWaitingCase, type Case } from './any-case.ts';
import { build } from './build.ts';
import { scoreOf, undisturbed } from './hits.ts';
import { endOf, judge } from './judge.ts';
import { foretell, type Outcome } from './model.ts';
import { type Play, play } from './play.ts';
import { type Make, subject } from './subject.ts';

const numRuns = Number(process.env.TUTTI_PROPERTY_RUNS ?? 300);
const seed = Number(process.env.TUTTI_PROPERTY_SEED ?? 20_260);

/** What is wrong with a case: a sentence each. */
type Check = (one: Case) => readonly string[];

describe('any tree of operators', () => {
  it('keeps the promises, and does what its operators mean', { timeout: 600_000 }, () => {
    let foretold = 0;
    forAny((one) => {
      const expected = foretell(one.tree, one.input);
      if (expected !== undefined) foretold++;
      const played = play(making(one));
      return [...unexpected(played, expected), ...undisturbed(played)];
    });
    // The model has to say something of most, or the comparison says nothing.
    expect(foretold).toBeGreaterThan(numRuns / 2);
  });

  it('keeps the promises wherever it is cut or cancelled', { timeout: 600_000 }, () => {
    forAny((one) => {
      const played = play(making(one));
      const scores = one.hits.map((hit) => scoreOf(hit, played));
      return scores.flatMap((score) =>
        judge(play(making(one), score), score).map((wrong) => `${wrong} -- ${JSON.stringify(score)}`),
      );
    });
  });

  it('tells the same whenever it is run', { timeout: 600_000 }, () => {
    forAny((one) => {
      const told = JSON.stringify(play(making(one)).events);
      const same = [{}, { as: 'start' } as const].map((score) =>
        JSON.stringify(play(making(one), score).events),
      );
      return same.every((again) => again === told) ? [] : [told, ...same];
    });
  });
});

/** Checks many cases. What is wrong with the smallest that fails is told as text: comparing for a diff is slow. */
function forAny(check: Check): void {
  const property = fc.property(anyWaitingCase, (one) => {
    const wrong = check(one);
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  });
  fc.assert(property, { numRuns, seed });
}

const making =
  ({ tree, input }: Case): Make =>
  (world) =>
    subject(build(tree, world), input);

function unexpected(played: Play, expected: Outcome | undefined): string[] {
  if (expected === undefined) return [];
  const was = JSON.stringify(summary(played));
  const meant = JSON.stringify(summaryOf(expected));
  return was === meant ? [] : [`it should be ${meant}, and is ${was}`];
}

/** How a run ended. */
function summary({ events, notification }: Play): object {
  const last = events.at(-1);
  if (notification === 'none' || last === undefined || !('durationMs' in last)) return { end: 'never' };
  const end = round(last.durationMs);
  return { type: endOf(events), end, ...(last.type === 'run.completed' ? { output: last.output } : {}) };
}

function summaryOf({ end, ok, value }: Outcome): object {
  if (end === Number.POSITIVE_INFINITY) return { end: 'never' };
  return ok
    ? { type: 'run.completed', end: round(end), output: value }
    : { type: 'run.failed', end: round(end) };
}

const round = (time: number): number => Math.round(time * 1e6) / 1e6;
