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

/** How far a sum of decimal fractions may be off in binary, as a part of it. */
const roundingError = 1e-9;

/** Counts what is spent, here and in every ledger above, and tells when a limit comes near or is passed; each once. */
export class Ledger {
  readonly #parent: Ledger | undefined;
  readonly #limitUsd: number;
  readonly #alertUsd: number;
  readonly #keeper: LedgerKeeper | undefined;
  #spentUsd = 0;
  #alerted = false;
  #exceeded = false;

  constructor(budget?: Budget, keeper?: LedgerKeeper, parent?: Ledger) {
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
    for (let ledger: Ledger | undefined = this; ledger !== undefined; ledger = ledger.#parent)
      ledger.#spentUsd += usd;
  }

  /** Tells whose limit has come near or been passed, here and above; each once. */
  check(): void {
    for (let ledger: Ledger | undefined = this; ledger !== undefined; ledger = ledger.#parent)
      ledger.#checkLimit();
  }

  #checkLimit(): void {
    if (!this.#alerted && this.#spentUsd >= this.#alertUsd) {
      this.#alerted = true;
      this.#keeper?.budgetAlert(this.#spentUsd, this.#limitUsd);
    }
    if (!this.#exceeded && this.#spentUsd > this.#limitUsd * (1 + roundingError)) {
      this.#exceeded = true;
      this.#keeper?.budgetExceeded(this.#spentUsd, this.#limitUsd);
    }
  }
}

/** Refuses a budget that is not an amount of dollars with a fraction from 0 to 1. */
export function checkBudget(budget: Budget, what: string): Budget {
  const { usd, alertAt = 0.8 } = budget;
  if (!(usd >= 0)) throw new DefinitionError(`${what}: a budget of ${usd} is not an amount of dollars`);
  if (!(alertAt >= 0 && alertAt <= 1))
    throw new DefinitionError(`${what}: alertAt ${alertAt} is not from 0 to 1`);
  return budget;
}
