import type { Rate } from './rates.ts';
import { type Place, type Waiter, WaitingLine } from './waiting-line.ts';

/** Who waits until it may begin. */
export interface LaneWaiter extends Waiter {
  /** Its own time, read now. */
  now(): number;
  /** Wants to be asked again. */
  wakeIn(ms: number): void;
}

/** How far a sum of times may be off. */
const roundingErrorMs = 1e-6;

/** Those of one key: how often they begin, and who waits. */
export class Lane {
  readonly #rate: Rate;
  readonly #line = new WaitingLine<LaneWaiter>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whether one may begin at once; then it counts. */
  take(now: number): boolean {
    return this.#line.size === 0 && this.#mayTake(now);
  }

  /** In how many milliseconds one who comes now may begin. */
  delayMs(now: number): number {
    return this.#delayMs(now, this.#line.size);
  }

  join(waiter: LaneWaiter): Place<LaneWaiter> {
    const place = this.#line.join(waiter);
    if (this.#line.size === 1) this.admit();
    return place;
  }

  leave(place: Place<LaneWaiter>): void {
    if (this.#line.leave(place)) this.admit();
  }

  /** Admits who may begin; the first who may not is the one who sets a timer. */
  admit(): void {
    this.#line.admit((waiter) => {
      const now = waiter.now();
      if (this.#mayTake(now)) return true;
      waiter.wakeIn(this.#delayMs(now, 0));
      return false;
    });
  }

  /** It may as well not be there. */
  isFresh(now: number): boolean {
    return this.#line.size === 0 && this.#rate.freshAt <= now;
  }

  #mayTake(now: number): boolean {
    if (this.#delayMs(now, 0) > 0) return false;
    this.#rate.take(now);
    return true;
  }

  #delayMs(now: number, ahead: number): number {
    return Math.ceil(this.#rate.delayMs(now, ahead) - roundingErrorMs);
  }
}

/** Lanes by key. Those that have been empty for a while are forgotten when others are asked for, at no time of their own. */
export class RateLanes {
  readonly #makeRate: () => Rate;
  readonly #perMs: number;
  readonly #lanes = new Map<string, Lane>();
  #tidyAt = Number.NEGATIVE_INFINITY;

  constructor(makeRate: () => Rate, perMs: number) {
    this.#makeRate = makeRate;
    this.#perMs = perMs;
  }

  get size(): number {
    return this.#lanes.size;
  }

  of(key: string, now: number): Lane {
    if (now >= this.#tidyAt) this.#tidy(now);
    const lane = this.#lanes.get(key) ?? new Lane(this.#makeRate());
    this.#lanes.set(key, lane);
    return lane;
  }

  #tidy(now: number): void {
    this.#tidyAt = now + this.#perMs;
    for (const [key, lane] of this.#lanes) if (lane.isFresh(now)) this.#lanes.delete(key);
  }
}
