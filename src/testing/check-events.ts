import type { RunEvent } from '../core/events.ts';
import { isEnd } from '../core/output-of.ts';
import { StepLaws } from './step-laws.ts';

/** What kind of stream is checked. */
export interface CheckEventsOptions {
  /** It was cut by unsubscribing: neither the run nor its steps need to have ended. */
  readonly cut?: boolean;
}

/**
 * Checks the laws that the events of every run keep, whatever is in it.
 *
 * expect(checkEvents(events)).toEqual([]);
 *
 * `seq` counts from 0 without gaps, `runId` stays, `at` never goes back. `run.started` is first, the run's one end is
 * last, and its cost is the sum of all costs. Every `step.started` is followed by exactly one end of that attempt, and
 * partials, progress, costs (but for late ones), logs, waits and custom events lie between the two. Attempts count from
 * 1, anew in each attempt of the step around; partials from 0 in each attempt. A step begins and ends within the step
 * that holds it.
 *
 * @param events of one run, from its first
 * @returns what is wrong, a sentence each
 */
export function checkEvents(events: readonly RunEvent[], options: CheckEventsOptions = {}): string[] {
  const violations: string[] = [];
  const steps = new StepLaws((event, wrong) =>
    violations.push(`event ${event.seq}, ${event.type}${event.path && ` of ${event.path}`}: ${wrong}`),
  );
  events.forEach((event, index) => {
    checkEnvelope(steps.report, event, events[index - 1], index);
    if (isEnd(event)) checkEnd(steps, event, events, index);
    else steps.check(event);
  });
  if (options.cut === true || events.some(isEnd)) return violations;
  violations.push('the run does not end');
  for (const path of steps.open) violations.push(`${path} does not end`);
  return violations;
}

type Report = StepLaws['report'];

function checkEnvelope(report: Report, event: RunEvent, before: RunEvent | undefined, index: number): void {
  if (event.seq !== index) report(event, `its seq should be ${index}`);
  if ((event.type === 'run.started') !== (index === 0))
    report(event, index === 0 ? 'the first event should be run.started' : 'the run had started already');
  if (event.type.startsWith('run.') && event.path !== '')
    report(event, 'an event of the run should have no path');
  if (before === undefined) return;
  if (event.runId !== before.runId)
    report(event, `its runId is ${event.runId}, before it was ${before.runId}`);
  if (event.at < before.at) report(event, `time goes back from ${before.at} to ${event.at} ms`);
  if (isEnd(before)) report(event, `the run had ended with ${before.type}`);
}

function checkEnd(
  steps: StepLaws,
  end: RunEvent & { costUsd: number },
  all: readonly RunEvent[],
  index: number,
): void {
  for (const path of steps.open) steps.report(end, `${path} has not ended`);
  const { costUsd } = steps;
  const kept = all
    .slice(0, index)
    .some((event) => event.type === 'step.completed' && event.source === 'journal');
  if (!kept && Math.abs(costUsd - end.costUsd) > 1e-9 * Math.max(1, costUsd))
    steps.report(end, `it cost ${end.costUsd}, but its steps said ${costUsd}`);
}
