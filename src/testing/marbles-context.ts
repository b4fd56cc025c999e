import type { Observable } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import type { RunEvent } from '../core/events.ts';

/** What the letters of a marble diagram stand for. */
export type MarbleValues<T> = Readonly<Record<string, T>>;

/** When an Observable was subscribed and unsubscribed, in virtual milliseconds; `Infinity` for never. */
export interface MarbleSubscription {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** An Observable made of a marble diagram, which knows when it was subscribed. */
export type MarbleObservable<T> = Observable<T> & { readonly subscriptions: MarbleSubscription[] };

/** What can be expected of an Observable; it is compared when virtual time has passed. */
export interface MarbleExpectation<T> {
  /**
   * It emits this, then. Values are compared as by `toStrictEqual`, errors by name, message, code, cause and all own
   * fields.
   */
  toBeObservable(expected: MarbleObservable<T>): void;
  toBeObservable(expected: string, values?: MarbleValues<T>, error?: unknown): void;
  /** A hot or cold one was subscribed and unsubscribed then: `'^--!'`, or one diagram per subscription. */
  toHaveSubscriptions(expected: string | string[]): void;
}

/** The hands of a marble test: all its time is virtual, one frame is a millisecond. */
export interface MarblesContext {
  /** The virtual time; RxJS' own schedulers and runs follow it without being told. */
  readonly scheduler: TestScheduler;

  /** An Observable that plays its diagram from each subscription on. Letters stand for themselves without `values`. */
  cold<T = string>(marbles: string, values?: MarbleValues<T>, error?: unknown): MarbleObservable<T>;

  /** An Observable that plays its diagram whether anybody listens or not; `^` in it is time 0. */
  hot<T = string>(marbles: string, values?: MarbleValues<T>, error?: unknown): MarbleObservable<T>;

  /** Milliseconds up to the `|` of a diagram. */
  time(marbles: string): number;

  /**
   * Says what an Observable should do; nothing is expected before a method of what it gives is called.
   *
   * @param subscription when to subscribe and unsubscribe, as `'^--!'`. Default: at once, never
   */
  expect<T>(actual$: Observable<T>, subscription?: string): MarbleExpectation<T>;

  /** The same as `expect(actual$).toHaveSubscriptions(expected)`. */
  has<T>(actual$: MarbleObservable<T>, expected: string | string[]): void;

  /**
   * Says what the {@link timeline} of a run should be.
   *
   * m.expectRun(run(sequence(a, b), 'x')).toBe('(run> a>) 5ms (a| b>) 3ms (b| run|)');
   *
   * @param subscription when to subscribe and unsubscribe, as `'^--!'`. Default: at once, never
   */
  expectRun(run$: Observable<RunEvent>, subscription?: string): { toBe(timeline: string): void };

  /** Lets virtual time pass to its end, and compares what is expected so far. Happens by itself after the test. */
  flush(): void;
}
