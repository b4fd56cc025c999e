import { from, map, mergeMap, type Observable, timer } from 'rxjs';
import type { Signal } from 'tutti';

/** Signals at times of virtual milliseconds: `[time, name, payload]`. */
export function sent(
  ...all: readonly (readonly [at: number, name: string, payload?: unknown])[]
): Observable<Signal> {
  return from(all).pipe(mergeMap(([at, name, payload]) => timer(at).pipe(map(() => ({ name, payload })))));
}
