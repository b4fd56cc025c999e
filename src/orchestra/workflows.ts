import { nodeOf } from '../core/as-step.ts';
import { DefinitionError } from '../core/errors.ts';
import { StepNode } from '../core/step-frame.ts';
import type { AnyStep } from '../core/step-types.ts';
import { UnknownWorkflowError } from './orchestra-errors.ts';
import { shapeHashOf } from './shape.ts';

/** A workflow that an orchestra can run, under its name. */
export interface KnownWorkflow {
  readonly name: string;
  readonly version: string;
  readonly step: AnyStep;
  readonly hash: string;
}

/** The workflows of an orchestra: those it was made with, and those it was given to start. */
export class Workflows {
  readonly #byName = new Map<string, KnownWorkflow>();

  constructor(given: readonly AnyStep[]) {
    for (const step of given) this.add(step);
  }

  /** Errors: `DefinitionError` for another workflow under a known name. */
  add(step: AnyStep): KnownWorkflow {
    const known = this.#byName.get(step.id);
    if (known?.step === step) return known;
    if (known !== undefined)
      throw new DefinitionError(`Orchestra: there are two workflows with the name ${step.id}`);
    const node = nodeOf(step, 'Orchestra: a workflow');
    const version = (node instanceof StepNode ? node.version : undefined) ?? '';
    const added = { name: step.id, version, step, hash: shapeHashOf(step) };
    this.#byName.set(step.id, added);
    return added;
  }

  get(name: string): KnownWorkflow {
    const known = this.#byName.get(name);
    if (known === undefined) throw new UnknownWorkflowError(name, [...this.#byName.keys()]);
    return known;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }
}
