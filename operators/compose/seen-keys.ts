/**
 * The keys that were seen. Whole numbers that go up by one, as of a stream whose items are numbered, take no room however
 * many they are; others are kept.
 */
export class SeenKeys {
  /** The numbers from `first` to before `next`. */
  #first: number | undefined;
  #next = 0;
  readonly #others = new Set<string>();

  /** Says whether it is new. */
  add(key: string | number): boolean {
    const text = String(key);
    const number = Number(text);
    const whole = Number.isSafeInteger(number) && String(number) === text;
    if (whole && this.#first === undefined) {
      this.#first = number;
      this.#next = number + 1;
      return true;
    }
    if (whole && this.#first !== undefined && number >= this.#first && number < this.#next) return false;
    if (this.#others.has(text)) return false;
    if (whole && number === this.#next) this.#next++;
    else this.#others.add(text);
    return true;
  }
}
