import { BudgetExceededError } from './errors.ts';
import { Frame, type Node } from './frame.ts';
import { type Budget, Ledger, type LedgerKeeper } from './ledger.ts';
import type { Facts, Scope } from './scope.ts';

/** Limits what its inside may cost, at the place of whatever it is in. */
export class BudgetNode implements Node {
  readonly name = '';
  /** Whose budget it is. */
  readonly id: string;
  readonly budget: Budget;
  readonly inside: Node;

  constructor(id: string, budget: Budget, inside: Node) {
    this.id = id;
    this.budget = budget;
    this.inside = inside;
  }

  frame(parent: Frame, path: string, slot: number): Frame {
    return new BudgetFrame(this, parent, path, slot);
  }
}

class BudgetFrame extends Frame implements LedgerKeeper {
  readonly #node: BudgetNode;
  readonly #inner: Scope;

  constructor(node: BudgetNode, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#node = node;
    this.#inner = this.scope.with({ ledger: new Ledger(node.budget, this, this.scope.ledger) });
  }

  override scopeOfChildren(): Scope {
    return this.#inner;
  }

  begin(input: unknown): void {
    this.spawn(this.#node.inside, input);
  }

  budgetAlert(spentUsd: number, limitUsd: number): void {
    if (this.active) this.#tell({ type: 'budget.alert', spentUsd, limitUsd });
  }

  budgetExceeded(spentUsd: number, limitUsd: number): void {
    if (!this.active) return;
    this.#tell({ type: 'budget.exceeded', spentUsd, limitUsd });
    // A cost may be told in a teardown, which has to be done first.
    this.scope.loop.whenUnwound(() => this.fail(new BudgetExceededError(spentUsd, limitUsd)));
  }

  #tell(facts: Facts): void {
    if (this.owner === undefined) this.scope.tell(this.path, this.#node.id, 1, facts);
    else this.owner.tell(facts);
  }
}
