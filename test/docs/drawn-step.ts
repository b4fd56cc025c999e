import { concatMap, EMPTY, from, type Observable, of, throwError, timer } from 'rxjs';
import { type Step, step } from 'tutti';
import { marksOf } from './drawing.ts';

/** A step that does what is drawn, one script for each call, the last again and again. */
export function drawnStep(
  id: string,
  scripts: readonly [string, ...string[]],
): Step<unknown, unknown, unknown> {
  let calls = 0;
  return step(id, (_: unknown, { cost }): Observable<unknown> => {
    const marks = marksOf(scripts[Math.min(calls++, scripts.length - 1)] ?? '');
    return from(marks.map((mark, n) => ({ ...mark, after: mark.at - (marks[n - 1]?.at ?? 0) }))).pipe(
      concatMap(({ after, text }) => timer(after).pipe(concatMap(() => done(text, cost)))),
    );
  });
}

function done(text: string, cost: (cost: { usd: number }) => void): Observable<unknown> {
  if (text === '|') return EMPTY;
  if (text === '#') return throwError(() => new RangeError('drawn'));
  if (!text.startsWith('$')) return of(text.replace('value ', ''));
  cost({ usd: Number(text.slice(1)) });
  return EMPTY;
}
