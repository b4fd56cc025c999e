import type { RunEvent } from '../../core/events.ts';
import { pendingStatus, type RunStatus, reduceStatus } from '../../core/status.ts';

/** How many of the last characters of a streamed text are kept. */
const tail = 400;

/** How a run stands, with what is being streamed. */
export class LiveModel {
  status: RunStatus = pendingStatus;
  /** By path: how far it says it is. */
  readonly progress = new Map<string, { readonly fraction: number; readonly message?: string }>();
  /** By path: the end of what it has streamed. */
  readonly streamed = new Map<string, string>();

  add(event: RunEvent): void {
    this.status = reduceStatus(this.status, event);
    const { path } = event;
    switch (event.type) {
      case 'step.progress':
        this.progress.set(path, event);
        break;
      case 'step.partial':
        this.streamed.set(path, appended(this.streamed.get(path) ?? '', event.chunk));
        break;
      case 'step.retrying':
      case 'step.completed':
      case 'step.failed':
      case 'step.cancelled':
        this.progress.delete(path);
        this.streamed.delete(path);
    }
  }
}

/** Pieces of text make one text; what is no text stands for itself. */
function appended(before: string, chunk: unknown): string {
  if (typeof chunk === 'string') return (before + chunk).slice(-tail);
  try {
    return JSON.stringify(chunk).slice(0, tail);
  } catch {
    return typeof chunk;
  }
}
