import type { Cancellation } from './cancellation.ts';
import { CompensationFailedError } from './errors.ts';
import { Frame, type Node } from './frame.ts';
import type { Piece } from './piece.ts';

/** What would undo one completed step. */
export interface Compensation {
  /** Where the step is that it would undo. */
  readonly path: string;
  readonly node: Node;
  readonly given: { readonly input: unknown; readonly output: unknown };
  /** Grows with the time of the step's completion. */
  readonly order: number;
  /** How often undoing it was begun and not brought to an end. */
  readonly interrupted: number;
  /** What is done before it is undone, by those who would give its output to others. */
  readonly forgets: readonly (() => void)[];
}

/** What a journal calls what would undo a step, and that it is undone. */
export const undoNote = 'undo';
export const undoneNote = 'undone';

/** What would undo completed steps, by their paths. */
export type Compensations = Map<string, Compensation>;

/** A failure of a compensation. */
export interface FailedCompensation {
  readonly path: string;
  readonly error: unknown;
}

/** A frame that undoes what has completed inside it when it fails. */
export interface SagaBoundary extends Frame {
  compensations: Compensations | undefined;
}

/** A frame that says how what is inside it is undone. */
export interface Undoable extends Frame {
  forgets: (() => void)[];
}

/** Has something done before what a frame gave is undone by the compensations around it on the same step. */
export function beforeUndoing(from: Frame, forget: () => void): void {
  for (let frame = from.parent; frame?.path === from.path; frame = frame.parent)
    if (isUndoable(frame)) frame.forgets.push(forget);
}

/** Hands what would undo completed steps to the nearest boundary around a frame. */
export function handOut(from: Frame, compensations: Iterable<Compensation>): void {
  for (let frame = from.parent; frame !== undefined; frame = frame.parent) {
    if (!isBoundary(frame)) continue;
    frame.compensations ??= new Map();
    for (const one of compensations) frame.compensations.set(one.path, one);
    return;
  }
}

/** Hands on what a boundary has kept and not undone. */
export function handOn(boundary: SagaBoundary): void {
  const { compensations } = boundary;
  if (compensations === undefined) return;
  boundary.compensations = undefined;
  handOut(boundary, compensations.values());
}

function isUndoable(frame: Frame): frame is Undoable {
  return 'forgets' in frame;
}

function isBoundary(frame: Frame): frame is SagaBoundary {
  return 'compensations' in frame;
}

/**
 * Undoes what has completed inside a boundary, the latest first, and calls back with the error to go on with: the one
 * given, or a {@link CompensationFailedError} around it.
 *
 * @param workflow whose run tells of it, where the boundary is the run itself
 */
export function undoAll(
  boundary: SagaBoundary,
  error: Error,
  then: (error: Error) => void,
  workflow = '',
): void {
  const { compensations } = boundary;
  boundary.compensations = undefined;
  if (compensations === undefined) then(error);
  else new UndoFrame(boundary, [...compensations.values()], error, then, workflow).start(undefined);
}

class UndoFrame extends Frame {
  readonly #left: Compensation[];
  readonly #failures: FailedCompensation[] = [];
  readonly #error: Error;
  readonly #then: (error: Error) => void;
  readonly #workflow: string;
  #current: Compensation | undefined;

  constructor(
    parent: Frame,
    compensations: readonly Compensation[],
    error: Error,
    then: (error: Error) => void,
    workflow: string,
  ) {
    super(parent.scopeOfChildren(), parent, parent.path, 0);
    this.#left = [...compensations].sort((a, b) => a.order - b.order);
    this.#error = error;
    this.#then = then;
    this.#workflow = workflow;
  }

  begin(): void {
    this.#next();
  }

  override childSucceeded(): void {
    const of = this.#current?.path ?? '';
    this.#current = undefined;
    this.scope.journal?.note(of, undoneNote, true);
    const facts = { type: 'step.compensated', of } as const;
    if (this.owner === undefined) this.scope.tell(this.path, this.#workflow, 1, facts);
    else this.owner.tell(facts);
    this.#next();
  }

  override childFailed(_child: Piece, error: unknown): void {
    this.#failures.push({ path: this.#current?.path ?? '', error });
    this.#current = undefined;
    this.#next();
  }

  /** What it has not undone is left to the next boundary. */
  override stop(_cause: Cancellation): void {
    if (this.#current !== undefined)
      this.#left.push({ ...this.#current, interrupted: this.#current.interrupted + 1 });
    if (this.#left.length > 0) handOut(this, this.#left);
  }

  override tellParent(): void {
    const failures = this.#failures;
    this.#then(failures.length === 0 ? this.#error : new CompensationFailedError(failures, this.#error));
  }

  #next(): void {
    if (!this.active) return;
    this.#current = this.#left.pop();
    if (this.#current === undefined) return this.succeed(undefined);
    const { node, given, path, interrupted, forgets } = this.#current;
    for (const forget of forgets) forget();
    const again = interrupted === 0 ? '' : `#${interrupted + 1}`;
    node.frame(this, `${path}/!compensate${again}`, 0).start(given);
  }
}
