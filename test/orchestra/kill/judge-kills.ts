import { isDeepStrictEqual } from 'node:util';
import { firstValueFrom, of, toArray } from 'rxjs';
import { type RunEvent, run } from 'tutti';
import { checkEvents } from 'tutti/testing';
import { completedIn, retriedIn } from '../completed-in.ts';
import { answer, longWorkflow } from '../long-workflow.ts';
import type { Chronicle, Line } from './until-it-ends.ts';

/** A run that nothing happened to. */
export interface Undisturbed {
  readonly events: readonly RunEvent[];
  /** How often the body at a place started. */
  readonly starts: ReadonlyMap<string, number>;
}

export async function undisturbed(): Promise<Undisturbed> {
  const starts = new Map<string, number>();
  const workflow = longWorkflow({ started: (path) => starts.set(path, (starts.get(path) ?? 0) + 1) });
  const run$ = run(workflow as never, 3 as never, { signals$: of(answer) });
  return { events: (await firstValueFrom(run$.pipe(toArray()))) as RunEvent[], starts };
}

/** What is wrong with a run that was killed: a sentence each. */
export function judgeKills(chronicle: Chronicle, expected: Undisturbed): string[] {
  return [
    ...judgeEnd(chronicle, expected),
    ...judgeStore(chronicle),
    ...judgeStarts(chronicle, expected),
    ...judgeCosts(chronicle, expected),
  ];
}

function judgeEnd({ stored, events, said }: Chronicle, expected: Undisturbed): string[] {
  const wrong = checkEvents(events);
  const [end, meant] = [events.at(-1), expected.events.at(-1)];
  if (end?.type !== 'run.completed' || meant?.type !== 'run.completed')
    return [...wrong, `it ends in ${end?.type}`];
  if (end.output !== meant.output) wrong.push(`it gives ${end.output}, and should give ${meant.output}`);
  if (stored?.state !== 'completed' || stored.output !== end.output || stored.costUsd !== end.costUsd)
    wrong.push(`the store has ${JSON.stringify(stored)}`);
  const [done, should] = [completedPaths(events), completedPaths(expected.events)];
  if (!isDeepStrictEqual(done, should)) wrong.push(`completed are ${done}, and should be ${should}`);
  if (said !== 'completed\n') wrong.push(`a worker says ${said}`);
  return wrong;
}

/** What was written is never changed or lost, and whoever follows hears of all of it. */
function judgeStore({ kills, events, heard }: Chronicle): string[] {
  const wrong = kills.flatMap(({ plan, events: then }, nth) =>
    isDeepStrictEqual(then, events.slice(0, then.length))
      ? []
      : [`kill ${nth}, ${plan.point}: what had been written is not the beginning of what there is`],
  );
  if (!isDeepStrictEqual(heard, events)) wrong.push(`${heard.length} of ${events.length} events were heard`);
  return wrong;
}

/** Nothing completed runs again, and nothing else more often than it was under way at a kill. */
function judgeStarts({ kills, ledger, events }: Chronicle, { starts }: Undisturbed): string[] {
  const retried = retriedIn(events);
  const allowed = new Map(starts);
  const wrong: string[] = [];
  for (const [nth, kill] of kills.entries()) {
    const done = completedIn(kill.events, retried);
    const life = ledger.slice(kill.lines, kills[nth + 1]?.lines ?? ledger.length);
    const later = events.slice(kill.events.length);
    const again = life.filter(
      ({ what, path }) => what === 'start' && done.has(path) && !isRetried(path, later),
    );
    wrong.push(...again.map(({ path }) => `${path} had completed at kill ${nth}, and runs again`));
    const before = kills[nth - 1];
    const lifeBefore = ledger.slice(before?.lines ?? 0, kill.lines);
    for (const path of underWay(lifeBefore, kill.events.slice(before?.events.length ?? 0)))
      allowed.set(path, (allowed.get(path) ?? 0) + 1);
  }
  for (const [path, count] of countOf(ledger, 'start'))
    if (count > (allowed.get(path) ?? 0))
      wrong.push(`${path} starts ${count} times, not ${allowed.get(path)}`);
  return wrong;
}

/** A step around a place is tried again. */
function isRetried(path: string, events: readonly RunEvent[]): boolean {
  return events.some(({ type, path: outer }) => type === 'step.retrying' && path.startsWith(`${outer}/`));
}

/** The bodies that started in a life and whose end was not written in it. */
function underWay(life: readonly Line[], events: readonly RunEvent[]): string[] {
  const ends = events.filter(({ type }) => /^step\.(completed|failed|cancelled|retrying)$/.test(type));
  const ended = counted(ends.map(({ path, attempt }) => `${path} ${attempt}`));
  return life.flatMap(({ what, path, attempt }) => {
    if (what !== 'start') return [];
    const left = ended.get(`${path} ${attempt}`) ?? 0;
    ended.set(`${path} ${attempt}`, left - 1);
    return left > 0 ? [] : [path];
  });
}

/** Every body that gave its output has its cost counted, once for each time that it came so far. */
function judgeCosts({ ledger, events }: Chronicle, expected: Undisturbed): string[] {
  const told = costsOf(events);
  const most = countOf(ledger, 'end');
  const wrong = [...told].flatMap(([path, count]) =>
    count > (most.get(path) ?? 0) ? [`${path} cost ${count} times, and ended ${most.get(path)} times`] : [],
  );
  for (const [path, count] of costsOf(expected.events))
    if (path !== interruptible && (told.get(path) ?? 0) < count)
      wrong.push(`${path} cost ${told.get(path)} times, not ${count}`);
  return wrong;
}

/** It fails in its first attempts, of which a kill may be one. */
const interruptible = '/flaky';

function costsOf(events: readonly RunEvent[]): Map<string, number> {
  const costs = events.filter((event) => event.type === 'step.cost' && event.late !== true);
  return counted(costs.map(({ path }) => path));
}

function countOf(ledger: readonly Line[], kind: Line['what']): Map<string, number> {
  return counted(ledger.filter(({ what }) => what === kind).map(({ path }) => path));
}

function counted(paths: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1);
  return counts;
}

/** Loses the race; where a commit takes long, it completes meanwhile all the same. */
const loser = '/race/slow';

function completedPaths(events: readonly RunEvent[]): string[] {
  const done = events.filter(({ type, path }) => type === 'step.completed' && path !== loser);
  return [...new Set(done.map(({ path }) => path))].toSorted();
}
