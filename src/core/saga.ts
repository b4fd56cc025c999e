import type { Cancellation } from './cancellation.ts';
import { CompensationFailedError } from './errors.ts';
import { Frame, type Node } from './frame.ts';

/** What would undo one completed step. */
export interface Compensation {
  /** Where the step is that it would undo. */
  readonly path: string;
  readonly node: Node;
  readonly given: { readonly input: unknown; readonly output: unknown };
  /** Grows with the time of the step's completion. */
  readonly order: number;
}

/** A failure of a compensation. */
export interface FailedCompensation {
  readonly path: string;
  readonly error: unknown;
}

/** A frame that undoes what has completed inside it when it fails. */
export interface SagaBoundary extends Frame {
  compensations: Compensation[] | undefined;
}

/** Hands what would undo completed steps to the nearest boundary around a frame. */
export function handOut(from: Frame, compensations: readonly Compensation[] | undefined): void {
  if (compensations === undefined || compensations.length === 0) return;
  for (let frame = from.parent; frame !== undefined; frame = frame.parent) {
    if (!isBoundary(frame)) continue;
    const redone = new Set(compensations.map(({ path }) => path));
    const kept = (frame.compensations ?? []).filter(({ path }) => !redone.has(path));
    frame.compensations = [...kept, ...compensations];
    return;
  }
}

function isBoundary(frame: Frame): frame is SagaBoundary {
  return 'compensations' in frame;
}

/**
 * Undoes what has completed inside a boundary, the latest first, and calls back with the error to go on with: the one
 * given, or a {@link CompensationFailedError} around it.
 */
export function undoAll(boundary: SagaBoundary, error: Error, then: (error: Error) => void): void {
  const { compensations } = boundary;
  boundary.compensations = undefined;
  if (compensations === undefined || compensations.length === 0) then(error);
  else new UndoFrame(boundary, compensations, error, then).start(undefined);
}

class UndoFrame extends Frame {
  readonly #left: Compensation[];
  readonly #failures: FailedCompensation[] = [];
  readonly #error: Error;
  readonly #then: (error: Error) => void;
  #current: Compensation | undefined;

  constructor(
    parent: Frame,
    compensations: readonly Compensation[],
    error: Error,
    then: (error: Error) => void,
  ) {
    super(parent.scopeOfChildren(), parent, parent.path, 0);
    this.#left = [...compensations].sort((a, b) => a.order - b.order);
    this.#error = error;
    this.#then = then;
  }

  begin(): void {
    this.#next();
  }

  protected override childSucceeded(): void {
    const of = this.#current?.path ?? '';
    const facts = { type: 'step.compensated', of } as const;
    if (this.owner === undefined) this.scope.tell(this.path, '', 1, facts);
    else this.owner.tell(facts);
    this.#next();
  }

  protected override childFailed(_child: Frame, error: unknown): void {
    this.#failures.push({ path: this.#current?.path ?? '', error });
    this.#next();
  }

  /** What it has not undone is left to the next boundary. */
  override stop(_cause: Cancellation): void {
    handOut(this, this.#current === undefined ? this.#left : [...this.#left, this.#current]);
  }

  protected override tellParent(): void {
    const failures = this.#failures;
    this.#then(failures.length === 0 ? this.#error : new CompensationFailedError(failures, this.#error));
  }

  #next(): void {
    if (!this.active) return;
    this.#current = this.#left.pop();
    if (this.#current === undefined) return this.succeed(undefined);
    const { node, given, path } = this.#current;
    node.frame(this, `${path}/!compensate`, 0).start(given);
  }
}
