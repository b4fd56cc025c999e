type Adapt = (value: unknown) => unknown;

/** Functions that adapt a value one after another, however many there are. */
export class Adapters {
  readonly #adapt: Adapt;
  readonly #older: Adapters | undefined;
  /** Oldest first; put together when first used. */
  #all: readonly Adapt[] | undefined;

  /** @param older those to which this one comes in addition */
  constructor(adapt: Adapt, older: Adapters | undefined) {
    this.#adapt = adapt;
    this.#older = older;
  }

  /** A value on its way in, which meets first what was added last. */
  inward(value: unknown): unknown {
    return this.#list.reduceRight((adapted, adapt) => adapt(adapted), value);
  }

  /** A value on its way out, which meets last what was added last. */
  outward(value: unknown): unknown {
    return this.#list.reduce((adapted, adapt) => adapt(adapted), value);
  }

  get #list(): readonly Adapt[] {
    this.#all ??= this.#collected();
    return this.#all;
  }

  #collected(): readonly Adapt[] {
    const all: Adapt[] = [];
    for (let one: Adapters | undefined = this; one !== undefined; one = one.#older) all.push(one.#adapt);
    return all.reverse();
  }
}
