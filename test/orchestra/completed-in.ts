import type { RunEvent } from 'tutti';

/** The places of the steps that were tried again. */
export function retriedIn(events: readonly RunEvent[]): ReadonlySet<string> {
  return new Set(events.flatMap(({ type, path }) => (type === 'step.retrying' ? [path] : [])));
}

/**
 * The places of the steps that have completed and count. What ran inside a step that is tried again counts no more from the moment
 * that something inside it has failed: that is written down before it is tried again, which is told with what comes next.
 */
export function completedIn(events: readonly RunEvent[], retried: ReadonlySet<string>): ReadonlySet<string> {
  const completed = new Set<string>();
  for (const { type, path } of events) {
    if (type === 'step.completed') completed.add(path);
    if (type !== 'step.failed' && type !== 'step.retrying') continue;
    const around = [...retried].filter((one) => path === one || path.startsWith(`${one}/`));
    for (const inner of completed)
      if (around.some((one) => inner.startsWith(`${one}/`))) completed.delete(inner);
  }
  return completed;
}
