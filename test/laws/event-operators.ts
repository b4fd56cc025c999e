import { map, mergeMap, type Observable, type OperatorFunction, timer, toArray } from 'rxjs';
import { type RunEvent, type Step, type StepPartial, step } from 'tutti';
import {
  byStep,
  conflate,
  costs,
  eventsOf,
  limitPartials,
  outputs,
  partials,
  perRun,
  progress,
  status,
  text,
  timeline,
  toGoblinReport,
  toReport,
  verbosity,
} from 'tutti/operators';

/** What is made of the events of a run. */
export type EventOperator = OperatorFunction<RunEvent, unknown>;

/** A step that stands for those of an id. */
const idle = (id: string): Step<unknown, unknown, string> =>
  step(id, async function* (_: unknown) {
    yield '';
  });

/**
 * Every operator on the events of a run whose results do not depend on time, as plain data.
 *
 * @param id of the step that some of them are about
 */
export function eventOperators(id: string): Readonly<Record<string, EventOperator>> {
  const one = idle(id);
  return {
    partials: partials(one),
    text: text(one),
    eventsOf: eventsOf(one),
    outputs: outputs(one),
    'status, read at once': (events$) => events$.pipe(status(), map(plain)),
    'status, read at the end': (events$) => events$.pipe(status(), toArray(), map(plain)),
    progress: progress(),
    'progress of what is expected': progress({ expectedSteps: 3, weights: { [id]: 2 } }),
    'costs, read at once': (events$) => events$.pipe(costs(), map(plain)),
    'costs, read at the end': (events$) => events$.pipe(costs(), toArray(), map(plain)),
    'byStep, by path': (events$) => events$.pipe(byStep(), grouped),
    'byStep, by id': (events$) => events$.pipe(byStep('step'), grouped),
    timeline: timeline(),
    toReport: toReport(),
    toGoblinReport: (events$) => events$.pipe(toReport(), map(toGoblinReport)),
    'verbosity, quiet': verbosity('quiet'),
    'verbosity, normal': verbosity('normal'),
    'verbosity, verbose': verbosity('verbose'),
    'conflate, always ready': conflate(() => [0]),
    'perRun of timeline': perRun(timeline()),
    'perRun of status': (events$) => events$.pipe(perRun(status()), map(plain)),
  };
}

/** Those that merge partials over time; none may lose anything. */
export const conflating: Readonly<Record<string, EventOperator>> = {
  'conflate, never ready': conflate(() => new Promise(() => {})),
  'conflate, ready after a while': conflate(() => timer(3)),
  limitPartials: limitPartials(5),
};

const grouped = (groups$: ReturnType<ReturnType<typeof byStep>>): Observable<unknown> =>
  groups$.pipe(mergeMap((group$) => group$.pipe(map((event) => [group$.key, event.seq]))));

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The same event, with text for a chunk. */
export function withText(event: RunEvent): RunEvent {
  return event.type === 'step.partial' ? { ...event, chunk: `${String(event.chunk)};` } : event;
}

/** What a run streamed, by path and attempt, joined; and all other events. */
export function streamedIn(events: readonly RunEvent[]): object {
  const texts: Record<string, string> = {};
  for (const event of events.filter(isPartial)) {
    const key = `${event.path} ${event.attempt}`;
    texts[key] = (texts[key] ?? '') + String(event.chunk);
  }
  return { texts, others: events.filter((event) => !isPartial(event)) };
}

const isPartial = (event: RunEvent): event is StepPartial => event.type === 'step.partial';
