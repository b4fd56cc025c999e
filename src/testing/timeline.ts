import type { RunEvent } from '../core/events.ts';
import { formatGroup, groupsOf } from './timeline-groups.ts';

/**
 * Writes the events of a run as one marble line.
 *
 * (run> a>) 5ms a. 5ms (a| b>) 3ms (b# run#)
 *
 * Parentheses hold what happened at one time; `Nms` is the time between. Unlike in RxJS, neither a token nor a group
 * takes time of its own, so the times add up to the run's. Each token is a step's path without its first slash (`run`
 * for the run itself, `/run` for a step of that name), then a mark:
 *
 * | mark | event | mark | event |
 * | --- | --- | --- | --- |
 * | `>` | started (run, step) | `*` | custom |
 * | `\|` | completed (run, step) | `-` | skipped |
 * | `#` | failed (run, step) | `=` | waiting (step), paused (run) |
 * | `!` | cancelled (run, step) | `+` | resumed (run, step) |
 * | `~` | retrying: ends the attempt | `^` | compensated |
 * | `<` | fallback | `:log` | log |
 * | `.` | partial | `:budget-alert` `:budget-exceeded` | budget |
 * | `%` | progress | `:circuit-opened` `:circuit-closed` | circuit |
 * | `$` | cost | `:tool-called` `:tool-completed` `:handoff` `:checkpoint` | tool, agent, checkpoint |
 *
 * The mark is what a token ends with, whatever the path has in it: `draft#2|` is the end of `/draft#2`. Blanks and
 * parentheses in a path are percent-encoded.
 *
 * Time: milliseconds from `run.started`; from the first event, if that is not among them.
 *
 * @param events of one run, all or some, in order
 */
export function timeline(events: readonly RunEvent[]): string {
  return groupsOf(events).map(formatGroup).join(' ');
}
