/** Something that can go one bit further. */
export interface Advancing {
  advance(): void;
}

/**
 * The trampoline of a run: what is pushed goes on in the same turn, last in first out, so that work nests in order
 * as calls would, but without a stack that could overflow.
 */
export class Loop {
  /** What goes on next, on top of the others: there is seldom more than one. */
  private top: Advancing | undefined = undefined;
  private others: Advancing[] | undefined = undefined;
  /** Something goes on in it. */
  running = false;
  private unwinding = 0;
  private deferred: (() => void)[] | undefined = undefined;

  push(work: Advancing): void {
    if (this.top !== undefined) this.putAside(this.top);
    this.top = work;
    if (!this.running) this.drain();
  }

  /** Pushes something that goes on after what was pushed last. */
  pushBelow(work: Advancing): void {
    const last = this.top;
    if (last === undefined) return this.push(work);
    this.putAside(work);
  }

  /** Pushes something that goes on when nothing else is left to do in this turn. */
  pushLast(work: Advancing): void {
    if (this.top === undefined) {
      this.push(work);
      return;
    }
    this.others ??= [];
    this.others.unshift(work);
  }

  private putAside(work: Advancing): void {
    this.others ??= [];
    this.others.push(work);
  }

  /** Does something that comes from outside, and then what it pushed. */
  enter(work: () => void): void {
    if (this.running) return work();
    this.running = true;
    try {
      work();
    } finally {
      this.drain();
    }
  }

  /** Does something that ends what runs: what must not come in between waits until it is done. */
  unwind<T>(work: () => T): T {
    this.unwinding++;
    try {
      return work();
    } finally {
      if (--this.unwinding === 0) this.workOffDeferred();
    }
  }

  /** Calls back at once, or when the unwinding that is under way is done. */
  whenUnwound(callback: () => void): void {
    if (this.unwinding === 0) callback();
    else {
      this.deferred ??= [];
      this.deferred.push(callback);
    }
  }

  private workOffDeferred(): void {
    while (this.deferred?.length) this.deferred.shift()?.();
  }

  private drain(): void {
    this.running = true;
    this.goOn();
  }

  /** Goes on with what was pushed while something ran in it. */
  goOn(): void {
    if (this.top !== undefined) this.workOff();
    this.running = false;
  }

  private workOff(): void {
    try {
      for (let work = this.top; work !== undefined; work = this.top) {
        this.top = this.others?.pop();
        work.advance();
      }
    } finally {
      this.running = false;
    }
  }
}
