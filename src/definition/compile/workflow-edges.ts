import type { Schema } from '../../core/edge.ts';
import { DefinitionError } from '../../core/errors.ts';
import type { Budget } from '../../core/ledger.ts';
import { checkId } from '../../core/path.ts';
import { defined } from '../defined.ts';
import type { Planning } from '../plan/work-planner.ts';
import { edgeSchema } from './edge-schema.ts';
import type { LoadOptions } from './load-options.ts';

/** What a workflow is beside its steps. */
export interface WorkflowEdges {
  readonly name: string;
  readonly version?: string;
  readonly input?: Schema;
  readonly output?: Schema;
  readonly budget?: Budget;
}

/** What a file says of its workflow as a whole; what is wrong with it is told. */
export function workflowEdges(planning: Planning, { file }: LoadOptions): WorkflowEdges {
  const { definition, reading, root } = planning;
  const { version, budget } = definition;
  const name = definition.name ?? nameOf(file);
  try {
    checkId(name, 'a workflow');
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    reading.at(root, ['name'], error.message);
  }
  const limit =
    budget === undefined ? undefined : defined(typeof budget === 'number' ? { usd: budget } : budget);
  return {
    name,
    ...defined({
      version,
      input: edgeSchema('input', planning),
      output: edgeSchema('output', planning),
      budget: limit,
    }),
  };
}

/** A workflow without a name is called as its file. */
function nameOf(file: string | undefined): string {
  const [base = ''] = (file ?? '').split(/[/\\]/).slice(-1);
  return base.replace(/\.[a-z]+$/i, '').replace(/[%/[\]#~!]/g, '-') || 'workflow';
}
