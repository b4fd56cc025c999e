import type { Verbosity } from '../../../operators/events/verbosity.ts';
import type { RunEnded } from '../../core/events.ts';
import { run } from '../../core/run.ts';
import { exitCode } from '../exit-code.ts';
import { loadSkills } from '../load/load-skills.ts';
import { type OpenedWorkflow, openWorkflow } from '../load/open-workflow.ts';
import { readInput } from '../load/read-input.ts';
import { textHint } from '../load/text-hint.ts';
import { workflowSource } from '../load/workflow-source.ts';
import { type Terminal, terminalOf } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { followRun } from './follow-run.ts';
import { Interruption } from './interruption.ts';
import { type Limits, limited } from './limited.ts';
import { LinesView } from './lines-view.ts';
import { QuietView } from './quiet-view.ts';
import { reportEnd, showEnd } from './show-end.ts';
import type { View } from './view.ts';

/** What `tutti run` is called with. */
export interface RunCommandOptions extends Limits {
  readonly input?: string;
  readonly set?: readonly string[];
  readonly skills?: readonly string[];
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
}

const codes: Readonly<Record<RunEnded['type'], number>> = {
  'run.completed': exitCode.completed,
  'run.failed': exitCode.failed,
  'run.cancelled': exitCode.cancelled,
};

/** Runs a workflow to its end, and shows it: live in a terminal, as lines of JSON elsewhere. */
export async function runCommand(target: string, options: RunCommandOptions): Promise<number> {
  if (options.quiet && options.verbose) throw new UsageError('--quiet and --verbose exclude each other');
  const source = await workflowSource(target);
  const opened = openWorkflow(source, await loadSkills(options.skills, source.file));
  const hint = await textHint(source);
  if (hint !== undefined) process.stderr.write(`tutti: ${hint}\n`);
  const input = await readInput(options.input, options.set);
  // Checks the input, and runs nothing: policies around a workflow would check it only in the run.
  run(opened.workflow, input);
  const workflow = limited(opened.workflow, options);

  const terminal = terminalOf(process.stdout);
  const inLines = options.json === true || !terminal.isTTY;
  const view = inLines ? new LinesView() : await terminalView(terminal, opened, options);
  const level = inLines ? lineLevel(options, opened) : 'verbose';
  const interruption = new Interruption(() => view.interrupted());
  const followed = await followRun(run(workflow, input, { signal: interruption.signal }), view, level);
  if (!inLines) showEnd(followed, terminal, options.quiet === true);
  if (inLines || options.quiet) reportEnd(followed.end);
  return codes[followed.end.type];
}

async function terminalView(
  terminal: Terminal,
  { expected, settings }: OpenedWorkflow,
  options: RunCommandOptions,
): Promise<View> {
  if (options.quiet) return new QuietView();
  const verbose = options.verbose ?? settings.verbosity === 'verbose';
  const logLevel = options.verbose ? 'debug' : (settings.logLevel ?? 'info');
  const { LiveView } = await import('./live-view.ts');
  return new LiveView(terminal, { expected, verbose, logLevel });
}

/** Programs that read events want all of them, unless somebody says otherwise. */
function lineLevel({ quiet, verbose }: RunCommandOptions, { settings }: OpenedWorkflow): Verbosity {
  if (quiet) return 'quiet';
  return verbose ? 'verbose' : (settings.verbosity ?? 'verbose');
}
