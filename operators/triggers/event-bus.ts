import { type Observable, type SchedulerLike, Subject, Subscription, throwError } from 'rxjs';
import { checkFunction, checkOptions } from '../../src/core/check-given.ts';
import { Clock } from '../../src/core/clock.ts';
import { type ErrorRecord, toErrorRecord } from '../../src/core/error-record.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import { BusListener, type Failed } from './bus-listener.ts';
import { EventHistory } from './event-history.ts';
import { HandlerDroppedError } from './handler-dropped-error.ts';
import { Turns } from './turns.ts';

/** What was emitted on a bus: its type, what it says, and when, in milliseconds of the bus's clock. */
export interface BusEvent<T extends string = string, D = unknown> {
  readonly type: T;
  readonly data: D;
  readonly at: number;
}

/** The events of a bus, or those of one type, from the record of their data: `{ 'user.message': { text: string } }`. */
export type BusEventOf<Events, T extends keyof Events & string = keyof Events & string> = {
  [K in T]: BusEvent<K, Events[K]>;
}[T];

/** A handler threw, or its promise was rejected. */
export interface HandlerFailure<Events> {
  readonly event: BusEventOf<Events>;
  readonly error: ErrorRecord;
  /** How often this handler has failed since it last succeeded, this time included. */
  readonly failuresInARow: number;
  /** It has failed too often in a row, and is not called any more. */
  readonly dropped: boolean;
}

/** Where events are emitted and handled. */
export interface EventBus<Events> {
  /** Every event from now on, in the order of `emit`. Unsubscribing only stops listening. */
  readonly events$: Observable<BusEventOf<Events>>;
  /** Every failure of a handler from now on; while nobody listens, failures are reported as unhandled errors. */
  readonly failures$: Observable<HandlerFailure<Events>>;
  /** The last events, the oldest first. */
  readonly history: readonly BusEventOf<Events>[];
  /** Has a handler called with every event of a type, until it is unsubscribed. */
  on<T extends keyof Events & string>(
    type: T,
    handler: (event: BusEventOf<Events, T>) => unknown,
  ): Subscription;
  /** Tells of something; the promise is kept once all its handlers have ended, and never broken. */
  emit<T extends keyof Events & string>(
    type: T,
    ...data: undefined extends Events[T] ? [data?: Events[T]] : [data: Events[T]]
  ): Promise<void>;
  /** Completes `events$` after what has been emitted, `failures$` when the handlers have ended; later events are ignored. */
  complete(): void;
}

export interface EventBusOptions {
  /** How many events `history` holds at most: a whole number or `Infinity`, default 1000. */
  readonly history?: number;
  /** At how many failures in a row a handler is dropped: a whole number from 1 or `Infinity`, default 5. */
  readonly maxFailures?: number;
  /** Where the time in events comes from; default RxJS' `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * A bus of typed events: handlers are called one after another, each once the one before has ended; they may emit.
 *
 * emit           (a)------------------(b)--
 * first on a     (called)----(ended)
 * second on a                (called)-(ended)
 * events$        (a)------------------(b)--
 *
 * An event that a handler emits is handled once the handler gives way: it returns, or waits for a promise. So a
 * handler may wait for what it emits, and a chain of events may be of any length. An event whose handlers take their
 * time does not hold up the next one; where runs are to follow one another, use {@link onEach} on `events$`. `emit`
 * waits for handlers, not for who listens to `events$`: to wait for a run, make it in a handler that returns
 * `outputOf(run(...))`.
 *
 * Time: `at` in milliseconds of `scheduler`.
 *
 * Errors: a handler's failure is told by `failures$` and touches no other handler; after `maxFailures` in a row it is
 * dropped, and the last of its failures says so. While nobody listens to `failures$`, a failure is reported as RxJS
 * reports any error that nobody handles: later, to `config.onUnhandledError`, or else it is thrown where nothing catches
 * it, which ends a Node.js process. The failure by which a handler is dropped is then the cause of a
 * `HandlerDroppedError`. `DefinitionError` for invalid options.
 *
 * Events: its own, which `emit` names; none of runs.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { eventBus, ofType, onEach } from 'tutti/operators';
 *
 * const respond = step('respond', ({ text }: { text: string }) => `You said: ${text}`);
 * const bus = eventBus<{ 'user.message': { text: string }; 'agent.response': string }>();
 * bus.on('agent.response', ({ data }) => console.log(data)); // You said: Hello!
 * bus.events$
 *   .pipe(ofType('user.message'), onEach(respond, { input: ({ data }) => data }), ofType('run.completed'))
 *   .subscribe(({ output }) => bus.emit('agent.response', output));
 * bus.emit('user.message', { text: 'Hello!' });
 * ```
 *
 * Source: the Arshai page, pattern 6.
 *
 * @param options `history`, `maxFailures`, `scheduler`
 */
export function eventBus<Events extends object>(options: EventBusOptions = {}): EventBus<Events> {
  checkOptions<EventBusOptions>('eventBus', options, {
    history: 'number',
    maxFailures: 'number',
    scheduler: 'object',
  });
  const { history = 1000, maxFailures = 5, scheduler } = options;
  if (!isCount(history, 0))
    throw new DefinitionError(`eventBus: history ${history} is not a whole number from 0, or Infinity`);
  if (!isCount(maxFailures, 1))
    throw new DefinitionError(
      `eventBus: maxFailures ${maxFailures} is not a whole number from 1, or Infinity`,
    );
  return new Bus(history, maxFailures, new Clock(scheduler));
}

function isCount(number: number, least: number): boolean {
  return number >= least && (Number.isInteger(number) || number === Number.POSITIVE_INFINITY);
}

/** Does what RxJS does with an error that nobody handles. */
function reportUnhandled(error: unknown): void {
  throwError(() => error).subscribe();
}

class Bus<Events> implements EventBus<Events> {
  readonly events$: Observable<BusEventOf<Events>>;
  readonly failures$: Observable<HandlerFailure<Events>>;
  readonly #events = new Subject<BusEventOf<Events>>();
  readonly #failures = new Subject<HandlerFailure<Events>>();
  readonly #history: EventHistory<BusEventOf<Events>>;
  readonly #listeners = new Map<string, Set<BusListener<never>>>();
  readonly #turns = new Turns();
  readonly #maxFailures: number;
  readonly #clock: Clock;
  #unhandled = 0;
  #completed = false;

  constructor(history: number, maxFailures: number, clock: Clock) {
    this.events$ = this.#events.asObservable();
    this.failures$ = this.#failures.asObservable();
    this.#history = new EventHistory(history);
    this.#maxFailures = maxFailures;
    this.#clock = clock;
  }

  get history(): readonly BusEventOf<Events>[] {
    return this.#history.toArray();
  }

  on<T extends keyof Events & string>(
    type: T,
    handler: (event: BusEventOf<Events, T>) => unknown,
  ): Subscription {
    checkFunction(`eventBus: the handler of ${JSON.stringify(type)}`, handler);
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    const subscription = new Subscription(() => {
      listener.closed = true;
      listeners.delete(listener);
    });
    const listener = new BusListener(handler, this.#maxFailures, () => subscription.unsubscribe());
    listeners.add(listener);
    return subscription;
  }

  emit<T extends keyof Events & string>(type: T, ...[data]: readonly unknown[]): Promise<void> {
    if (this.#completed) return Promise.resolve();
    const event = { type, data, at: this.#clock.now() } as BusEventOf<Events, T>;
    this.#history.add(event);
    this.#unhandled++;
    return new Promise((resolve) => {
      this.#turns.take(() => {
        this.#events.next(event);
        const listeners = [...(this.#listeners.get(type) ?? [])] as BusListener<BusEventOf<Events>>[];
        this.#handle(event, listeners.values(), resolve);
      });
    });
  }

  complete(): void {
    if (this.#completed) return;
    this.#completed = true;
    this.#turns.take(() => {
      this.#events.complete();
      if (this.#unhandled === 0) this.#failures.complete();
    });
  }

  /** Calls the listeners that are left, in order, each once the one before has ended. */
  #handle(
    event: BusEventOf<Events>,
    listeners: Iterator<BusListener<BusEventOf<Events>>>,
    handled: () => void,
  ): void {
    for (let next = listeners.next(); next.done !== true; next = listeners.next()) {
      if (next.value.closed) continue;
      const heard = next.value.hear(event);
      if (heard instanceof Promise) {
        heard.then((failed) =>
          this.#turns.take(() => {
            this.#told(event, failed);
            this.#handle(event, listeners, handled);
          }),
        );
        return;
      }
      this.#told(event, heard);
    }
    handled();
    if (--this.#unhandled === 0 && this.#completed) this.#failures.complete();
  }

  #told(event: BusEventOf<Events>, failed: Failed | undefined): void {
    if (failed === undefined) return;
    if (this.#failures.observed)
      return this.#failures.next({ event, ...failed, error: toErrorRecord(failed.error) });
    const { error, failuresInARow, dropped } = failed;
    reportUnhandled(dropped ? new HandlerDroppedError(event.type, failuresInARow, error) : error);
  }
}
