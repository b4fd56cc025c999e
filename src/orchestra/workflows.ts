import { nodeOf } from '../core/as-step.ts';
import { DefinitionError } from '../core/errors.ts';
import { StepNode } from '../core/step-node.ts';
import type { AnyStep } from '../core/step-types.ts';
import type { Awaitable } from '../store/run-store.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { UnknownWorkflowError } from './orchestra-errors.ts';
import { shapeHashOf } from './shape.ts';
import { whenGiven } from './when-given.ts';

/** A workflow that an orchestra can run, under its name. */
export interface KnownWorkflow {
  readonly name: string;
  readonly version: string;
  readonly step: AnyStep;
  readonly hash: string;
}

/** Makes the workflow of a run again of the `definition` that it was started with. */
export type Reopen = (run: StoredRun) => Awaitable<AnyStep>;

/** The workflows of an orchestra: those it was made with, and those it was given to start. */
export class Workflows {
  readonly #byName = new Map<string, KnownWorkflow>();

  readonly #reopen: Reopen | undefined;

  constructor(given: readonly AnyStep[], reopen?: Reopen) {
    this.#reopen = reopen;
    for (const step of given) this.add(step);
  }

  /**
   * Errors: `DefinitionError` for another workflow under a known name.
   *
   * @param definition what it can be made of again: then its name stands for nothing beyond its run
   */
  add(step: AnyStep, definition?: unknown): KnownWorkflow {
    if (definition !== undefined && this.#reopen !== undefined) return knownWorkflow(step);
    const known = this.#byName.get(step.id);
    if (known?.step === step) return known;
    if (known !== undefined)
      throw new DefinitionError(`Orchestra: there are two workflows with the name ${step.id}`);
    const added = knownWorkflow(step);
    this.#byName.set(step.id, added);
    return added;
  }

  /** The workflow of a run, if it is known or can be made again. */
  of(run: StoredRun): Awaitable<KnownWorkflow | undefined> {
    if (run.definition === undefined || this.#reopen === undefined) return this.#byName.get(run.workflow);
    return whenGiven(this.#reopen(run), knownWorkflow);
  }

  /** The same. Errors: `UnknownWorkflowError`. */
  async need(run: StoredRun): Promise<KnownWorkflow> {
    const known = await this.of(run);
    if (known === undefined) throw new UnknownWorkflowError(run.workflow, [...this.#byName.keys()]);
    return known;
  }
}

function knownWorkflow(step: AnyStep): KnownWorkflow {
  const node = nodeOf(step, 'Orchestra: a workflow');
  const version = (node instanceof StepNode ? node.version : undefined) ?? '';
  return { name: step.id, version, step, hash: shapeHashOf(step) };
}
