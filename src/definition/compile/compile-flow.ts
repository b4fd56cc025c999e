import { asStep, nodeOf } from '../../core/as-step.ts';
import { DefinitionError } from '../../core/errors.ts';
import { StepNode } from '../../core/step-node.ts';
import type { Workflow } from '../../core/workflow.ts';
import { compile, type TextDefaults } from '../../text/compile.ts';
import { defined } from '../defined.ts';
import { actionOf, type Planning, preferencesOf } from '../plan/work-planner.ts';
import type { Definition } from '../schema/definition-schema.ts';
import type { LoadOptions } from './load-options.ts';
import { retryOptions } from './policies.ts';
import { resolverBy } from './task-resolver.ts';
import { type WorkflowEdges, workflowEdges } from './workflow-edges.ts';

/** Makes a workflow of a line of text and the settings beside it, unless something is wrong with them. */
export function compileFlow(
  planning: Planning,
  options: LoadOptions,
): Workflow<unknown, unknown> | undefined {
  const { definition, reading, root, registry } = planning;
  if (definition.steps !== undefined)
    reading.atKey(root, ['flow'], 'a workflow has steps or a flow, not both');
  const preferences = preferencesOf(planning);
  preferences.check(root, reading);
  const edges = workflowEdges(planning, options);
  const { name, version, budget } = edges;
  const { providers } = options;
  const resolver = resolverBy(
    (skill) => preferences.find(skill),
    registry,
    options,
    (skill) => preferences.toldTo(skill),
  );
  try {
    const made = compile(definition.flow ?? '', {
      resolver,
      name,
      ...defined({ version, budget, providers }),
      defaults: defaultsOf(definition),
    });
    return withSchemas(made, edges);
  } catch (error) {
    if (!(error instanceof DefinitionError) || error.problems.length === 0) throw error;
    for (const { message, suggestion, offset = 0, length = 0 } of error.problems)
      reading.inside(root, ['flow'], { message, suggestion, at: offset, length });
    return undefined;
  }
}

function defaultsOf(definition: Definition): TextDefaults {
  const { defaults, maxParallelSteps, onError, failFast } = definition;
  const action = actionOf(definition);
  const retry = defaults?.retry ?? (action === 'retry' ? 1 : undefined);
  const retries =
    retry === undefined ? undefined : defined(typeof retry === 'number' ? { maxRetries: retry } : retry);
  return defined({
    // A text goes on after a failure unless it is told otherwise.
    failFast: onError === undefined && failFast === undefined ? undefined : action !== 'continue',
    retry: retries && retryOptions(retries),
    timeout: defaults?.timeout,
    concurrency: maxParallelSteps,
  });
}

/** The same workflow with the schemas of a file. */
function withSchemas(
  made: Workflow<unknown, unknown>,
  { input, output }: WorkflowEdges,
): Workflow<unknown, unknown> {
  const node = nodeOf(made);
  if (!(node instanceof StepNode) || (input === undefined && output === undefined)) return made;
  const { version } = made;
  const step = asStep<unknown, unknown>(new StepNode(node.id, { input, output }, node.inside, version));
  return Object.assign(step, { version });
}
