import { defer, filter, map, type OperatorFunction } from 'rxjs';
import type { RunEvent } from '../../src/core/events.ts';
import { isEnd } from '../../src/core/output-of.ts';
import type { StepState } from '../../src/core/status.ts';
import { nearestAbove } from './nearest-above.ts';

/** A stretch of time in which a run, or one attempt of a step, was under way. */
export interface Span {
  readonly runId: string;
  /** `''` for the run. */
  readonly path: string;
  /** The step's id; the workflow's name for the run. */
  readonly step: string;
  /** The path of the step that holds it, `''` where that is the run; none for the run. */
  readonly parentPath: string | undefined;
  readonly attempt: number;
  /** Milliseconds of the run's clock, as the `at` of events. */
  readonly startMs: number;
  readonly endMs: number;
  /** How it ended; `retrying` when another attempt followed. */
  readonly state: Exclude<StepState, 'running' | 'waiting'>;
}

/**
 * The timeline of a run as spans, for drawing it, each when it closes.
 *
 * run of n(a)   (R>, n>, a>)--(a retrying)--(a>)--(a completed, n completed, R completed)|
 * timeline()    --------------(a 1)---------------(a 2, n, R)|
 *
 * Each attempt is a span of its own, inside that of the step that holds it; the run's own is the last. So a span
 * closes after all that it holds; for a list of them, there is RxJS' `toArray`. A step that was skipped, or whose
 * result was kept from another run, has a span without duration.
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run or of many.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { sequence, timeline } from 'tutti/operators';
 *
 * const draft = step('draft', (topic: string) => `about ${topic}`);
 * const polish = step('polish', (text: string) => `${text}.`);
 * run(sequence(draft, polish), 'music')
 *   .pipe(timeline())
 *   .subscribe(({ path, state }) => console.log(`${path || 'run'} ${state}`)); // /draft completed, /polish completed, run completed
 * ```
 */
export function timeline(): OperatorFunction<RunEvent, Span> {
  return (events$) =>
    defer(() => {
      const runs = new Map<string, OpenSpans>();
      return events$.pipe(
        map((event) => {
          const open = runs.get(event.runId) ?? new OpenSpans();
          if (isEnd(event)) runs.delete(event.runId);
          else runs.set(event.runId, open);
          return open.after(event);
        }),
        filter((span) => span !== undefined),
      );
    });
}

/** The spans of one run that have not closed. */
class OpenSpans {
  readonly #open = new Map<string, RunEvent>();

  /** The span that an event closes. */
  after(event: RunEvent): Span | undefined {
    switch (event.type) {
      case 'run.started':
      case 'step.started':
        this.#open.set(event.path, event);
        return undefined;
      case 'run.completed':
      case 'step.completed':
        return this.#close(event, 'completed');
      case 'run.failed':
      case 'step.failed':
        return this.#close(event, 'failed');
      case 'run.cancelled':
      case 'step.cancelled':
        return this.#close(event, 'cancelled');
      case 'step.retrying':
        return this.#close(event, 'retrying');
      case 'step.skipped':
        return this.#close(event, 'skipped');
      default:
        return undefined;
    }
  }

  #close({ runId, path, step, attempt, at: endMs }: RunEvent, state: Span['state']): Span {
    const startMs = this.#open.get(path)?.at ?? endMs;
    this.#open.delete(path);
    const parentPath = path === '' ? undefined : (nearestAbove(this.#open, path)?.path ?? '');
    return { runId, path, step, parentPath, attempt, startMs, endMs, state };
  }
}
