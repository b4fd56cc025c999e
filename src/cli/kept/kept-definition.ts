import { resolve } from 'node:path';
import type { Step } from '../../core/step-types.ts';
import type { StoredRun } from '../../store/stored-run.ts';
import { loadSkills, type Skills } from '../load/load-skills.ts';
import { type OpenedWorkflow, openWorkflow } from '../load/open-workflow.ts';
import type { WorkflowSource } from '../load/workflow-source.ts';
import { type Limits, limited } from '../run/limited.ts';
import { UsageError } from '../usage-error.ts';

/** What a run is kept with, so that its workflow can be made again in another process. */
export interface KeptDefinition extends Limits {
  readonly by: 'tutti run';
  /** As it was written on the command line; not given for a text. */
  readonly file?: string;
  /** What the file held, or the text. */
  readonly text: string;
  /** The modules with its skills, wherever the command is called. */
  readonly skills: readonly string[];
  /** The folder that the command was called in. */
  readonly folder: string;
}

/** A workflow with the limits that it runs under. */
export interface Reopened {
  readonly opened: OpenedWorkflow;
  readonly step: Step<unknown, unknown>;
}

/** What is to be kept of a workflow. */
export function keptDefinition(source: WorkflowSource, skills: Skills, limits: Limits): KeptDefinition {
  const { maxCost, timeout } = limits;
  return {
    by: 'tutti run',
    ...(source.file !== undefined && { file: source.file }),
    text: source.text,
    skills: skills.from.map((file) => resolve(file)),
    folder: process.cwd(),
    ...(maxCost !== undefined && { maxCost }),
    ...(timeout !== undefined && { timeout }),
  };
}

/** Whether the command can make the workflow of a run again: one that a program has started is the program's. */
export function isOurs({ definition }: StoredRun): boolean {
  return (
    typeof definition === 'object' && definition !== null && Reflect.get(definition, 'by') === 'tutti run'
  );
}

/**
 * Makes the workflow of a kept run again, of what the file held when it was started.
 *
 * Errors: {@link UsageError} when its modules are gone, `DefinitionError` when its skills are.
 *
 * @param modules in place of the modules that it was started with
 */
export async function reopen(run: StoredRun, modules?: readonly string[]): Promise<Reopened> {
  if (!isOurs(run))
    throw new UsageError(
      `run ${run.runId} was started by a program, which has its workflow ${run.workflow}: that program goes on with it`,
    );
  const { file, text, skills, folder, ...limits } = run.definition as KeptDefinition;
  const opened = openWorkflow({ file, text }, await skillsOf(modules ?? skills, folder));
  return { opened, step: limited(opened.workflow, limits) };
}

const loaded = new Map<string, Promise<Skills>>();

/** Skills are loaded once, however many runs use them. */
function skillsOf(modules: readonly string[], folder: string): Promise<Skills> {
  const key = JSON.stringify([modules, folder]);
  const skills = loaded.get(key) ?? loadSkills(modules, undefined, folder);
  loaded.set(key, skills);
  return skills;
}
