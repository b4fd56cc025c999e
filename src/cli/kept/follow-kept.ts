import {
  auditTime,
  concat,
  concatMap,
  exhaustMap,
  filter,
  fromEvent,
  interval,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  take,
  takeUntil,
  throwError,
} from 'rxjs';
import type { Verbosity } from '../../../operators/events/verbosity.ts';
import type { RunEvent } from '../../core/events.ts';
import { isEnded } from '../../store/stored-run.ts';
import { type Followed, followRun } from '../run/follow-run.ts';
import type { View } from '../run/view.ts';
import { atRest } from './at-rest.ts';
import type { Kept } from './kept.ts';

/** How far a kept run is to be followed. */
export interface FollowOptions {
  /** Also no further than to where it only waits. */
  readonly leavesWaiting: boolean;
  /** Ends the following. */
  readonly signal: AbortSignal;
}

/** How often to look, after something has happened, whether that was all. */
const lookMs = 50;

/** How often to look whether whoever runs it is gone. */
const takeMs = 1000;

/**
 * Follows a kept run in front of a view: to its end, to where it only waits, or until that is aborted. When another process has
 * run it, and is gone, it is taken up here.
 *
 * Errors: those of the view; whatever keeps the run from going on here.
 */
export async function followKept(
  kept: Kept,
  runId: string,
  view: View,
  level: Verbosity,
  { leavesWaiting, signal }: FollowOptions,
): Promise<Followed> {
  const stopped$ = signal.aborted ? of(undefined) : fromEvent(signal, 'abort');
  const rests$ = leavesWaiting ? resting(kept, runId) : NEVER;
  const told$ = kept.orchestra.handle(runId).events$.pipe(takeUntil(merge(stopped$, rests$)));
  const events$ = new Observable<RunEvent>((subscriber) => {
    const failed = (error: unknown): void => subscriber.error(error);
    subscriber.add(troubled(kept, runId).subscribe({ error: failed }));
    subscriber.add(takenUp(kept, runId).subscribe({ error: failed }));
    subscriber.add(told$.subscribe(subscriber));
  });
  return followRun(events$, view, level);
}

/** Tells when the run does nothing until somebody does something. */
function resting({ store }: Kept, runId: string): Observable<unknown> {
  return merge(concat(of(undefined), NEVER), store.watch(runId)).pipe(
    auditTime(lookMs),
    concatMap(async () => atRest(store, runId)),
    filter((state) => state !== undefined && !isEnded(state)),
    take(1),
  );
}

function troubled({ troubles$ }: Kept, runId: string): Observable<never> {
  return troubles$.pipe(
    filter((trouble) => trouble.runId === runId || trouble.runId === ''),
    mergeMap(({ error }) => throwError(() => error)),
  );
}

/** Takes it up when nobody has it any more, by the clock of the store. */
function takenUp({ orchestra }: Kept, runId: string): Observable<unknown> {
  return interval(takeMs).pipe(exhaustMap(() => orchestra.take(runId)));
}
