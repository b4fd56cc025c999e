import { filter, type OperatorFunction, scan } from 'rxjs';
import type { RunEvent, StepCost } from '../../src/core/events.ts';

/** How many tokens were counted. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
  /** Those of the input that a provider had cached. */
  readonly cachedInput: number;
}

/** What was spent on something. */
export interface Spending {
  readonly totalUsd: number;
  readonly tokens: Tokens;
}

/** Spending by name. */
export type SpendingBy = Readonly<Record<string, Spending>>;

/**
 * What has been spent up to a cost: a value that never changes. What it was spent on is put together when first read,
 * so that following the costs of any number of runs takes the same time per cost, and memory by the number of names.
 */
export class CostTotals implements Spending {
  readonly totalUsd: number;
  readonly tokens: Tokens;
  readonly #shares: Shares;
  readonly #recent: Link | undefined;
  #all: Shares | undefined;
  #read: Map<Names, SpendingBy> | undefined;

  /** @internal */
  constructor(total: Spending, shares: Shares, recent: Link | undefined) {
    this.totalUsd = total.totalUsd;
    this.tokens = total.tokens;
    this.#shares = shares;
    this.#recent = recent;
  }

  /** By the id of the step that told of it. */
  get byStep(): SpendingBy {
    return this.#by('step');
  }

  /** Costs that name a provider, by it. */
  get byProvider(): SpendingBy {
    return this.#by('provider');
  }

  /** Costs that name a model, by it. */
  get byModel(): SpendingBy {
    return this.#by('model');
  }

  /** Everything of it as plain data. */
  toJSON(): object {
    const { totalUsd, tokens, byStep, byProvider, byModel } = this;
    return { totalUsd, tokens, byStep, byProvider, byModel };
  }

  /** The totals after one more cost. */
  after(cost: StepCost): CostTotals {
    const recent = this.#recent;
    const count = (recent?.count ?? 0) + 1;
    // Once there are as many as it takes to copy the shares, they are added up and forgotten.
    if (recent === undefined || count <= this.#shares.size + 16)
      return new CostTotals(plus(this, cost), this.#shares, { cost, count, before: recent });
    return new CostTotals(plus(this, cost), this.#sharesNow(), { cost, count: 1, before: undefined });
  }

  #by(names: Names): SpendingBy {
    this.#read ??= new Map();
    const spending = this.#read.get(names) ?? Object.fromEntries(this.#sharesNow()[names]);
    this.#read.set(names, spending);
    return spending;
  }

  #sharesNow(): Shares {
    this.#all ??= this.#recent === undefined ? this.#shares : this.#shares.with(this.#recent);
    return this.#all;
  }
}

/** One link of the costs that are not in the shares yet; the newest first. */
interface Link {
  readonly cost: StepCost;
  readonly count: number;
  readonly before: Link | undefined;
}

type Names = 'step' | 'provider' | 'model';

/** Spending by all that it may be told apart by; never changed once made. */
class Shares {
  readonly step: Map<string, Spending>;
  readonly provider: Map<string, Spending>;
  readonly model: Map<string, Spending>;

  constructor(before?: Shares) {
    this.step = new Map(before?.step);
    this.provider = new Map(before?.provider);
    this.model = new Map(before?.model);
  }

  get size(): number {
    return this.step.size + this.provider.size + this.model.size;
  }

  with(recent: Link): Shares {
    const newestFirst: StepCost[] = [];
    for (let link: Link | undefined = recent; link !== undefined; link = link.before)
      newestFirst.push(link.cost);
    const shares = new Shares(this);
    for (const cost of newestFirst.reverse())
      for (const by of ['step', 'provider', 'model'] satisfies Names[]) shares.#add(by, cost);
    return shares;
  }

  #add(by: Names, cost: StepCost): void {
    const name = cost[by];
    if (name !== undefined) this[by].set(name, plus(this[by].get(name) ?? nothing, cost));
  }
}

const nothing: Spending = { totalUsd: 0, tokens: { input: 0, output: 0, cachedInput: 0 } };

const nothingSpent = new CostTotals(nothing, new Shares(), undefined);

function plus({ totalUsd, tokens }: Spending, cost: StepCost): Spending {
  return {
    totalUsd: totalUsd + cost.usd,
    tokens: {
      input: tokens.input + (cost.inputTokens ?? 0),
      output: tokens.output + (cost.outputTokens ?? 0),
      cachedInput: tokens.cachedInput + (cost.cachedInputTokens ?? 0),
    },
  };
}

/**
 * What has been spent so far, with each cost that is told.
 *
 * events$    (R>)--(cost .5)--(retrying)--(cost .25)--(late cost 1)--(R|)
 * costs()    ------(.5)-------------------(.75)-------(1.75)-------------|
 *
 * Costs of failed attempts, fallbacks and cancelled branches count, and late ones too.
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run or of many, and adds them all up; of each run for itself, with {@link perRun}.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { costs } from 'tutti/operators';
 *
 * const ask = step('ask', (question: string, { cost }) => {
 *   cost({ usd: 0.002, provider: 'openai', model: 'gpt-4', inputTokens: question.length });
 *   return 'because';
 * });
 * run(ask, 'Why?')
 *   .pipe(costs())
 *   .subscribe(({ totalUsd, byModel }) => console.log(totalUsd, byModel['gpt-4']?.tokens.input)); // 0.002 4
 * ```
 */
export function costs(): OperatorFunction<RunEvent, CostTotals> {
  return (events$) =>
    events$.pipe(
      filter((event) => event.type === 'step.cost'),
      scan((totals, cost) => totals.after(cost), nothingSpent),
    );
}
