import { type Observable, Subscriber } from 'rxjs';
import { checkOptions } from '../../src/core/check-given.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import { Queue } from '../../src/core/queue.ts';
import { BufferOverflowError } from './buffer-overflow-error.ts';

/** What happens to what does not fit into a full buffer. */
export type Overflow = 'error' | 'drop-oldest' | 'drop-newest';

export interface BufferOptions {
  /** How much may wait to be asked for: a whole number from 1, or `Infinity`; default 1000. */
  readonly buffer?: number;
  /**
   * What happens when the buffer is full: `'error'` (default) lets go of the source, and fails once what waits has been
   * read; `'drop-oldest'` forgets what has waited longest, `'drop-newest'` what has just come.
   */
  readonly overflow?: Overflow;
}

/**
 * Reads an Observable with `for await`.
 *
 * events$               --(a)(b)-----(c)|
 * toAsyncIterable       next: a, next: b, next: c, done
 *
 * An Observable does not wait for its reader, so what has not been asked for waits in a bounded buffer; to have less
 * of it, there is {@link limitPartials}. Each iterator subscribes for itself, with its first `next`. Many may be asked
 * for at once.
 *
 * Errors: that of the stream, once, after what came before it; {@link BufferOverflowError} with `overflow: 'error'`;
 * `DefinitionError` for invalid options.
 *
 * Events: takes those of one run or of many, or anything else.
 *
 * Unsubscribing: `return`, as at the end of a `for await` that is left, lets go of the source, and what waits is
 * forgotten.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { toAsyncIterable } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * for await (const { type } of toAsyncIterable(run(greet, 'you'), { buffer: 100 }))
 *   console.log(type); // run.started, step.started, step.completed, run.completed
 * ```
 *
 * @param source$ the events of runs, or what an operator makes of them
 * @param options `buffer`, `overflow`
 */
export function toAsyncIterable<T>(source$: Observable<T>, options: BufferOptions = {}): AsyncIterable<T> {
  checkOptions<BufferOptions>('toAsyncIterable', options, { buffer: 'number', overflow: 'string' });
  const { buffer = 1000, overflow = 'error' } = options;
  if (!(buffer >= 1 && (Number.isInteger(buffer) || buffer === Number.POSITIVE_INFINITY)))
    throw new DefinitionError(`toAsyncIterable: buffer ${buffer} is not a whole number from 1, or Infinity`);
  if (!['error', 'drop-oldest', 'drop-newest'].includes(overflow))
    throw new DefinitionError(
      `toAsyncIterable: overflow ${JSON.stringify(overflow)} is not 'error', 'drop-oldest' or 'drop-newest'`,
    );
  return { [Symbol.asyncIterator]: () => new BufferedIterator(source$, buffer, overflow) };
}

/** One who waits for the next value. */
interface Waiting<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

class BufferedIterator<T> implements AsyncIterator<T, undefined> {
  readonly #source$: Observable<T>;
  readonly #buffer: number;
  readonly #overflow: Overflow;
  readonly #values = new Queue<T>();
  readonly #waiting = new Queue<Waiting<T>>();
  #listener: Subscriber<T> | undefined;
  #ended = false;
  /** What it ended with, until somebody has been told. */
  #failure: { readonly error: unknown } | undefined;

  constructor(source$: Observable<T>, buffer: number, overflow: Overflow) {
    this.#source$ = source$;
    this.#buffer = buffer;
    this.#overflow = overflow;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiting.put({ resolve, reject });
      this.#serve();
      if (this.#listener === undefined && !this.#ended) this.#listen();
    });
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#values.clear();
    this.#failure = undefined;
    this.#end();
    return { done: true, value: undefined };
  }

  #listen(): void {
    this.#listener = new Subscriber<T>({
      next: (value) => this.#take(value),
      error: (error: unknown) => this.#end({ error }),
      complete: () => this.#end(),
    });
    this.#source$.subscribe(this.#listener);
  }

  #take(value: T): void {
    const full = this.#values.size >= this.#buffer;
    if (full && this.#overflow === 'error')
      return this.#end({ error: new BufferOverflowError(this.#buffer) });
    if (full && this.#overflow === 'drop-newest') return;
    if (full) this.#values.take();
    this.#values.put(value);
    this.#serve();
  }

  #end(failure?: { readonly error: unknown }): void {
    if (!this.#ended) this.#failure = failure;
    this.#ended = true;
    this.#listener?.unsubscribe();
    this.#serve();
  }

  /** Answers those who wait, as far as there is something to answer. */
  #serve(): void {
    while (this.#values.size > 0 || this.#ended) {
      const waiting = this.#waiting.take();
      if (waiting === undefined) return;
      this.#answer(waiting.value);
    }
  }

  #answer({ resolve, reject }: Waiting<T>): void {
    const failure = this.#failure;
    const next = this.#values.take();
    if (next !== undefined) return resolve({ done: false, value: next.value });
    this.#failure = undefined;
    if (failure === undefined) resolve({ done: true, value: undefined });
    else reject(failure.error);
  }
}
