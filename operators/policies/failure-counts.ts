/** Counts how calls end, and says when too many fail. Times are milliseconds on one clock. */
export interface FailureCount {
  succeeded(now: number): void;
  /** Gives whether that was one too many. */
  failed(now: number): boolean;
}

/** Too many is `limit` failures without a success between them. */
export class ConsecutiveFailures implements FailureCount {
  readonly #limit: number;
  #failures = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): boolean {
    return ++this.#failures >= this.#limit;
  }
}

/** The part of all calls within a time that may fail. */
export interface Sampling {
  /** The part of calls, above 0 and up to 1, that fail when it is too many; default 0.5. */
  readonly threshold: number;
  /** How long calls are counted, in milliseconds. */
  readonly windowMs: number;
  /** How many calls must have ended within it for it to say anything. */
  readonly minimum: number;
}

/** In how many parts a window is counted: calls leave it one part at a time. */
const parts = 10;

interface Part {
  startedAt: number;
  calls: number;
  failures: number;
}

/**
 * Too many is a part of the calls of the last while.
 *
 * Source: the sampling breaker of cockatiel, which cannot be used itself: it reads `Date.now`.
 */
export class SampledFailures implements FailureCount {
  readonly #sampling: Sampling;
  readonly #parts: Part[] = [];

  constructor(sampling: Sampling) {
    this.#sampling = sampling;
  }

  succeeded(now: number): void {
    this.#partAt(now).calls++;
  }

  failed(now: number): boolean {
    const part = this.#partAt(now);
    part.calls++;
    part.failures++;
    const { threshold, minimum } = this.#sampling;
    const calls = this.#parts.reduce((sum, one) => sum + one.calls, 0);
    const failures = this.#parts.reduce((sum, one) => sum + one.failures, 0);
    return calls >= minimum && failures / calls >= threshold;
  }

  #partAt(now: number): Part {
    const { windowMs } = this.#sampling;
    const counted = this.#parts;
    while (counted[0] !== undefined && counted[0].startedAt <= now - windowMs) counted.shift();
    const last = counted.at(-1);
    if (last !== undefined && now < last.startedAt + windowMs / parts) return last;
    const part = { startedAt: now, calls: 0, failures: 0 };
    counted.push(part);
    return part;
  }
}
