/** The places around others, so that it is known at once whether there is anything below one. */
export class Around {
  readonly #places = new Set<string>();
  /** The place around what was added last, which is often that around what is added next. */
  #last: string | undefined;

  /** There is something at a place. */
  add(path: string): void {
    for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
      const place = path.slice(0, end);
      if (place === this.#last || this.#places.has(place)) return;
      this.#places.add(place);
      this.#last = place;
      if (end === 0) return;
    }
  }

  /** There is something below a place. */
  has(path: string): boolean {
    return this.#places.has(path);
  }
}
