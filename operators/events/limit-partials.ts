import { type Observable, type SchedulerLike, timer } from 'rxjs';
import { checkOptions } from '../../src/core/check-given.ts';
import { type Duration, toMs } from '../../src/core/duration.ts';
import type { RunEvent } from '../../src/core/events.ts';
import { type ConflateOptions, conflate } from './conflate.ts';

export interface LimitPartialsOptions extends ConflateOptions {
  /** Where time comes from; default RxJS' `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Gives at most one partial of each step in each interval; those between are merged, and none is lost.
 *
 * events$               (partial a)(partial b)--(partial c)-------------(completed)|
 * limitPartials(8)      (a)-----------------------------(bc)------------(completed)|
 *
 * It is {@link conflate} with a listener that is ready again after the interval. Another event of the run pushes what
 * waits ahead of it, and so may let a step have one partial more. Texts are joined; chunks that `merge` keeps apart, as
 * by default it does all others, come one after another at the end of the interval.
 *
 * Time: milliseconds on the scheduler, from when partials were handed on.
 *
 * Errors: what `merge` throws; those of the stream, after what waits; `DefinitionError` for an invalid duration.
 *
 * Events: takes those of one run or of many; the intervals are the same for all.
 *
 * Unsubscribing drops what waits, and ends the timer.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { limitPartials, partials } from 'tutti/operators';
 *
 * const write = step('write', async function* (topic: string) {
 *   for (const word of ['All ', 'about ', topic]) yield word;
 * });
 * run(write, 'music')
 *   .pipe(limitPartials('100ms'), partials(write))
 *   .subscribe((text) => console.log(text.trim())); // All, about music
 * ```
 *
 * @param interval milliseconds, or words such as `'100ms'`
 * @param options `merge`, as of `conflate`; `scheduler`
 */
export function limitPartials(
  interval: Duration,
  options: LimitPartialsOptions = {},
): <E extends RunEvent>(events$: Observable<E>) => Observable<E> {
  const ms = toMs(interval, 'limitPartials');
  checkOptions<LimitPartialsOptions>('limitPartials', options, { merge: 'function', scheduler: 'object' });
  const { scheduler, ...merging } = options;
  return conflate(() => timer(ms, scheduler), merging);
}
