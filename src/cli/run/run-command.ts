import { run } from '../../core/run.ts';
import { namedStore, usualStore } from '../kept/named-store.ts';
import { checkSets } from '../load/check-sets.ts';
import { loadSkills } from '../load/load-skills.ts';
import { openWorkflow } from '../load/open-workflow.ts';
import { readInput } from '../load/read-input.ts';
import { textHint } from '../load/text-hint.ts';
import { workflowSource } from '../load/workflow-source.ts';
import { whereFrom } from '../report-error.ts';
import { UsageError } from '../usage-error.ts';
import { checkShowOptions, chooseView } from './choose-view.ts';
import { codeOf } from './code-of.ts';
import { followRun } from './follow-run.ts';
import { Interruption } from './interruption.ts';
import { limited } from './limited.ts';
import type { RunCommandOptions } from './run-options.ts';

/** Runs a workflow to its end, and shows it: live in a terminal, as lines of JSON elsewhere. */
export async function runCommand(target: string, options: RunCommandOptions): Promise<number> {
  checkShowOptions(options);
  const source = await workflowSource(target);
  const skills = await loadSkills(options.skills, source.file);
  const opened = openWorkflow(source, skills);
  const hint = await textHint(source, skills);
  if (hint !== undefined) process.stderr.write(`tutti: ${hint}\n`);
  checkSets(options.set, opened.fields);
  const input = await readInput(options.input, options.set);
  if (input === undefined && opened.required !== undefined && opened.required.length > 0)
    throw new UsageError(
      `the input lacks ${opened.required.join(', ')}\n${whereFrom(`--set ${opened.required[0]}=VALUE`)}`,
    );
  // Checks the input, and runs nothing: policies around a workflow would check it only in the run.
  run(opened.workflow, input);
  const step = limited(opened.workflow, options);
  const store = storeOf(options, opened.settings.saveIntermediateResults === true);
  if (store !== undefined) {
    const { runKept } = await import('../kept/run-kept.ts');
    return runKept(store, { source, skills, opened, step, input }, options);
  }
  const showing = await chooseView(opened, options, () => nobodyAnswers);
  const interruption = new Interruption(() =>
    showing.view.interrupted('cancelling; Ctrl-C again stops at once'),
  );
  const events$ = run(step, input, { signal: interruption.signal });
  const followed = await followRun(events$, showing.view, showing.level);
  showing.end(followed);
  return codeOf(followed.end);
}

const nobodyAnswers = 'waits for an answer that nobody can give: run it with --store to be able to';

/** Where the run is to be kept, if it is. */
function storeOf(options: RunCommandOptions, isAsked: boolean): string | undefined {
  const store = namedStore(options.store) ?? (isAsked ? usualStore : undefined);
  if (store !== undefined) return store;
  const given = (['runId', 'idempotencyKey', 'session'] as const).find((name) => options[name] !== undefined);
  if (given === undefined) return undefined;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(
    `--${flag} is for runs that are kept: name a store with --store, such as --store tutti.db`,
  );
}
