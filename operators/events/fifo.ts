/** A queue: what is put in first is taken out first, at the same price however long it is. */
export class Fifo<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  put(value: T): void {
    const link: Link<T> = { value, next: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    this.#size++;
  }

  /** Only while there is something in it. */
  take(): T {
    const { value, next } = this.#first as Link<T>;
    this.#first = next;
    if (next === undefined) this.#last = undefined;
    this.#size--;
    return value;
  }

  clear(): void {
    this.#first = undefined;
    this.#last = undefined;
    this.#size = 0;
  }
}

interface Link<T> {
  readonly value: T;
  next: Link<T> | undefined;
}
