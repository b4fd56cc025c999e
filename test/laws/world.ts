import { getEventListeners } from 'node:events';
import { Observable, Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { type Step, type StepContext, step } from 'tutti';

/** What a probe's body does in one call. Times are in virtual milliseconds. */
export interface Act {
  /** How long it takes; without it, it is a plain function that returns or throws at once. */
  readonly ms?: number;
  /** Default `value`. `empty` completes without a value; both `empty` and `never` need `ms`. */
  readonly ends?: 'value' | 'failure' | 'empty' | 'never';
  /** How many it streams, evenly over its time, before its output. */
  readonly partials?: number;
  /** Told as it begins. */
  readonly costUsd?: number;
  /** Told out of its signal's abort listener. */
  readonly abortUsd?: number;
  /** Told after its end, when any body begins next. */
  readonly lateUsd?: number;
  /** It cleans up, and so may begin when the run is being cancelled. */
  readonly cleansUp?: boolean;
}

/** A call of a probe's body, and how it stands. */
export interface Call {
  readonly id: string;
  readonly attempt: number;
  readonly signal: AbortSignal | undefined;
  /** `called`: it has returned something that nobody has listened to yet. */
  state: 'called' | 'running' | 'ended' | 'stopped';
}

/** One call that is made to fail, whatever its act says. */
export interface Sabotage {
  readonly call: number;
  readonly at: 'start' | 'end';
}

class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly code = 'PROBE';
}

/**
 * Everything outside of one run that it can hold on to: virtual time, the bodies of its steps, its sources, the signal
 * that can cancel it. Knows what of it is still held.
 */
export class World {
  readonly scheduler: TestScheduler;
  readonly controller = new AbortController();
  readonly calls: Call[] = [];
  /** More that it may hold: a sentence, if it does. */
  readonly alsoHeld: (() => string | undefined)[] = [];
  /** What the bodies themselves say they spent while the run could hear of it. */
  spentUsd = 0;
  /** The run is to stop: no body may begin any more, but for those that clean up when it is cancelled. */
  stopping: false | 'gracefully' | 'at once' = false;
  /** The run has told its last: what is spent from now on is nobody's. */
  over = false;
  /** Called as a body begins, with its number. */
  onCall: (call: number) => void = () => {};
  readonly #sabotage: Sabotage | undefined;
  readonly #nth = new Map<string, number>();
  readonly #wrong: string[] = [];
  readonly #teardowns = new Set<() => void>();
  #sources = 0;
  #bills: (() => void)[] = [];

  constructor(scheduler: TestScheduler, sabotage?: Sabotage) {
    this.scheduler = scheduler;
    this.#sabotage = sabotage;
  }

  /** A step from number to number: it adds one. Its calls in this world do this, one by one; the last repeats. */
  probe(id: string, ...acts: readonly Act[]): Step<number, number, number> {
    return this.#scripted(id, acts, () => id);
  }

  /** The same, with an act for each call at one path. */
  placed(id: string, ...acts: readonly Act[]): Step<number, number, number> {
    return this.#scripted(id, acts, ({ path }) => path);
  }

  /** Numbers from 1, one each `ms`; knows whether somebody listens. */
  source(count: number, ms: number, ends: 'value' | 'failure' | 'never' = 'value'): Observable<number> {
    return new Observable((subscriber) => {
      this.#sources++;
      const timers = new Subscription();
      for (let n = 1; n <= count; n++) timers.add(this.scheduler.schedule(() => subscriber.next(n), n * ms));
      const end = (): void =>
        ends === 'failure' ? subscriber.error(new ProbeError('source')) : subscriber.complete();
      if (ends !== 'never') timers.add(this.scheduler.schedule(end, (count + 1) * ms));
      return () => {
        this.#sources--;
        timers.unsubscribe();
      };
    });
  }

  /** A step that never ends by itself, but gives its input plus one as soon as any body of this world is stopped. */
  infected(id: string): Step<number, number, number> {
    return step(id, (input: number, ctx) => {
      const call = this.#begin(id, ctx, { ms: 0 });
      return new Observable<number>((subscriber) => {
        call.state = 'running';
        const end = (): void => {
          call.state = 'ended';
          subscriber.next(input + 1);
          subscriber.complete();
        };
        this.#teardowns.add(end);
        return () => {
          this.#teardowns.delete(end);
          this.#torn(call, ctx, 0);
        };
      });
    });
  }

  /** Lets time pass up to `frame`, or until `halted`; what is due at that time is done. */
  advance(frame = Number.POSITIVE_INFINITY, halted: () => boolean = () => false): void {
    const { scheduler } = this;
    for (let left = 100_000; !halted(); left--) {
      const [action] = scheduler.actions;
      if (action === undefined || action.delay > frame) break;
      if (left === 0) throw new ProbeError('virtual time does not end');
      scheduler.actions.shift();
      scheduler.frame = action.delay;
      const error: unknown = action.execute(action.state, action.delay);
      if (error !== undefined) throw error;
    }
    if (frame !== Number.POSITIVE_INFINITY && !halted()) scheduler.frame = Math.max(scheduler.frame, frame);
  }

  /** What is still held, and what went wrong: a sentence each. */
  held(): string[] {
    const { scheduler, controller, calls } = this;
    const held = [...this.#wrong];
    if (scheduler.actions.length > 0) held.push(`${scheduler.actions.length} timers are left`);
    const listeners = getEventListeners(controller.signal, 'abort').length;
    if (listeners > 0) held.push(`${listeners} listeners are left on the run's signal`);
    if (this.#sources > 0) held.push(`${this.#sources} sources are listened to`);
    for (const { id, state } of calls) if (state === 'running') held.push(`the body of ${id} runs on`);
    for (const { id, state, signal } of calls)
      if ((state === 'stopped' || state === 'called') && signal?.aborted === false)
        held.push(`the signal of ${id} is not aborted`);
    return [...held, ...this.alsoHeld.map((held) => held()).filter((what) => what !== undefined)];
  }

  #scripted(
    id: string,
    acts: readonly Act[],
    keyOf: (ctx: StepContext) => string,
  ): Step<number, number, number> {
    return step(id, (input: number, ctx) => {
      const key = keyOf(ctx);
      const nth = this.#nth.get(key) ?? 0;
      this.#nth.set(key, nth + 1);
      return this.#perform(id, acts[nth] ?? acts.at(-1), input, ctx);
    });
  }

  #perform(id: string, act: Act = {}, input: number, ctx: StepContext): number | Observable<number> {
    const { calls } = this;
    const number = calls.length;
    const sabotaged = this.#sabotage?.call === number ? this.#sabotage.at : undefined;
    const call = this.#begin(id, ctx, act);
    if (act.costUsd !== undefined) this.#bill(ctx, act.costUsd);
    if (act.ms !== undefined && sabotaged !== 'start')
      return this.#timed(call, sabotaged === 'end' ? { ...act, ends: 'failure' } : act, input, ctx);
    call.state = 'ended';
    ctx.log(`${id} is here`);
    if (act.lateUsd !== undefined) this.#later(ctx, act.lateUsd);
    if (sabotaged !== undefined || act.ends === 'failure') throw new ProbeError(id);
    return input + 1;
  }

  #timed(call: Call, act: Act, input: number, ctx: StepContext): Observable<number> {
    const { scheduler } = this;
    const { ms = 0, ends = 'value', partials = 0, abortUsd, lateUsd = 0 } = act;
    return new Observable((subscriber) => {
      call.state = 'running';
      const onAbort = (): void => this.#bill(ctx, abortUsd ?? 0);
      if (abortUsd !== undefined) call.signal?.addEventListener('abort', onAbort, { once: true });
      const timers = new Subscription();
      for (let n = 1; n <= partials; n++)
        timers.add(scheduler.schedule(() => subscriber.next(-n), (ms * n) / (partials + 1)));
      const end = (): void => {
        if (ends === 'value') subscriber.next(input + 1);
        if (subscriber.closed) return;
        call.state = 'ended';
        if (ends === 'failure') subscriber.error(new ProbeError(call.id));
        else subscriber.complete();
      };
      if (ends !== 'never') timers.add(scheduler.schedule(end, ms));
      return () => {
        timers.unsubscribe();
        call.signal?.removeEventListener('abort', onAbort);
        this.#torn(call, ctx, lateUsd);
      };
    });
  }

  #begin(id: string, ctx: StepContext, { ms, cleansUp = false }: Act): Call {
    const { calls } = this;
    const stopping = cleansUp ? this.stopping === 'at once' : this.stopping !== false;
    if (stopping || this.over) this.#wrong.push(`the body of ${id} began after the end`);
    const call: Call = {
      id,
      attempt: ctx.attempt,
      signal: ms === undefined ? undefined : ctx.signal,
      state: 'called',
    };
    calls.push(call);
    for (const bill of this.#bills.splice(0)) bill();
    this.onCall(calls.length - 1);
    return call;
  }

  #torn(call: Call, ctx: StepContext, lateUsd: number): void {
    if (lateUsd > 0) this.#later(ctx, lateUsd);
    if (call.state !== 'running') return;
    call.state = 'stopped';
    for (const hear of [...this.#teardowns]) hear();
  }

  #later(ctx: StepContext, usd: number): void {
    this.#bills.push(() => this.#bill(ctx, usd));
  }

  #bill(ctx: StepContext, usd: number): void {
    if (!this.over) this.spentUsd += usd;
    ctx.cost({ usd });
  }
}

/** Calls a function under virtual time. */
export function inVirtualTime<R>(body: (scheduler: TestScheduler) => R): R {
  const scheduler = new TestScheduler(() => {});
  return scheduler.run(() => body(scheduler));
}
