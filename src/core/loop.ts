/** Something that can go one bit further. */
export interface Advancing {
  advance(): void;
}

/**
 * The trampoline of a run: what is pushed goes on in the same turn, last in first out, so that work nests in order
 * as calls would, but without a stack that could overflow.
 */
export class Loop {
  readonly #stack: Advancing[] = [];
  #running = false;
  #unwinding = 0;
  #deferred: (() => void)[] | undefined;

  get running(): boolean {
    return this.#running;
  }

  push(work: Advancing): void {
    this.#stack.push(work);
    if (!this.#running) this.#drain();
  }

  /** Pushes something that goes on after what was pushed last. */
  pushBelow(work: Advancing): void {
    const last = this.#stack.pop();
    this.#stack.push(work);
    if (last !== undefined) this.#stack.push(last);
    if (!this.#running) this.#drain();
  }

  /** Does something that comes from outside, and then what it pushed. */
  enter(work: () => void): void {
    if (this.#running) return work();
    this.#running = true;
    try {
      work();
    } finally {
      this.#drain();
    }
  }

  /** Does something that ends what runs: what must not come in between waits until it is done. */
  unwind<T>(work: () => T): T {
    this.#unwinding++;
    try {
      return work();
    } finally {
      if (--this.#unwinding === 0) this.#workOffDeferred();
    }
  }

  /** Calls back at once, or when the unwinding that is under way is done. */
  whenUnwound(callback: () => void): void {
    if (this.#unwinding === 0) callback();
    else {
      this.#deferred ??= [];
      this.#deferred.push(callback);
    }
  }

  #workOffDeferred(): void {
    while (this.#deferred?.length) this.#deferred.shift()?.();
  }

  #drain(): void {
    this.#running = true;
    try {
      for (let work = this.#stack.pop(); work !== undefined; work = this.#stack.pop()) work.advance();
    } finally {
      this.#running = false;
    }
  }
}
