/** An algorithm of rate limiting: when the next may begin. All times are milliseconds on one clock. */
export interface Rate {
  /** One begins. */
  take(now: number): void;
  /** How long it takes until one may begin before whom `ahead` others are to. */
  delayMs(now: number, ahead: number): number;
  /** From when on it is as if none had ever begun. */
  readonly freshAt: number;
}

/**
 * At most `limit` begin in any span of `perMs` milliseconds, wherever that begins: it remembers when the last `limit`
 * did.
 *
 * Source: the sliding window log. A window that starts afresh every `perMs` would let through twice the limit around
 * its edges.
 */
export class WindowRate implements Rate {
  readonly #limit: number;
  readonly #perMs: number;
  /** A ring of times; once it is full, the oldest is where the next will be. */
  readonly #times: number[] = [];
  #next = 0;
  freshAt = Number.NEGATIVE_INFINITY;

  constructor(limit: number, perMs: number) {
    this.#limit = limit;
    this.#perMs = perMs;
  }

  take(now: number): void {
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % this.#limit;
    this.freshAt = now + this.#perMs;
  }

  delayMs(now: number, ahead: number): number {
    const limit = this.#limit;
    const behind = ahead - (limit - this.#times.length);
    if (behind < 0) return 0;
    const oldest = this.#times.length < limit ? 0 : this.#next;
    const time = this.#times[(oldest + behind) % limit] ?? now;
    return Math.max(0, time + this.#perMs * (1 + Math.floor(behind / limit)) - now);
  }
}

/**
 * A bucket of `limit` tokens, full at first and refilled steadily with `limit` per `perMs`; each who begins takes one.
 *
 * Source: the generic cell rate algorithm (ITU-T I.371), which keeps of a bucket only when it will be full again.
 */
export class TokenBucketRate implements Rate {
  readonly #tokenMs: number;
  readonly #burstMs: number;
  freshAt = Number.NEGATIVE_INFINITY;

  constructor(limit: number, perMs: number) {
    this.#tokenMs = perMs / limit;
    this.#burstMs = perMs - this.#tokenMs;
  }

  take(now: number): void {
    this.freshAt = Math.max(this.freshAt, now) + this.#tokenMs;
  }

  delayMs(now: number, ahead: number): number {
    return Math.max(0, Math.max(this.freshAt, now) + ahead * this.#tokenMs - this.#burstMs - now);
  }
}
