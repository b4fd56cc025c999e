import type { RunEvent } from '../core/events.ts';
import { TestingError } from './testing-error.ts';
import { timelineMarks } from './timeline-marks.ts';

/** What happened at one moment of a run, `afterMs` milliseconds after the moment before. */
export interface TimelineGroup {
  readonly afterMs: number;
  readonly tokens: readonly string[];
}

/** Gathers events by their time; the first group counts from the run's start, if that is among them. */
export function groupsOf(events: readonly RunEvent[]): TimelineGroup[] {
  const groups: { afterMs: number; tokens: string[] }[] = [];
  let at = (events.find(({ type }) => type === 'run.started') ?? events[0])?.at ?? 0;
  for (const event of events) {
    const group = groups.at(-1);
    if (group === undefined || event.at !== at)
      groups.push({ afterMs: event.at - at, tokens: [tokenOf(event)] });
    else group.tokens.push(tokenOf(event));
    at = event.at;
  }
  return groups;
}

/** Reads a timeline as it is written; blanks and line breaks only separate. */
export function parseTimeline(text: string): TimelineGroup[] {
  const groups: TimelineGroup[] = [];
  const piece = /\s*(?:\(([^()]*)\)|(\d+(?:\.\d+)?)(ms|s|m)(?![^\s()])|([^\s()]+))\s*/y;
  let afterMs: number | undefined = 0;
  while (piece.lastIndex < text.length) {
    const from = piece.lastIndex;
    const [, group, amount, unit, token] =
      piece.exec(text) ?? refuse(text, 'has a parenthesis without its other', from);
    if (amount !== undefined) {
      afterMs = (afterMs ?? 0) + Number(amount) * (unitMs[unit ?? ''] ?? 1);
      continue;
    }
    const tokens = (group ?? token ?? '').split(/\s+/).filter((name) => name !== '');
    if (tokens.length === 0) refuse(text, 'has an empty group', from);
    if (afterMs === undefined) refuse(text, 'puts what happens at one time outside parentheses', from);
    groups.push({ afterMs: afterMs ?? 0, tokens });
    afterMs = undefined;
  }
  if (afterMs !== undefined && text.trim() !== '') refuse(text, 'ends in a time', text.length);
  return groups;
}

/** Writes one group, as in `5ms (a| run|)`. */
export function formatGroup({ afterMs, tokens }: TimelineGroup): string {
  const moment = tokens.length === 1 ? tokens.join() : `(${tokens.join(' ')})`;
  return afterMs === 0 ? moment : `${afterMs}ms ${moment}`;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function tokenOf({ path, type }: RunEvent): string {
  const name = path === '' ? 'run' : path === '/run' ? path : path.slice(1);
  return name.replace(/[\s()]/g, encode) + timelineMarks[type];
}

const encode = (mark: string): string => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

function refuse(text: string, why: string, at: number): never {
  throw new TestingError(`the timeline ${why}, at "${text.slice(at).trim()}" in "${text.trim()}"`);
}
