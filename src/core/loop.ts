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

  get running(): boolean {
    return this.#running;
  }

  push(work: Advancing): void {
    this.#stack.push(work);
    if (!this.#running) this.#drain();
  }

  #drain(): void {
    this.#running = true;
    for (let work = this.#stack.pop(); work !== undefined; work = this.#stack.pop()) work.advance();
    this.#running = false;
  }
}
