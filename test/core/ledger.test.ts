import fc from 'fast-check';
import { type Budget, DefinitionError } from 'tutti';
import { describe, expect, it } from 'vitest';
import { checkBudget, Ledger, type LedgerKeeper } from '../../src/core/ledger.ts';

/** A keeper that notes what it is told. */
function keeping(name = '') {
  const notes: string[] = [];
  const note = (what: string) => (spent: number, limit: number) =>
    notes.push(`${name}${what} ${spent} of ${limit}`);
  const keeper: LedgerKeeper = { budgetAlert: note('alert'), budgetExceeded: note('exceeded') };
  return { notes, keeper };
}

/** Adds amounts one by one, checking after each. */
function spend(ledger: Ledger, ...amounts: readonly number[]): void {
  for (const usd of amounts) {
    ledger.add(usd);
    ledger.check();
  }
}

describe('Ledger', () => {
  it('counts, without a limit', () => {
    const ledger = new Ledger();
    spend(ledger, 1, 2, 0, 0.5);
    expect(ledger.spentUsd).toBe(3.5);
  });

  it('counts in every ledger above', () => {
    const top = new Ledger();
    const middle = new Ledger({ usd: 9 }, undefined, top);
    const [left, right] = [
      new Ledger(undefined, undefined, middle),
      new Ledger({ usd: 9 }, undefined, middle),
    ];
    left.add(1);
    right.add(2);
    middle.add(4);
    expect([left, right, middle, top].map(({ spentUsd }) => spentUsd)).toEqual([1, 2, 7, 7]);
  });

  it('tells once when a limit comes near, and once when it is passed', () => {
    const { notes, keeper } = keeping();
    const ledger = new Ledger({ usd: 10 }, keeper);
    spend(ledger, 7);
    expect(notes).toEqual([]);
    spend(ledger, 1);
    expect(notes).toEqual(['alert 8 of 10']);
    spend(ledger, 2);
    expect(notes).toHaveLength(1);
    spend(ledger, 1, 1);
    expect(notes).toEqual(['alert 8 of 10', 'exceeded 11 of 10']);
  });

  it('tells of both when both come at once', () => {
    const { notes, keeper } = keeping();
    spend(new Ledger({ usd: 1, alertAt: 1 }, keeper), 5);
    expect(notes).toEqual(['alert 5 of 1', 'exceeded 5 of 1']);
  });

  it('tells nothing before it is asked to check', () => {
    const { notes, keeper } = keeping();
    const ledger = new Ledger({ usd: 1 }, keeper);
    ledger.add(5);
    expect(notes).toEqual([]);
    ledger.check();
    expect(notes).toHaveLength(2);
  });

  it('tells the keepers of all limits above, the innermost first', () => {
    const [outer, inner] = [keeping('outer '), keeping('inner ')];
    const notes: string[] = [];
    outer.notes.push = inner.notes.push = (...more) => notes.push(...more);
    const top = new Ledger({ usd: 3 }, outer.keeper);
    const low = new Ledger({ usd: 1 }, inner.keeper, top);
    spend(low, 2);
    expect(notes).toEqual(['inner alert 2 of 1', 'inner exceeded 2 of 1']);
    spend(low, 2);
    expect(notes.slice(2)).toEqual(['outer alert 4 of 3', 'outer exceeded 4 of 3']);
  });

  it('lets any number of parts of a cent add up to the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 999 }), (count, mills) => {
        const { notes, keeper } = keeping();
        const ledger = new Ledger({ usd: (count * mills) / 1000, alertAt: 1 }, keeper);
        spend(ledger, ...Array.from({ length: count }, () => mills / 1000));
        expect(notes.filter((note) => note.startsWith('exceeded'))).toEqual([]);
        spend(ledger, 0.001);
        expect(notes.filter((note) => note.startsWith('exceeded'))).toHaveLength(1);
      }),
    );
  });
});

describe('checkBudget', () => {
  it.each<Budget>([{ usd: 0 }, { usd: 1 }, { usd: 1, alertAt: 0 }, { usd: 1, alertAt: 1 }])(
    'gives back %j',
    (budget) => {
      expect(checkBudget(budget, 'x')).toBe(budget);
    },
  );

  it.each<[Budget, string]>([
    [{ usd: -1 }, 'x: a budget of -1 is not an amount of dollars'],
    [{ usd: Number.NaN }, 'x: a budget of NaN is not an amount of dollars'],
    [{ usd: 1, alertAt: 80 }, 'x: alertAt 80 is not from 0 to 1'],
    [{ usd: 1, alertAt: -1 }, 'x: alertAt -1 is not from 0 to 1'],
  ])('refuses %j', (budget, message) => {
    expect(() => checkBudget(budget, 'x')).toThrow(DefinitionError);
    expect(() => checkBudget(budget, 'x')).toThrow(message);
  });
});
