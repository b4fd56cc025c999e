import { BehaviorSubject, type Observable } from 'rxjs';
import type { FailureCount } from './failure-counts.ts';

/** Lets all calls through; none; or a few, to see how they end. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** The state of a circuit breaker, over all runs. Times are milliseconds on one clock. */
export class Circuit {
  readonly #makeCount: () => FailureCount;
  readonly #resetAfterMs: number;
  readonly #trials: number;
  readonly #state$ = new BehaviorSubject<CircuitState>('closed');
  readonly state$: Observable<CircuitState> = this.#state$.asObservable();
  #count: FailureCount;
  /** Counts the changes of state: how a call ends says nothing of the states after the one that let it through. */
  #era = 0;
  #openedAt = 0;
  /** Of the calls of this era: those let through and not given up, and those that ended well. */
  #tried = 0;
  #passed = 0;

  /** @param trials how many must end well for it to close */
  constructor(makeCount: () => FailureCount, resetAfterMs: number, trials: number) {
    this.#makeCount = makeCount;
    this.#count = makeCount();
    this.#resetAfterMs = resetAfterMs;
    this.#trials = trials;
  }

  get state(): CircuitState {
    return this.#state$.value;
  }

  /** Lets a call through, and gives the era that it belongs to; or does not. */
  enter(now: number): number | undefined {
    if (this.retryAfterMs(now) === 0) this.#become('half-open');
    const { state } = this;
    if (state === 'open' || (state === 'half-open' && this.#tried >= this.#trials)) return undefined;
    this.#tried++;
    return this.#era;
  }

  /** Whether a call let through in `era` is one of those that it waits for, half-open. */
  isTrying(era: number | undefined): boolean {
    return this.state === 'half-open' && era === this.#era;
  }

  /** When it lets somebody through again, as far as that can be known. */
  retryAfterMs(now: number): number | undefined {
    return this.state === 'open' ? Math.max(0, this.#openedAt + this.#resetAfterMs - now) : undefined;
  }

  /** Gives whether it has closed. */
  succeeded(era: number, now: number): boolean {
    if (era !== this.#era) return false;
    if (this.state === 'closed') this.#count.succeeded(now);
    else if (++this.#passed >= this.#trials) {
      this.#count = this.#makeCount();
      this.#become('closed');
      return true;
    }
    return false;
  }

  /** Gives whether it has opened. */
  failed(era: number, now: number): boolean {
    if (era !== this.#era || (this.state === 'closed' && !this.#count.failed(now))) return false;
    this.#openedAt = now;
    this.#become('open');
    return true;
  }

  /** The call ended in a way that says nothing; if it was a trial, there may be another. */
  gaveUp(era: number): void {
    if (era === this.#era) this.#tried--;
  }

  #become(state: CircuitState): void {
    this.#era++;
    this.#tried = 0;
    this.#passed = 0;
    this.#state$.next(state);
  }
}
