import { defer, Observable, type ObservableInput, type Observer, type Subscriber, take } from 'rxjs';
import { checkFunction, checkOptions } from '../../src/core/check-given.ts';
import type { RunEvent, StepPartial } from '../../src/core/events.ts';
import { HeldPartials, joinTexts, type MergeChunks } from './held-partials.ts';
import { relay } from './relay.ts';

export interface ConflateOptions {
  /**
   * Makes one chunk of two that follow each other in one step, or gives `undefined` to keep the two apart. Default: texts
   * are joined, other chunks kept apart.
   */
  readonly merge?: MergeChunks;
}

/**
 * Merges the partials of each step while the listener is not ready for more; none is lost.
 *
 * events$                (partial a)(partial b)--(partial c)-----(partial d)-(completed)|
 * ready()                x-----------------------------------x|
 * conflate(ready)        (a)---------------------------------(bc)(d)---------(completed)|
 *
 * After partials were handed on, those that follow wait until what `ready` gave emits or completes. What waits is
 * merged by step, path and attempt, into an event that is in all else the latest of those merged; `seq` still only
 * grows. All other events pass at once, and push what waits of their run ahead of them, so that nothing overtakes
 * them.
 *
 * Time: that of `ready`; for a fixed interval, there is {@link limitPartials}.
 *
 * Errors: what `ready` fails with, and those of the stream, after what waits; what `merge` throws.
 *
 * Events: takes those of one run or of many; each keeps its place within its run.
 *
 * Unsubscribing drops what waits, and lets go of `ready`.
 *
 * ```ts
 * import { type RunEvent, run, step } from 'tutti';
 * import { conflate } from 'tutti/operators';
 *
 * const write = step('write', async function* (topic: string) {
 *   for (const word of ['All ', 'about ', topic]) yield word;
 * });
 * const send = async (event: RunEvent) => {
 *   if (event.type === 'step.partial') console.log(String(event.chunk).trim()); // All, about music
 * };
 * let sent = Promise.resolve();
 * run(write, 'music')
 *   .pipe(conflate(() => sent))
 *   .subscribe((event) => {
 *     sent = sent.then(() => send(event)); // to a slow reader
 *   });
 * ```
 *
 * @param ready called after partials were handed on: emits or completes when there may be more
 * @param options `merge`
 */
export function conflate(
  ready: () => ObservableInput<unknown>,
  options: ConflateOptions = {},
): <E extends RunEvent>(events$: Observable<E>) => Observable<E> {
  checkFunction('conflate: ready', ready);
  checkOptions<ConflateOptions>('conflate', options, { merge: 'function' });
  const { merge = joinTexts } = options;
  return <E extends RunEvent>(events$: Observable<E>) =>
    new Observable<E>((subscriber) => {
      // A merged event is of the same type as those that it was made of.
      relay(events$, subscriber, new Conflation(subscriber as Subscriber<RunEvent>, ready, merge));
    });
}

class Conflation implements Observer<RunEvent> {
  readonly #subscriber: Subscriber<RunEvent>;
  readonly #ready: () => ObservableInput<unknown>;
  readonly #merge: MergeChunks;
  readonly #waiting = new Map<string, HeldPartials>();
  #busy = false;

  constructor(subscriber: Subscriber<RunEvent>, ready: () => ObservableInput<unknown>, merge: MergeChunks) {
    this.#subscriber = subscriber;
    this.#ready = ready;
    this.#merge = merge;
  }

  next(event: RunEvent): void {
    if (event.type === 'step.partial') return this.#partial(event);
    this.#handOn(event.runId);
    this.#subscriber.next(event);
  }

  error(error: unknown): void {
    this.#handOnAll();
    this.#subscriber.error(error);
  }

  complete(): void {
    this.#handOnAll();
    this.#subscriber.complete();
  }

  #partial(event: StepPartial): void {
    if (this.#busy) return this.#hold(event);
    this.#busy = true;
    this.#subscriber.next(event);
    this.#awaitReady();
  }

  #hold(event: StepPartial): void {
    const held = this.#waiting.get(event.runId) ?? new HeldPartials(this.#merge);
    this.#waiting.set(event.runId, held);
    held.add(event);
  }

  /** What is held while this goes on comes after the rest; and who is called may well stop listening. */
  #handOn(runId: string): void {
    const held = this.#waiting.get(runId);
    if (held === undefined) return;
    for (let partial = held.take(); partial !== undefined; partial = held.take())
      this.#subscriber.next(partial);
    if (this.#waiting.get(runId) === held) this.#waiting.delete(runId);
  }

  #handOnAll(): void {
    for (const runId of this.#waiting.keys()) this.#handOn(runId);
  }

  #awaitReady(): void {
    if (this.#subscriber.closed) return;
    const ready$ = defer(this.#ready).pipe(take(1));
    const isReady = ready$.subscribe({
      error: (error: unknown) => this.error(error),
      complete: () => this.#isReady(),
    });
    this.#subscriber.add(isReady);
  }

  #isReady(): void {
    const some = this.#waiting.size > 0;
    this.#handOnAll();
    if (some) this.#awaitReady();
    else this.#busy = false;
  }
}
