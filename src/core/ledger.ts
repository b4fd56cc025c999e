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

/** Counts what is spent, here and in every ledger above, and tells when a limit comes near or is passed; each once. */
export class Ledger {
  readonly #parent: Ledger | undefined;
  readonly #limitUsd: number;
  readonly #alertUsd: number;
  /** Who is told. */
  keeper: LedgerKeeper | undefined;
  #spentUsd = 0;
  #alerted = false;
  #exceeded = false;

  constructor(budget?: Budget, parent?: Ledger) {
    this.#limitUsd = budget?.usd ?? Number.POSITIVE_INFINITY;
    this.#alertUsd = this.#limitUsd * (budget?.alertAt ?? 0.8);
    this.#parent = parent;
  }

  get spentUsd(): number {
    return this.#spentUsd;
  }

  /** Counts `usd` more dollars. */
  add(usd: number): void {
    this.#spentUsd += usd;
    if (!this.#alerted && this.#spentUsd >= this.#alertUsd) {
      this.#alerted = true;
      this.keeper?.budgetAlert(this.#spentUsd, this.#limitUsd);
    }
    if (!this.#exceeded && this.#spentUsd > this.#limitUsd) {
      this.#exceeded = true;
      this.keeper?.budgetExceeded(this.#spentUsd, this.#limitUsd);
    }
    this.#parent?.add(usd);
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
