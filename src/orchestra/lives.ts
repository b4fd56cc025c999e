/**
 * When steps with others inside were last tried again: what ran inside them before is of an earlier life of that step, and
 * counts no more.
 */
export class Lives {
  readonly #begun = new Map<string, number>();

  /** A step is tried again, as event `seq` says. */
  begin(path: string, seq: number): void {
    this.#begun.set(path, seq);
  }

  /** The event with which the present life of all around a place began; -1 for the first. */
  since(path: string, itself = false): number {
    if (this.#begun.size === 0) return -1;
    let since = this.#begun.get('') ?? -1;
    if (itself) since = Math.max(since, this.#begun.get(path) ?? -1);
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      since = Math.max(since, this.#begun.get(path.slice(0, end)) ?? -1);
    return since;
  }

  /** What event `seq` tells of a place is of the present life of all around it. */
  isOfNow(path: string, seq: number): boolean {
    return seq > this.since(path);
  }
}
