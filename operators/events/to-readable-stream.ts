import type { Observable } from 'rxjs';
import { checkOptions } from '../../src/core/check-given.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import { type BufferOptions, toAsyncIterable } from './to-async-iterable.ts';

export interface ReadableStreamOptions extends BufferOptions {
  /** How much the stream takes out of the buffer before it is asked for: a number from 0, default 1. */
  readonly highWaterMark?: number;
}

/**
 * Makes a Web stream of an Observable, as an HTTP answer takes it.
 *
 * events$               --(a)(b)-----(c)|
 * toReadableStream      read: a, read: b, read: c, done
 *
 * The stream takes from a buffer only what its reader has room for; the buffer, which an Observable fills without
 * waiting, is that of {@link toAsyncIterable}, with the same bound and policy. It subscribes with the first pull: at
 * once, or with the first read when `highWaterMark` is 0.
 *
 * Errors: those of `toAsyncIterable`, from `read`.
 *
 * Events: takes those of one run or of many, or anything else.
 *
 * Unsubscribing: `cancel` lets go of the source, and what waits is forgotten.
 *
 * ```ts
 * import { map } from 'rxjs';
 * import { run, step } from 'tutti';
 * import { toReadableStream, verbosity } from 'tutti/operators';
 *
 * const greet = step('greet', (name: string) => `Hello ${name}`);
 * const lines$ = run(greet, 'you').pipe(
 *   verbosity('normal'),
 *   map((event) => `${JSON.stringify(event)}\n`),
 * );
 * const answer = new Response(toReadableStream(lines$).pipeThrough(new TextEncoderStream()));
 * console.log((await answer.text()).split('\n').length); // 5
 * ```
 *
 * @param source$ the events of runs, or what an operator makes of them
 * @param options `highWaterMark`; `buffer`, `overflow`
 */
export function toReadableStream<T>(
  source$: Observable<T>,
  options: ReadableStreamOptions = {},
): ReadableStream<T> {
  checkOptions<ReadableStreamOptions>('toReadableStream', options, {
    buffer: 'number',
    overflow: 'string',
    highWaterMark: 'number',
  });
  const { highWaterMark = 1, ...buffering } = options;
  if (!(highWaterMark >= 0))
    throw new DefinitionError(`toReadableStream: highWaterMark ${highWaterMark} is not a number from 0`);
  const iterator = toAsyncIterable(source$, buffering)[Symbol.asyncIterator]();
  let cancelled = false;
  const pull = async (controller: ReadableStreamDefaultController<T>): Promise<void> => {
    const result = await iterator.next();
    if (cancelled) return;
    if (result.done === true) controller.close();
    else controller.enqueue(result.value);
  };
  const cancel = async (): Promise<void> => {
    cancelled = true;
    await iterator.return?.();
  };
  return new ReadableStream<T>({ pull, cancel }, { highWaterMark });
}
