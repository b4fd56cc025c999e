/** Something that is sent to a run from outside, such as an answer that it waits for. */
export interface Signal {
  readonly name: string;
  readonly payload?: unknown;
  /** How a store counts it. */
  readonly number?: number;
}

/** What somebody decided. */
export interface Decision {
  readonly approved: boolean;
  readonly by?: string;
  readonly comment?: string;
}

/** Who waits for a signal. */
export type Taker = (signal: Signal) => void;

/** The signals of a run: each goes to one who waits for its name, the first come first, or is kept for who will. */
export class Mailbox {
  readonly #kept = new Map<string, Signal[]>();
  readonly #takers = new Map<string, Set<Taker>>();

  /** Hands a signal to who waits for it, or keeps it. */
  deliver(signal: Signal): void {
    const [taker] = this.#takers.get(signal.name) ?? [];
    if (taker === undefined) {
      const kept = this.#kept.get(signal.name) ?? [];
      this.#kept.set(signal.name, [...kept, signal]);
    } else {
      this.#leave(signal.name, taker);
      taker(signal);
    }
  }

  /** Takes the next signal of a name, now or when it comes. Gives a function that stops waiting. */
  take(name: string, taker: Taker): () => void {
    const [first, ...others] = this.#kept.get(name) ?? [];
    if (first === undefined) return this.#join(name, taker);
    if (others.length > 0) this.#kept.set(name, others);
    else this.#kept.delete(name);
    taker(first);
    return () => {};
  }

  #join(name: string, taker: Taker): () => void {
    const takers = this.#takers.get(name) ?? new Set();
    this.#takers.set(name, takers.add(taker));
    return () => this.#leave(name, taker);
  }

  #leave(name: string, taker: Taker): void {
    const takers = this.#takers.get(name);
    takers?.delete(taker);
    if (takers?.size === 0) this.#takers.delete(name);
  }
}
