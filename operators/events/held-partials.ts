import type { StepPartial } from '../../src/core/events.ts';

/** Makes one chunk of two that follow each other in one step, or gives `undefined` to keep the two apart. */
export type MergeChunks = (before: unknown, after: unknown, step: string) => unknown;

/** Joins texts, and keeps everything else apart. */
export const joinTexts: MergeChunks = (before, after) =>
  typeof before === 'string' && typeof after === 'string' ? before + after : undefined;

/** Partials of one run that wait, merged where they can be; the one whose last chunk came first is the first. */
export class HeldPartials {
  readonly #merge: MergeChunks;
  /** By the order in which their last chunks came. */
  readonly #held = new Map<number, StepPartial>();
  /** Where the last of each step is, by its path. */
  readonly #last = new Map<string, number>();
  #next = 0;

  constructor(merge: MergeChunks) {
    this.#merge = merge;
  }

  /** Takes one more, or makes it one with the last of its step. */
  add(partial: StepPartial): void {
    const { path, step } = partial;
    const at = this.#last.get(path);
    const before = at === undefined ? undefined : this.#held.get(at);
    const chunk = before === undefined ? undefined : this.#merge(before.chunk, partial.chunk, step);
    if (at !== undefined && chunk !== undefined) this.#held.delete(at);
    const place = this.#next++;
    this.#held.set(place, chunk === undefined ? partial : { ...partial, chunk });
    this.#last.set(path, place);
  }

  /** Gives the first back, to be handed on. */
  take(): StepPartial | undefined {
    const [first] = this.#held;
    if (first === undefined) return undefined;
    const [place, partial] = first;
    this.#held.delete(place);
    return partial;
  }
}
