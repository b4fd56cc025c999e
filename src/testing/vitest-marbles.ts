import type { Observable } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import type { Context } from 'rxjs-marbles';
import type { RunEvent } from '../core/events.ts';
import { CallSite } from './call-site.ts';
import type { MarbleExpectation, MarbleObservable, MarblesContext, MarbleValues } from './marbles-context.ts';
import { RunExpectation } from './run-expectation.ts';
import { assertSameNotifications } from './same-notifications.ts';
import { TestingError } from './testing-error.ts';
import { limitVirtualTime } from './virtual-time-limit.ts';

/** The context of `rxjs-marbles`, without its holes and with expectations of runs. */
export class VitestMarbles implements MarblesContext {
  readonly scheduler: TestScheduler;
  readonly #context: Context;
  readonly #incomplete = new Set<object>();
  #runs: RunExpectation[] = [];
  /** Where the scheduler was told what to expect, in the order in which it will compare. */
  #sites: CallSite[] = [];
  #compared = 0;

  constructor(context: Context) {
    this.#context = context;
    this.scheduler = context.scheduler;
    // rxjs-marbles' own comparison takes everything but name and message from errors before it compares.
    this.scheduler.assertDeepEqual = (actual, expected) => {
      const compare = (): void => assertSameNotifications(actual, expected);
      const site = this.#sites[this.#compared++];
      if (site === undefined) compare();
      else site.blame(compare);
    };
    limitVirtualTime(this.scheduler);
  }

  cold<T = string>(marbles: string, values?: MarbleValues<T>, error?: unknown): MarbleObservable<T> {
    return this.#context.cold<T>(marbles, values, error);
  }

  hot<T = string>(marbles: string, values?: MarbleValues<T>, error?: unknown): MarbleObservable<T> {
    return this.#context.hot<T>(marbles, values, error);
  }

  time(marbles: string): number {
    return this.#context.time(marbles);
  }

  expect<T>(actual$: Observable<T>, subscription?: string): MarbleExpectation<T> {
    const inner = this.#context.expect(actual$, subscription);
    const outer: MarbleExpectation<T> = {
      toBeObservable: (expected: string | MarbleObservable<T>, values?: MarbleValues<T>, error?: unknown) => {
        if (typeof expected === 'string') inner.toBeObservable(expected, values, error);
        else inner.toBeObservable(expected);
        this.#complete(outer, outer.toBeObservable);
      },
      toHaveSubscriptions: (expected) => {
        inner.toHaveSubscriptions(expected);
        this.#complete(outer, outer.toHaveSubscriptions);
      },
    };
    this.#incomplete.add(outer);
    return outer;
  }

  has<T>(actual$: MarbleObservable<T>, expected: string | string[]): void {
    this.#context.has(actual$, expected);
    this.#sites.push(new CallSite(this.has));
  }

  expectRun(run$: Observable<RunEvent>, subscription?: string): RunExpectation {
    const expectation = new RunExpectation(this.scheduler, run$, subscription);
    this.#runs.push(expectation);
    return expectation;
  }

  flush(): void {
    this.#compared = 0;
    this.#context.flush();
    this.#sites = [];
    const complete = this.#runs.filter((run) => run.complete);
    this.#runs = this.#runs.filter((run) => !run.complete);
    for (const run of complete) run.verify();
  }

  /** Ends the test: what is still to be compared is, and what was begun must have been said to its end. */
  end(): void {
    this.flush();
    if (this.#incomplete.size + this.#runs.length > 0)
      throw new TestingError(
        'an expectation says nothing: call toBeObservable, toHaveSubscriptions or toBe on it',
      );
  }

  #complete(expectation: object, said: (...args: never[]) => void): void {
    this.#incomplete.delete(expectation);
    this.#sites.push(new CallSite(said));
  }
}
