import { graphOf } from '../../../operators/compose/graph.ts';
import { type Workflow, workflow } from '../../core/workflow.ts';
import { defined } from '../defined.ts';
import { planSteps } from '../plan/plan-steps.ts';
import { actionOf, type Planning, preferencesOf } from '../plan/work-planner.ts';
import { compileStep } from './compile-step.ts';
import type { LoadOptions } from './load-options.ts';
import { workflowEdges } from './workflow-edges.ts';

/** Makes a graph of the steps of a file, unless something is wrong with them. */
export function compileSteps(
  planning: Planning,
  options: LoadOptions,
): Workflow<unknown, unknown> | undefined {
  const { definition, reading, root } = planning;
  if (definition.steps === undefined) {
    if (reading.problems.length === 0)
      reading.add({ start: 0, length: 0 }, 'a workflow needs steps, or a flow');
    return undefined;
  }
  preferencesOf(planning).check(root, reading);
  const edges = workflowEdges(planning, options);
  const steps = planSteps(planning);
  const action = actionOf(definition);
  if (definition.failFast === true && action === 'continue')
    reading.atKey(root, ['failFast'], 'failFast: true is the opposite of onError: continue');
  if (reading.problems.length > 0) return undefined;
  const nodes = Object.fromEntries(steps.map((step) => [step.id, compileStep(step)]));
  const failure = action === 'continue' ? 'finish' : 'fail-fast';
  return workflow(
    edges,
    graphOf(nodes, { failure, ...defined({ concurrency: definition.maxParallelSteps }) }),
  );
}
