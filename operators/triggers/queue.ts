/** First in, first out, as cheap when it is long as when it is short. */
export class Queue<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;

  get empty(): boolean {
    return this.#first === undefined;
  }

  push(item: T): void {
    const link: Link<T> = { item, next: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
  }

  /** Takes the first item out, wrapped, so that an item may be `undefined`. */
  take(): { readonly item: T } | undefined {
    const first = this.#first;
    this.#first = first?.next;
    if (this.#first === undefined) this.#last = undefined;
    return first;
  }

  clear(): void {
    this.#first = undefined;
    this.#last = undefined;
  }
}

interface Link<T> {
  readonly item: T;
  next: Link<T> | undefined;
}
