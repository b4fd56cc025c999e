import { timer } from 'rxjs';

/** A signal that is aborted after so many milliseconds of virtual time. */
export function abortAfter(ms: number, reason = 'enough'): AbortSignal {
  const controller = new AbortController();
  timer(ms).subscribe(() => controller.abort(reason));
  return controller.signal;
}
