import type { Problem } from '../../core/problem.ts';
import type { Workflow } from '../../core/workflow.ts';
import { refusal } from '../../problems/refusal.ts';
import type { Definition } from '../schema/definition-schema.ts';
import { readDefinition } from '../schema/read-definition.ts';
import { Reading } from '../source/reading.ts';
import { compileFlow } from './compile-flow.ts';
import { compileSteps } from './compile-steps.ts';
import type { LoadOptions } from './load-options.ts';
import { checkSettings, settingsOf, type WorkflowSettings } from './settings.ts';

/** A workflow that was read from a file. */
export interface LoadedWorkflow {
  readonly workflow: Workflow<unknown, unknown>;
  /** The file as data, by Tutti's names. */
  readonly definition: Definition;
  /** What it asks of those who run it and watch it. */
  readonly settings: WorkflowSettings;
}

/**
 * Makes a workflow of the text of a file: YAML, TOML or JSON. Everything in it is checked before anything can run.
 *
 * It is made of `graph`, `mapEach` and the policies, and keeps their promises; a `flow` is made by the text language.
 *
 * Errors: `DefinitionError` with all problems, each at its place.
 *
 * Events: those of its steps, by the ids they have in the file. Paths: `/<id>`; of an item, `/<id>/<skill>[<key>]`.
 *
 * ```ts
 * import { outputOf, run, step } from 'tutti';
 * import { loadWorkflow, SkillRegistry } from 'tutti/definition';
 *
 * const greet = step('greet', ({ name }: { name: string }) => `Hello ${name}`);
 * const registry = new SkillRegistry().register(greet);
 * const text = 'steps: [{ id: hello, uses: greet, input: { name: $.input.name } }]';
 * const { workflow } = loadWorkflow(text, { registry });
 * const output = await outputOf(run(workflow, { name: 'Ada' }));
 * ```
 *
 * @param text what the file holds, or the data that it would hold
 */
export function loadWorkflow(text: string | object, options: LoadOptions): LoadedWorkflow {
  const { reading, loaded } = load(text, options);
  if (loaded === undefined || reading.problems.length > 0)
    throw refusal(options.file ?? 'workflow', reading.problems, reading.source);
  return loaded;
}

/** All that is wrong with the text of a workflow file; empty where {@link loadWorkflow} takes it. */
export function checkWorkflow(text: string | object, options: LoadOptions): readonly Problem[] {
  return load(text, options).reading.problems.toSorted((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
}

function load(
  text: string | object,
  options: LoadOptions,
): { readonly reading: Reading; readonly loaded: LoadedWorkflow | undefined } {
  const { registry, file, format } = options;
  const data = typeof text === 'string' ? undefined : JSON.stringify(text, null, 2);
  const reading = new Reading(data ?? (text as string), file);
  const read = readDefinition(reading, data === undefined ? format : 'json');
  if (read === undefined) return { reading, loaded: undefined };
  const { definition } = read;
  const planning = { ...read, registry, reading, providers: options.providers };
  checkSettings(planning);
  const made =
    definition.flow === undefined ? compileSteps(planning, options) : compileFlow(planning, options);
  if (made === undefined || reading.problems.length > 0) return { reading, loaded: undefined };
  return { reading, loaded: { workflow: made, definition, settings: settingsOf(definition) } };
}
