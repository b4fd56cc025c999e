import { isObservable } from 'rxjs';
import { type BodyStream, ObservedStream, PulledStream, type StreamListener } from './body-stream.ts';
import type { Cancellation } from './cancellation.ts';
import type { StepContext } from './context.ts';
import { checkSync, type Schema } from './edge.ts';
import { DefinitionError } from './errors.ts';
import type { Cost, LogLevel } from './events.ts';
import type { Reporter, Spender } from './owner.ts';
import { type Awaiting, isPlainPromise, PromiseEnds } from './promise-ends.ts';
import type { Scope } from './scope.ts';

/** What the author of a step wrote, for types that only the step knows. */
export interface Body {
  readonly run: (input: never, ctx: StepContext<unknown>) => unknown;
  /** Makes the output of all partials; without it, it is what the body returns, or else the last that it emits. */
  readonly collect?: ((partials: never[]) => unknown) | undefined;
  /** What becomes of an attempt that was running when the process of a kept run ended. Default: it is tried again. */
  readonly onCrash?: 'retry' | 'fail' | undefined;
  /** Checks what is handed to `ctx.partial`. */
  readonly partial?: Schema | undefined;
}

/** What a body needs that is asked for its signal, that streams, or is cancelled. */
interface Extras {
  controller: AbortController | undefined;
  cancellation: Cancellation | undefined;
  stream: BodyStream | undefined;
  partials: unknown[] | undefined;
  tellPartial: ((chunk: unknown) => void) | undefined;
}

function letGoOf(extras: Extras): void {
  extras.stream = undefined;
  extras.partials = undefined;
}

/** Whose body runs. */
export interface BodyHost {
  readonly scope: Scope;
  readonly body: Body;
  /** Where the body reports to. */
  readonly reporter: Reporter;
  /** @param partials what it has streamed, if the body collects that */
  bodySucceeded(output: unknown, partials: unknown[] | undefined): void;
  fail(error: unknown): void;
}

/**
 * One attempt of a body: calls it, listens to whatever it returned, and is the context that it was called with.
 * Whatever comes after its end is ignored.
 */
export class BodyRun implements StepContext<unknown>, StreamListener, Awaiting {
  readonly attempt: number;
  readonly path: string;
  readonly #id: string;
  readonly #host: BodyHost;
  #open = true;
  #reads = 0;
  /** What few bodies need is made when first used. */
  #extras: Extras | undefined;

  constructor(host: BodyHost, path: string, id: string, attempt: number) {
    this.attempt = attempt;
    this.path = path;
    this.#id = id;
    this.#host = host;
  }

  /** Calls the body. */
  start(input: unknown): void {
    const { scope, body } = this.#host;
    let returned: unknown;
    try {
      returned = body.run(input as never, this);
    } catch (error) {
      return this.rejected(error);
    }
    scope.clock.wake();
    this.take(returned);
  }

  /** Listens to what the body returned. */
  take(returned: unknown): void {
    if (typeof returned !== 'object' || returned === null) this.resolved(returned);
    else if (isPlainPromise(returned)) this.await(returned);
    else if (isObservable(returned)) this.listen(new ObservedStream(returned, this));
    else if (isAsyncIterable(returned)) this.listen(new PulledStream(returned, this));
    else if (isPromiseLike(returned)) this.awaitForeign(returned);
    else this.resolved(returned);
  }

  private await(promise: Promise<unknown>): void {
    const ends = new PromiseEnds(this);
    promise.then(ends.resolved, ends.rejected);
  }

  /** Ends it from outside: aborts its signal and lets go of what it returned. */
  stop(cancellation: Cancellation): void {
    const extras = this.extra();
    extras.cancellation = cancellation;
    try {
      extras.controller?.abort(cancellation.error);
      extras.stream?.stop();
    } finally {
      this.close();
    }
  }

  resolved(output: unknown): void {
    if (!this.#open) return;
    const partials = this.#extras?.partials;
    this.close();
    this.#host.bodySucceeded(output, partials);
  }

  rejected(error: unknown): void {
    if (!this.#open) return;
    this.close();
    this.#host.fail(error);
  }

  /** Hears and tells nothing more, and lets go of what it returned, as its author may hold on to the context. */
  close(): void {
    this.#open = false;
    if (this.#extras !== undefined) letGoOf(this.#extras);
    this.#host.scope.clock.wake();
  }

  private awaitForeign(promise: PromiseLike<unknown>): void {
    try {
      promise.then(
        (output) => this.resolved(output),
        (error: unknown) => this.rejected(error),
      );
    } catch (error) {
      this.rejected(error);
    }
  }

  private listen(stream: BodyStream): void {
    if (!this.#open) return;
    this.extra().stream = stream;
    stream.start();
  }

  get open(): boolean {
    return this.#open;
  }

  chunk(chunk: unknown): void {
    const { clock, loop } = this.#host.scope;
    if (!loop.running) clock.wake();
    const { body, reporter } = this.#host;
    if (body.collect !== undefined) {
      const extras = this.extra();
      extras.partials ??= [];
      extras.partials.push(chunk);
    }
    reporter.partial(chunk);
  }

  streamEnded(output: unknown): void {
    this.resolved(output);
  }

  streamFailed(error: unknown): void {
    this.rejected(error);
  }

  get signal(): AbortSignal {
    const extras = this.extra();
    extras.controller ??= new AbortController();
    if (extras.cancellation !== undefined) extras.controller.abort(extras.cancellation.error);
    return extras.controller.signal;
  }

  get runId(): string {
    return this.#host.scope.runId;
  }

  get sessionId(): string | undefined {
    return this.#host.scope.sessionId;
  }

  get context(): unknown {
    const { journal, context } = this.#host.scope;
    return journal === undefined ? context : journal.contextOver(context);
  }

  get idempotencyKey(): string {
    const path = this.path.replace(secondGoes, '$1');
    return `${encodeURIComponent(wellFormed(this.#host.scope.runId))}${encodeURI(wellFormed(path))}`;
  }

  get now(): () => number {
    return () => this.#read('now', () => this.#host.scope.clock.now());
  }

  get random(): () => number {
    const { journal, random } = this.#host.scope;
    return journal === undefined ? random : () => this.#read('random', random);
  }

  /** Reads of the clock or of chance; again as before, where an interrupted attempt is made again. */
  #read(what: string, make: () => number): number {
    const { journal } = this.#host.scope;
    if (journal === undefined) return make();
    const name = `${what}@${this.#host.reporter.readsAs}#${this.#reads++}`;
    return journal.read(this.path, name, make);
  }

  get progress(): (fraction: number, message?: string) => void {
    return (fraction, message) => {
      if (!this.wake()) return;
      if (!(fraction >= 0 && fraction <= 1))
        throw new DefinitionError(`progress ${fraction} is not from 0 to 1`);
      this.#host.reporter.tell({
        type: 'step.progress',
        fraction,
        ...(message === undefined ? {} : { message }),
      });
    };
  }

  get cost(): (cost: Cost) => void {
    return (cost) => {
      const late = !this.wake();
      if (cost.usd >= 0 && cost.usd < Number.POSITIVE_INFINITY)
        this.#host.reporter.cost(cost, this.spender, late, this.#host.scope.ledger);
      else if (!late) throw new DefinitionError(`a cost of ${cost.usd} is not an amount of dollars`);
    };
  }

  get partial(): (chunk: unknown) => void {
    const extras = this.extra();
    extras.tellPartial ??= (chunk) => {
      if (!this.#open) return;
      const { partial: schema } = this.#host.body;
      this.chunk(schema === undefined ? chunk : checkSync(schema, chunk, this.#id));
    };
    return extras.tellPartial;
  }

  get log(): (message: string, level?: LogLevel) => void {
    return (message, level = 'info') => {
      if (this.wake()) this.#host.reporter.tell({ type: 'step.log', level, message });
    };
  }

  get emit(): (name: string, data?: unknown) => void {
    return (name, data) => {
      if (this.wake()) this.#host.reporter.tell({ type: 'custom', name, data });
    };
  }

  private get spender(): Spender {
    return { path: this.path, id: this.#id, attempt: this.attempt };
  }

  private extra(): Extras {
    this.#extras ??= {
      controller: undefined,
      cancellation: undefined,
      stream: undefined,
      partials: undefined,
      tellPartial: undefined,
    };
    return this.#extras;
  }

  /** Time may have passed since the body was called. Says whether it may still tell. */
  private wake(): boolean {
    this.#host.scope.clock.wake();
    return this.#open;
  }
}

/** The marks of an item that its producer streams again, and of an undoing that was interrupted: the same work as before. */
const secondGoes = /(\]|!compensate)[~#]\d+/g;

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
