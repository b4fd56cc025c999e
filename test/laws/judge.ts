import type { RunEvent } from 'tutti';
import { checkEvents } from 'tutti/testing';
import { type Play, reason, type Score } from './play.ts';

/** What a play breaks of the five promises, a sentence each; nothing, if it keeps them. */
export function judge(play: Play, score: Score = {}): string[] {
  const { cut } = play;
  if (score.as === 'pipe') return judgePipe(play, cut);
  const wrong = checkEvents(play.events, { cut }).map((law) => `P1: ${law}`);
  wrong.push(...clean(play));
  if (cut) return wrong;
  wrong.push(...judgeEnd(play, score.disturbance?.deed));
  wrong.push(...judgeCost(play));
  return wrong;
}

/** How a run that ended says so. */
export function endOf(events: readonly RunEvent[]): string {
  return events.at(-1)?.type ?? 'nothing';
}

/** The sum of all costs that were told. */
function sumOfCosts(events: readonly RunEvent[]): number {
  return events.reduce((sum, event) => (event.type === 'step.cost' ? sum + event.usd : sum), 0);
}

function clean({ held }: Play): string[] {
  return held.map((what) => `P3: ${what}`);
}

function judgeEnd({ events, notification, disturbed }: Play, deed: string | undefined): string[] {
  const wrong: string[] = [];
  const last = events.at(-1);
  if (notification !== 'complete') wrong.push(`P2: the run gives ${notification} instead of completing`);
  if (last === undefined || !/^run\.(completed|failed|cancelled)$/.test(last.type))
    return [...wrong, `P5: the run ends with ${last?.type ?? 'nothing'}`];
  if (!disturbed || deed === undefined) {
    if (last.type === 'run.cancelled') wrong.push('P3: nobody cancelled it');
  } else if (last.type === 'run.failed' && failsAnyway(last.error.code)) {
    return wrong;
  } else if (last.type !== 'run.cancelled') wrong.push(`P3: after ${deed} it ends with ${last.type}`);
  else if (last.reason !== reason) wrong.push(`P3: its reason is ${last.reason}`);
  return wrong;
}

/** It was failing when it was cancelled, or could not be cancelled as it should. */
const failsAnyway = (code: string): boolean => code === 'BUDGET_EXCEEDED' || code === 'COMPENSATION_FAILED';

function judgeCost({ events, world }: Play): string[] {
  const last = events.at(-1);
  if (last === undefined || !('costUsd' in last)) return [];
  const wrong: string[] = [];
  const told = sumOfCosts(events);
  if (told !== last.costUsd) wrong.push(`P4: costs of ${told} were told, the run says ${last.costUsd}`);
  if (world.spentUsd !== last.costUsd)
    wrong.push(`P4: bodies spent ${world.spentUsd}, the run says ${last.costUsd}`);
  return wrong;
}

/** In a bare pipe there is no run that starts, ends and sums up: so one is put around what its steps tell. */
function judgePipe(play: Play, cut: boolean): string[] {
  const { events, notification, values } = play;
  const costUsd = sumOfCosts(events);
  const end = { type: notification === 'error' ? 'run.failed' : 'run.completed', costUsd };
  const framed = [{ type: 'run.started' }, ...events, ...(cut ? [] : [end])];
  const envelope = { path: '', runId: events[0]?.runId, at: events.at(-1)?.at };
  const whole = framed.map((event, seq) => ({ ...envelope, at: seq === 0 ? 0 : envelope.at, ...event, seq }));
  const wrong = checkEvents(whole as RunEvent[], { cut }).map((law) => `P1: in a pipe: ${law}`);
  const gap = events.findIndex((event, seq) => event.seq !== seq);
  if (gap >= 0) wrong.push(`P1: in a pipe: event ${gap} has seq ${events[gap]?.seq}`);
  wrong.push(...clean(play));
  if (!cut && notification === 'none') wrong.push('P5: the pipe does not end');
  if (!cut && values.length !== (notification === 'complete' ? 1 : 0))
    wrong.push(`P2: the pipe ends in ${notification} after ${values.length} values`);
  return wrong;
}
