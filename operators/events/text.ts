import { defer, filter, map, type OperatorFunction } from 'rxjs';
import type { RunEvent, StepPartial, StepRetrying } from '../../src/core/events.ts';
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
 * @param step one that streams strings, matched by its id
 */
export function text(step: Step<never, unknown, string>): OperatorFunction<RunEvent, TextSoFar> {
  return (events$) =>
    defer(() => {
      const texts = new Map<string, string>();
      return events$.pipe(
        filter((event) => changesText(event, step.id)),
        map((event) => {
          const { path } = event;
          const text = event.type === 'step.partial' ? (texts.get(path) ?? '') + String(event.chunk) : '';
          texts.set(path, text);
          return { path, text };
        }),
      );
    });
}

function changesText(event: RunEvent, id: string): event is StepPartial | StepRetrying {
  return event.step === id && (event.type === 'step.partial' || event.type === 'step.retrying');
}
