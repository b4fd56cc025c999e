import type { Roots } from '../expression/evaluate.ts';

/**
 * Remembers what the input of a step was made of, for those who act in its place or undo it, and make an input of their own:
 * policies are handed the input only.
 */
export class Memory {
  readonly #roots = new WeakMap<object, Roots>();

  /** @returns the input */
  keep(input: unknown, roots: Roots): unknown {
    if (typeof input === 'object' && input !== null) this.#roots.set(input, roots);
    return input;
  }

  /** What an input was made of; one that was not made of anything is the workflow's own. */
  of(input: unknown): Roots {
    const known = typeof input === 'object' && input !== null ? this.#roots.get(input) : undefined;
    return known ?? { input, steps: {} };
  }
}
