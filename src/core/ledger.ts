import { checkOptions } from './check-given.ts';
import { DefinitionError } from './errors.ts';

/** How much may be spent, in US dollars, and the fraction of it (default 0.8) at which to be told. */
export interface Budget {
  readonly usd: number;
  readonly alertAt?: number;
}

/** What a ledger tells its keeper. */
export interface LedgerKeeper {
  budgetAlert(spentUsd: number, limitUsd: number): void;
  budgetExceeded(spentUsd: number, limitUsd: number): void;
}

/** Who cannot afford an estimate: its limit, and what of it is spent or set aside. */
export interface Shortage {
  readonly expectedUsd: number;
  readonly limitUsd: number;
}

/** How far a sum of decimal fractions may be off in binary, as a part of it. */
const roundingError = 1e-9;

/**
 * Counts what is spent, here and in every ledger above, and tells when a limit comes near or is passed; each once.
 *
 * What something is estimated to cost is set aside, here and above, until it is spent or the estimate withdrawn, so that
 * others who run at the same time do not count on the same money.
 */
export class Ledger {
  readonly #parent: Ledger | undefined;
  readonly #limitUsd: number;
  readonly #alertUsd: number;
  readonly #keeper: LedgerKeeper | undefined;
  #spentUsd: number;
  #estimateUsd = 0;
  /** What is spent here, and what the ledgers below hold, spent or set aside. */
  #expectedUsd: number;
  #alerted = false;
  #exceeded = false;

  /** @param spentUsd what was spent before */
  constructor(budget?: Budget, keeper?: LedgerKeeper, parent?: Ledger, spentUsd = 0) {
    this.#spentUsd = spentUsd;
    this.#expectedUsd = spentUsd;
    this.#limitUsd = budget?.usd ?? Number.POSITIVE_INFINITY;
    this.#alertUsd = this.#limitUsd * (budget?.alertAt ?? 0.8);
    this.#keeper = keeper;
    this.#parent = parent;
  }

  get spentUsd(): number {
    return this.#spentUsd;
  }

  /** Counts `usd` more dollars, here and above. */
  add(usd: number): void {
    let more = usd;
    for (let ledger: Ledger | undefined = this; ledger !== undefined; ledger = ledger.#parent) {
      ledger.#spentUsd += usd;
      more = ledger.#expect(more);
    }
  }

  /**
   * Counts what was spent in an earlier life of the run: here and above, but not in the run's own ledger, which knows of it.
   * Nothing is told, as it has been told.
   */
  restore(usd: number): void {
    let ledger: Ledger = this;
    for (let parent = ledger.#parent; parent !== undefined; ledger = parent, parent = ledger.#parent) {
      ledger.#spentUsd += usd;
      ledger.#expectedUsd += usd;
      ledger.#alerted ||= ledger.#spentUsd >= ledger.#alertUsd;
    }
  }

  /** Tells whose limit has come near or been passed, here and above; each once. */
  check(): void {
    for (let ledger: Ledger | undefined = this; ledger !== undefined; ledger = ledger.#parent)
      ledger.#checkLimit();
  }

  /** Sets `usd` aside for what begins here, if that is left here and above; else says where it is not. */
  setAside(usd: number): Shortage | undefined {
    let more = usd;
    for (let ledger: Ledger | undefined = this; ledger !== undefined; ledger = ledger.#parent) {
      const expectedUsd = ledger.#expectedUsd;
      if (ledger.#isTooMuch(expectedUsd + more)) return { expectedUsd, limitUsd: ledger.#limitUsd };
      more = Math.max(ledger.#estimateUsd, expectedUsd + more) - ledger.#heldUsd;
    }
    this.#estimate(usd);
    return undefined;
  }

  /** Gives back what is left of what was set aside. */
  giveBack(): void {
    if (this.#estimateUsd > 0) this.#estimate(0);
  }

  /** What the ledger above holds for this one. */
  get #heldUsd(): number {
    return Math.max(this.#estimateUsd, this.#expectedUsd);
  }

  #estimate(usd: number): void {
    const before = this.#heldUsd;
    this.#estimateUsd = usd;
    let more = this.#heldUsd - before;
    for (let ledger = this.#parent; ledger !== undefined && more !== 0; ledger = ledger.#parent)
      more = ledger.#expect(more);
  }

  /** Expects `more` dollars; gives how many of them the ledger above has not set aside for this one. */
  #expect(more: number): number {
    const before = this.#heldUsd;
    this.#expectedUsd += more;
    return this.#heldUsd - before;
  }

  #isTooMuch(usd: number): boolean {
    return usd > this.#limitUsd * (1 + roundingError);
  }

  #checkLimit(): void {
    if (!this.#alerted && this.#spentUsd >= this.#alertUsd) {
      this.#alerted = true;
      this.#keeper?.budgetAlert(this.#spentUsd, this.#limitUsd);
    }
    if (!this.#exceeded && this.#isTooMuch(this.#spentUsd)) {
      this.#exceeded = true;
      this.#keeper?.budgetExceeded(this.#spentUsd, this.#limitUsd);
    }
  }
}

/** Refuses a budget that is not an amount of dollars with a fraction from 0 to 1. */
export function checkBudget(budget: Budget, what: string): Budget {
  checkOptions<Budget>(`${what}: budget`, budget, { usd: 'number', alertAt: 'number' });
  const { usd, alertAt = 0.8 } = budget;
  if (!(usd >= 0)) throw new DefinitionError(`${what}: a budget of ${usd} is not an amount of dollars`);
  if (!(alertAt >= 0 && alertAt <= 1))
    throw new DefinitionError(`${what}: alertAt ${alertAt} is not from 0 to 1`);
  return budget;
}
