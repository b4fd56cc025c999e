import type { Cost, OutputSource } from '../../src/core/events.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import type { Owner, Spender } from '../../src/core/owner.ts';
import type { Facts } from '../../src/core/scope.ts';

/** Who hedges the first attempt of a step. */
export interface Hedging {
  /** It has begun to answer. Gives whether it is still wanted. */
  answering(): boolean;
  /** It would be tried again. Gives whether it may. */
  mayRetry(error: unknown): boolean;
  /** It is being tried again. */
  retried(): void;
}

/** The step, as what runs in its own place sees it while others may take that one's place. */
export class FirstAttempt implements Owner {
  readonly #step: Owner;
  readonly #hedging: Hedging;

  constructor(step: Owner, hedging: Hedging) {
    this.#step = step;
    this.#hedging = hedging;
  }

  get id(): string {
    return this.#step.id;
  }

  get path(): string {
    return this.#step.path;
  }

  get owner(): Owner | undefined {
    return this.#step.owner;
  }

  get attempt(): number {
    return this.#step.attempt;
  }

  get readsAs(): number {
    return this.#step.readsAs;
  }

  tell(facts: Facts): void {
    this.#step.tell(facts);
  }

  partial(chunk: unknown): void {
    if (this.#hedging.answering()) this.#step.partial(chunk);
  }

  streamed(chunk: unknown): void {
    if (this.#hedging.answering()) this.#step.streamed(chunk);
  }

  cost(cost: Cost, by: Spender, late: boolean, ledger: Ledger): void {
    this.#step.cost(cost, by, late, ledger);
  }

  get open(): boolean {
    return this.#step.open;
  }

  interrupted(): boolean {
    return this.#step.interrupted();
  }

  absorb(usd: number): void {
    this.#step.absorb(usd);
  }

  retracted(): void {
    this.#step.retracted();
  }

  mayRetry(error: unknown): boolean {
    return this.#hedging.mayRetry(error) && this.#step.mayRetry(error);
  }

  retrying(error: unknown, delayMs: number): void {
    this.#step.retrying(error, delayMs);
  }

  restarted(repeats?: boolean): void {
    this.#step.restarted(repeats);
    this.#hedging.retried();
  }

  get source(): OutputSource {
    return this.#step.source;
  }

  cameFrom(source: OutputSource): void {
    this.#step.cameFrom(source);
  }
}
