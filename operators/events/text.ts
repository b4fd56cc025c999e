import { defer, filter, map, type OperatorFunction } from 'rxjs';
import { nodeOf } from '../../src/core/as-step.ts';
import type { RunEvent } from '../../src/core/events.ts';
import type { Step } from '../../src/core/step-types.ts';

/** The text of one place so far. */
export interface TextSoFar {
  readonly path: string;
  readonly text: string;
}

/**
 * The text a step has streamed so far, by the path it runs under; a retry begins it anew.
 *
 * events$       (partial 'he')(partial 'llo')(retrying)(partial 'hi')
 * text(step)    ('he')--------('hello')------('')------('hi')--------
 *
 * Errors: those of the stream.
 *
 * Events: takes those of one run; of many, with {@link perRun}.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { text } from 'tutti/operators';
 *
 * const write = step('write', async function* (topic: string) {
 *   yield* ['All ', 'about ', topic];
 * });
 * run(write, 'music')
 *   .pipe(text(write))
 *   .subscribe((so) => console.log(so.text.trim())); // All, All about, All about music
 * ```
 *
 * @param step one that streams strings, matched by its id
 */
export function text(step: Step<never, unknown, string>): OperatorFunction<RunEvent, TextSoFar> {
  nodeOf(step, 'text: the argument');
  return (events$) =>
    defer(() => {
      const texts = new Map<string, string>();
      return events$.pipe(
        filter((event) => event.step === step.id && follow(texts, event)),
        map(({ path }) => ({ path, text: texts.get(path) ?? '' })),
      );
    });
}

/** Takes in what happened to a step, and says whether there is another text to tell of. */
function follow(texts: Map<string, string>, event: RunEvent): boolean {
  const { path } = event;
  switch (event.type) {
    case 'step.partial':
      texts.set(path, (texts.get(path) ?? '') + String(event.chunk));
      return true;
    case 'step.retrying':
      return texts.delete(path);
    case 'step.completed':
    case 'step.failed':
    case 'step.cancelled':
      // What comes again under this path, because a step around it is retried, begins anew.
      texts.delete(path);
      return false;
    default:
      return false;
  }
}
