import { isObservable, type Observable, Subscriber, type Subscription } from 'rxjs';
import type { Cancellation } from './cancellation.ts';
import type { StepContext } from './context.ts';
import { checkSync, type Schema } from './edge.ts';
import { DefinitionError } from './errors.ts';
import type { Cost, LogLevel } from './events.ts';
import type { Owner } from './owner.ts';
import type { Scope } from './scope.ts';

/** What the author of a step wrote, for types that only the step knows. */
export interface Body {
  readonly run: (input: never, ctx: StepContext<unknown>) => unknown;
  /** Makes the output of all partials; without it, it is what the body returns, or else the last that it emits. */
  readonly collect?: ((partials: never[]) => unknown) | undefined;
  /** Checks what is handed to `ctx.partial`. */
  readonly partial?: Schema | undefined;
}

/** Who waits for a body's end. */
export interface BodyHost {
  bodySucceeded(output: unknown): void;
  fail(error: unknown): void;
}

/**
 * One attempt of a body: calls it, listens to whatever it returned, and is the context that it was called with.
 * Whatever comes after its end is ignored.
 */
export class BodyRun implements StepContext<unknown> {
  readonly attempt: number;
  readonly #body: Body;
  readonly #host: BodyHost;
  readonly #owner: Owner;
  readonly #scope: Scope;
  #open = true;
  #controller: AbortController | undefined;
  #cancellation: Cancellation | undefined;
  #subscription: Subscription | undefined;
  #iterator: AsyncIterator<unknown> | undefined;
  #lastPartial: unknown;
  #partials: unknown[] | undefined;
  #tellPartial: ((chunk: unknown) => void) | undefined;

  constructor(body: Body, host: BodyHost, owner: Owner, scope: Scope) {
    this.#body = body;
    this.#host = host;
    this.#owner = owner;
    this.#scope = scope;
    this.attempt = owner.attempt;
  }

  /** Calls the body; what it throws is thrown. */
  start(input: unknown): void {
    let returned: unknown;
    try {
      returned = this.#body.run(input as never, this);
    } catch (error) {
      this.#open = false;
      throw error;
    } finally {
      this.#scope.clock.wake();
    }
    if (typeof returned !== 'object' || returned === null) this.#succeed(returned);
    else if (isObservable(returned)) this.#listen(returned);
    else if (isAsyncIterable(returned)) this.#pull(returned);
    else if (isPromiseLike(returned)) this.#await(returned);
    else this.#succeed(returned);
  }

  /** Ends it from outside: aborts its signal and lets go of what it returned. */
  stop(cancellation: Cancellation): void {
    this.#cancellation = cancellation;
    try {
      this.#controller?.abort(cancellation.error);
      this.#subscription?.unsubscribe();
      // A generator that is waiting hears of it when it wakes; how it takes that concerns nobody any more.
      this.#iterator?.return?.().then(undefined, ignore);
    } finally {
      this.#open = false;
    }
  }

  #succeed(output: unknown): void {
    if (!this.#open) return;
    this.#open = false;
    this.#scope.clock.wake();
    const { collect } = this.#body;
    try {
      this.#host.bodySucceeded(collect === undefined ? output : collect((this.#partials ?? []) as never[]));
    } catch (error) {
      this.#host.fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#open) return;
    this.#open = false;
    this.#scope.clock.wake();
    this.#host.fail(error);
  }

  #await(promise: PromiseLike<unknown>): void {
    promise.then(
      (output) => this.#succeed(output),
      (error: unknown) => this.#fail(error),
    );
  }

  #listen(source: Observable<unknown>): void {
    if (!this.#open) return;
    // Made beforehand, so that a source that emits while it is being subscribed can be stopped.
    const subscriber = new Subscriber<unknown>({
      next: (chunk) => {
        if (!this.#open) return;
        if (!this.#scope.loop.running) this.#scope.clock.wake();
        this.#chunk(chunk);
      },
      error: (error: unknown) => this.#fail(error),
      complete: () => this.#streamEnded(undefined),
    });
    this.#subscription = subscriber;
    source.subscribe(subscriber);
  }

  #pull(source: AsyncIterable<unknown>): void {
    if (!this.#open) return;
    let iterator: AsyncIterator<unknown>;
    try {
      iterator = source[Symbol.asyncIterator]();
    } catch (error) {
      return this.#fail(error);
    }
    this.#iterator = iterator;
    const take = (result: IteratorResult<unknown>): void => {
      if (!this.#open) return;
      this.#scope.clock.wake();
      if (result.done === true) return this.#streamEnded(result.value);
      this.#chunk(result.value);
      if (this.#open) ask();
    };
    const failed = (error: unknown): void => this.#fail(error);
    const ask = (): void => {
      try {
        iterator.next().then(take, failed);
      } catch (error) {
        failed(error);
      }
    };
    ask();
  }

  #chunk(chunk: unknown): void {
    this.#lastPartial = chunk;
    this.#stream(chunk);
  }

  #stream(chunk: unknown): void {
    if (this.#body.collect !== undefined) {
      this.#partials ??= [];
      this.#partials.push(chunk);
    }
    this.#owner.partial(chunk);
  }

  #streamEnded(returned: unknown): void {
    this.#succeed(returned === undefined ? this.#lastPartial : returned);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#cancellation !== undefined) this.#controller.abort(this.#cancellation.error);
    return this.#controller.signal;
  }

  get path(): string {
    return this.#owner.path;
  }

  get runId(): string {
    return this.#scope.runId;
  }

  get sessionId(): string | undefined {
    return this.#scope.sessionId;
  }

  get context(): unknown {
    return this.#scope.context;
  }

  get idempotencyKey(): string {
    return `${encodeURIComponent(wellFormed(this.#scope.runId))}${encodeURI(wellFormed(this.#owner.path))}`;
  }

  get now(): () => number {
    return () => this.#scope.clock.now();
  }

  get random(): () => number {
    return this.#scope.random;
  }

  get progress(): (fraction: number, message?: string) => void {
    return (fraction, message) => {
      if (!this.#wake()) return;
      if (!(fraction >= 0 && fraction <= 1))
        throw new DefinitionError(`progress ${fraction} is not from 0 to 1`);
      this.#owner.tell({ type: 'step.progress', fraction, ...(message === undefined ? {} : { message }) });
    };
  }

  get cost(): (cost: Cost) => void {
    return (cost) => {
      const late = !this.#wake();
      if (cost.usd >= 0 && cost.usd < Number.POSITIVE_INFINITY)
        this.#owner.cost(cost, this.attempt, late, this.#scope.ledger);
      else if (!late) throw new DefinitionError(`a cost of ${cost.usd} is not an amount of dollars`);
    };
  }

  get partial(): (chunk: unknown) => void {
    this.#tellPartial ??= (chunk) => {
      if (!this.#open) return;
      const { partial: schema } = this.#body;
      if (!this.#scope.loop.running) this.#scope.clock.wake();
      this.#stream(schema === undefined ? chunk : checkSync(schema, chunk, this.#owner.id));
    };
    return this.#tellPartial;
  }

  get log(): (message: string, level?: LogLevel) => void {
    return (message, level = 'info') => {
      if (this.#wake()) this.#owner.tell({ type: 'step.log', level, message });
    };
  }

  get emit(): (name: string, data?: unknown) => void {
    return (name, data) => {
      if (this.#wake()) this.#owner.tell({ type: 'custom', name, data });
    };
  }

  /** Time may have passed since the body was called. Says whether it may still tell. */
  #wake(): boolean {
    this.#scope.clock.wake();
    return this.#open;
  }
}

const ignore = (): void => {};

/** A text without halves of characters, which could not be encoded. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value;
}

function isPromiseLike(value: object): value is PromiseLike<unknown> {
  return 'then' in value && typeof value.then === 'function';
}
