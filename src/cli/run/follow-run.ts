import { connectable, filter, lastValueFrom, type Observable, Subject, tap } from 'rxjs';
import { type RunReport, toReport } from '../../../operators/events/to-report.ts';
import { type Verbosity, verbosity } from '../../../operators/events/verbosity.ts';
import type { RunEnded, RunEvent } from '../../core/events.ts';
import { isEnd } from '../../core/output-of.ts';
import type { View } from './view.ts';

/** How a run ended, and what it did; nothing of one that goes on. */
export interface Followed {
  readonly end: RunEnded | undefined;
  readonly report: RunReport | undefined;
}

/** Follows a run to its end, or that of its stream, in front of a view. Errors: those of the view, which end the run at once. */
export async function followRun(
  events$: Observable<RunEvent>,
  view: View,
  level: Verbosity,
): Promise<Followed> {
  const shared = connectable(events$, { connector: () => new Subject<RunEvent>(), resetOnDisconnect: false });
  const ended = lastValueFrom(shared.pipe(filter(isEnd)), { defaultValue: undefined });
  const reported = lastValueFrom(shared.pipe(toReport()), { defaultValue: undefined });
  const failed = new Promise<never>((_, reject) => {
    const shown$ = shared.pipe(
      verbosity(level),
      tap((event) => view.add(event)),
    );
    shown$.subscribe({ error: reject });
  });
  const connection = shared.connect();
  try {
    const [end, report] = await Promise.race([Promise.all([ended, reported]), failed]);
    return { end, report };
  } finally {
    connection.unsubscribe();
    view.close();
  }
}
