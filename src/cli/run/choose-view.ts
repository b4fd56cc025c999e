import type { Verbosity } from '../../../operators/events/verbosity.ts';
import type { OpenedWorkflow } from '../load/open-workflow.ts';
import { type Terminal, terminalOf } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { Followed } from './follow-run.ts';
import { LinesView } from './lines-view.ts';
import type { Answer } from './note-of.ts';
import { QuietView } from './quiet-view.ts';
import { reportEnd, showEnd } from './show-end.ts';
import type { View } from './view.ts';

/** How a run is to be shown. */
export interface ShowOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** Where a run is shown, and its end. */
export interface Showing {
  readonly view: View;
  readonly level: Verbosity;
  readonly inLines: boolean;
  end(followed: Followed): void;
}

/** Of the workflow that is shown: what is known of it. */
export type Shown = Pick<OpenedWorkflow, 'expected' | 'settings'>;

export function checkShowOptions({ quiet, verbose }: ShowOptions): void {
  if (quiet && verbose) throw new UsageError('--quiet and --verbose exclude each other');
}

/**
 * How a run is shown: live in a terminal, as lines of JSON elsewhere.
 *
 * @param from of which event on to tell it
 */
export async function chooseView(
  shown: Shown,
  options: ShowOptions,
  answer: Answer,
  from = 0,
): Promise<Showing> {
  const terminal = terminalOf(process.stdout);
  const inLines = options.json === true || !terminal.isTTY;
  const lines = inLines ? new LinesView(from, options.quiet === true) : undefined;
  return {
    view: lines ?? (await terminalView(terminal, shown, options, answer, from)),
    level: inLines ? lineLevel(options, shown) : 'verbose',
    inLines,
    end(followed) {
      if (!inLines) showEnd(followed, terminal, options.quiet === true);
      if (inLines || options.quiet) reportEnd(followed.end, lines?.failedStep);
    },
  };
}

async function terminalView(
  terminal: Terminal,
  { expected, settings }: Shown,
  options: ShowOptions,
  answer: Answer,
  notesFrom: number,
): Promise<View> {
  if (options.quiet) return new QuietView();
  const verbose = options.verbose ?? settings.verbosity === 'verbose';
  const logLevel = options.verbose ? 'debug' : (settings.logLevel ?? 'info');
  const { LiveView } = await import('./live-view.ts');
  return new LiveView(terminal, { expected, verbose, logLevel, answer, notesFrom });
}

/** Programs that read events want all of them, unless somebody says otherwise. */
function lineLevel({ quiet, verbose }: ShowOptions, { settings }: Shown): Verbosity {
  if (quiet) return 'quiet';
  return verbose ? 'verbose' : (settings.verbosity ?? 'verbose');
}
