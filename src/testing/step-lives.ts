/** What is known of the step at one path, within one attempt of the step that holds it. */
export interface StepLife {
  readonly path: string;
  /** The step around it, and the attempt of that one that it belongs to. */
  readonly holder: StepLife | undefined;
  readonly holderAttempt: number;
  attempt: number;
  state: 'open' | 'retrying' | 'ended';
  /** How many partials this attempt has told. */
  partials: number;
  /** What it holds and has not ended. */
  readonly inside: Set<StepLife>;
}

/** Every step that events have told of, by its path. */
export class StepLives {
  readonly #lives = new Map<string, StepLife>();

  at(path: string): StepLife | undefined {
    return this.#lives.get(path);
  }

  /** The paths of the steps that are open. */
  get open(): string[] {
    return [...this.#lives.values()].filter(({ state }) => state === 'open').map(({ path }) => path);
  }

  /** The life that goes on at a path: none when the step around it has begun a new attempt since. */
  current(path: string, holder: StepLife | undefined): StepLife | undefined {
    const life = this.#lives.get(path);
    return life?.holder === holder && life?.holderAttempt === (holder?.attempt ?? 0) ? life : undefined;
  }

  begin(path: string, holder: StepLife | undefined, attempt: number): StepLife {
    const holderAttempt = holder?.attempt ?? 0;
    const life: StepLife = {
      path,
      holder,
      holderAttempt,
      attempt,
      state: 'open',
      partials: 0,
      inside: new Set(),
    };
    this.#lives.set(path, life);
    holder?.inside.add(life);
    return life;
  }

  /**
   * The step around a path: the nearest further up that events have told of. An item or a pass (`/draft#2`) may stand
   * beside a step of its name, and a compensation follows the end of what it undoes; else one that has ended is the
   * holder still.
   */
  holderOf(path: string): StepLife | undefined {
    for (let end = lastMark(path, path.length); end > 0; end = lastMark(path, end)) {
      const life = this.#lives.get(path.slice(0, end));
      if (life === undefined) continue;
      const apart = path[end] !== '/' || path.includes('/!compensate', end);
      if (life.state === 'open' || !apart) return life;
    }
    return undefined;
  }
}

/** Where the last segment, key or number before `end` begins. */
function lastMark(path: string, end: number): number {
  let at = end - 1;
  while (at > 0 && !marks.includes(path[at] ?? '')) at--;
  return at;
}

const marks = '/[#!';
