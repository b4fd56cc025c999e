import { DefinitionError } from '../../core/errors.ts';
import type { Workflow } from '../../core/workflow.ts';
import { loadWorkflow } from '../../definition/compile/load-workflow.ts';
import type { WorkflowSettings } from '../../definition/compile/settings.ts';
import { taskResolver } from '../../definition/compile/task-resolver.ts';
import { knownInput } from '../../definition/plan/known-input.ts';
import { asSchema } from '../../definition/plan/schema-path.ts';
import type { JsonSchema } from '../../definition/schema/workflow-json-schema.ts';
import { compile } from '../../text/compile.ts';
import type { Skills } from './load-skills.ts';
import { skillsHint } from './skills-hint.ts';
import type { WorkflowSource } from './workflow-source.ts';

/** A workflow to be run, from a file or a text. */
export interface OpenedWorkflow {
  readonly workflow: Workflow<unknown, unknown>;
  readonly settings: Partial<WorkflowSettings>;
  /** The ids of the steps that a file names; not known of a text. */
  readonly expected: readonly string[];
  /** What its input has, if a file lists that and allows of nothing else. */
  readonly fields?: readonly string[] | undefined;
  /** Which of them it must have. */
  readonly required?: readonly string[];
}

/** Makes a workflow of a file or a text. Errors: `DefinitionError`, with everything that is wrong. */
export function openWorkflow(source: WorkflowSource, skills: Skills): OpenedWorkflow {
  try {
    return open(source, skills);
  } catch (error) {
    const hint = error instanceof DefinitionError ? skillsHint(error.problems, skills) : undefined;
    if (hint === undefined) throw error;
    const { message, problems } = error as DefinitionError;
    throw new DefinitionError(`${message}\n${hint}`, { cause: error, problems });
  }
}

function open({ file, text }: WorkflowSource, skills: Skills): OpenedWorkflow {
  if (file === undefined) return { workflow: openText(text, skills), settings: {}, expected: [] };
  const { from: _, ...options } = skills;
  const { workflow, settings, definition } = loadWorkflow(text, { ...options, file });
  return {
    workflow,
    settings,
    expected: (definition.steps ?? []).map(({ id }) => id),
    fields: fieldsOf(definition.input),
    required: requiredOf(definition.input),
  };
}

function fieldsOf(schema: JsonSchema | undefined): readonly string[] | undefined {
  const { properties, additionalProperties } = knownInput(schema) ?? {};
  return additionalProperties === false ? Object.keys(asSchema(properties) ?? {}) : undefined;
}

function requiredOf(schema: JsonSchema | undefined): readonly string[] {
  return Array.isArray(schema?.required) ? schema.required.map(String) : [];
}

function openText(
  text: string,
  { registry, providers, from: _, ...options }: Skills,
): Workflow<unknown, unknown> {
  const resolver = taskResolver(registry, options);
  return compile(text, { resolver, ...(providers && { providers }) });
}
