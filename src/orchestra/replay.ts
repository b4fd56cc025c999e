/** What goes on with a run from where it was left. */
type Going = () => void;

/**
 * In which order a run goes on: first all that has ended before, in the order in which it ended; then, all at once, what had
 * not. While a run is paused, nothing new begins.
 *
 * A run that is live may still come to what had ended, such as what was made of an item that a producer streams again. That is given
 * again in the same way: in its order, and before anything begins.
 */
export class Replay {
  /** A heap by `seq`, the lowest first. */
  readonly #ends: { readonly seq: number; readonly go: Going }[] = [];
  readonly #parked = new Map<object, Going>();
  #live = false;
  #paused = false;

  /** All that had ended has been given again. */
  get live(): boolean {
    return this.#live;
  }

  get paused(): boolean {
    return this.#paused;
  }

  isParked(who: object): boolean {
    return this.#parked.has(who);
  }

  /** Has an end given again when its turn comes. */
  giveAgain(seq: number, go: Going): void {
    push(this.#ends, { seq, go });
  }

  /** Begins something now, or when it may. */
  begin(who: object, go: Going): void {
    if (this.#isFree && !this.#paused) go();
    else this.#parked.set(who, go);
  }

  /** Runs something of a step that has begun: now, or when all ends are given; a pause does not hold it. */
  goOn(who: object, go: Going): void {
    if (this.#isFree) go();
    else this.#parked.set(who, go);
  }

  get #isFree(): boolean {
    return this.#live && this.#ends.length === 0;
  }

  /** The next end to give again. */
  next(): Going | undefined {
    return pop(this.#ends)?.go;
  }

  /** When a live run has given again what it came to: the next that was put off meanwhile. */
  nextPutOff(): Going | undefined {
    const [first] = this.#isFree && !this.#paused ? this.#parked : [];
    if (first === undefined) return undefined;
    this.#parked.delete(first[0]);
    return first[1];
  }

  /** There are no more ends: gives what may begin now. */
  enliven(): readonly Going[] {
    this.#live = true;
    return this.#paused ? [] : this.#unpark();
  }

  pause(): void {
    this.#paused = true;
  }

  /** Gives what may begin now. */
  unpause(): readonly Going[] {
    this.#paused = false;
    return this.#live ? this.#unpark() : [];
  }

  #unpark(): readonly Going[] {
    const all = [...this.#parked.values()];
    this.#parked.clear();
    return all;
  }
}

interface Entry {
  readonly seq: number;
  readonly go: Going;
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const other = heap[above] as Entry;
    if (other.seq <= entry.seq) break;
    heap[at] = other;
    at = above;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && (heap[below + 1] as Entry).seq < (heap[below] as Entry).seq) below++;
    const other = heap[below] as Entry;
    if (other.seq >= last.seq) break;
    heap[at] = other;
    at = below;
  }
  heap[at] = last;
  return first;
}
