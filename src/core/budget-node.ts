import { Cancellation } from './cancellation.ts';
import { BudgetExceededError, DefinitionError } from './errors.ts';
import type { Frame, Node } from './frame.ts';
import { type Budget, Ledger, type LedgerKeeper } from './ledger.ts';
import { PolicyFrame, PolicyNode } from './policy-frame.ts';
import type { Facts, Scope } from './scope.ts';

/** A budget, and what its inside is expected to cost, by its input. */
interface BudgetPlan {
  /** Whose budget it is. */
  readonly id: string;
  readonly budget: Budget;
  readonly estimate: ((input: never) => number) | undefined;
}

/** Limits what its inside may cost, at the place of whatever it is in. */
export class BudgetNode extends PolicyNode<BudgetPlan> {
  /** @param estimate what it is expected to cost, in US dollars: not begun where less is left */
  constructor(id: string, budget: Budget, inside: Node, estimate?: (input: never) => number) {
    super(inside, { id, budget, estimate }, BudgetFrame);
  }

  /** The same budget around something else. */
  around(inside: Node): BudgetNode {
    const { id, budget, estimate } = this.options;
    return new BudgetNode(id, budget, inside, estimate);
  }
}

class BudgetFrame extends PolicyFrame<BudgetPlan> implements LedgerKeeper {
  readonly #ledger: Ledger;
  readonly #inner: Scope;

  constructor(node: PolicyNode<BudgetPlan>, parent: Frame, path: string, slot: number) {
    super(node, parent, path, slot);
    this.#ledger = new Ledger(node.options.budget, this, this.scope.ledger);
    this.#inner = this.scope.with({ ledger: this.#ledger });
  }

  override scopeOfChildren(): Scope {
    return this.#inner;
  }

  override begin(input: unknown): void {
    const { estimate, id } = this.options;
    if (estimate === undefined) return super.begin(input);
    const usd = estimate(input as never);
    if (!(usd >= 0)) throw new DefinitionError(`${id}: an estimate of ${usd} is not an amount of dollars`);
    const short = this.#ledger.setAside(usd);
    if (short === undefined) super.begin(input);
    else this.fail(new BudgetExceededError(short.expectedUsd, short.limitUsd, usd));
  }

  override settling(): void {
    this.#ledger.giveBack();
  }

  override stop(): void {
    this.#ledger.giveBack();
  }

  budgetAlert(spentUsd: number, limitUsd: number): void {
    if (this.active) this.#tell({ type: 'budget.alert', spentUsd, limitUsd });
  }

  budgetExceeded(spentUsd: number, limitUsd: number): void {
    if (!this.active) return;
    this.#tell({ type: 'budget.exceeded', spentUsd, limitUsd });
    // A cost may be told in a teardown, which has to be done first.
    this.scope.loop.whenUnwound(() => {
      if (!this.active) return;
      const error = new BudgetExceededError(spentUsd, limitUsd);
      this.cancelChildren(new Cancellation(error.message, error));
      this.fail(error);
    });
  }

  /** Not by the owner, which between two attempts would begin the next in order to tell. */
  #tell(facts: Facts): void {
    const { path, id, attempt } = this.owner ?? { path: this.path, id: this.options.id, attempt: 1 };
    this.scope.tell(path, id, attempt, facts);
  }
}
