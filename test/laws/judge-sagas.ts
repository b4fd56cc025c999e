import type { RunEvent } from 'tutti';

/** One step that a compensation can undo. */
interface Undoable {
  completedAt: number | undefined;
  /** Its compensation has been told of, or has failed, since it completed. */
  undone: boolean;
}

/**
 * What a run's events break of the promises of sagas, a sentence each. Steps called `saga…` have a compensation and no
 * other policy; those called `undoable…` have one among others.
 *
 * - Nothing is undone that has not completed, nor twice.
 * - What a boundary undoes, it undoes in the reverse order of completion.
 * - When a run has failed or was cancelled, all that completed is undone, or its compensation has failed; but for what is
 *   inside a step that completed with a compensation of its own.
 */
export function judgeSagas(events: readonly RunEvent[]): string[] {
  const judge = new SagaJudge();
  for (const event of events) judge.after(event);
  return judge.wrong;
}

class SagaJudge {
  readonly wrong: string[] = [];
  readonly #sagas = new Map<string, Undoable>();
  /** The step at each path. */
  readonly #ids = new Map<string, string>();
  /** When what each boundary undid last had completed, since anything completed. */
  readonly #lastUndone = new Map<string, number>();

  after(event: RunEvent): void {
    switch (event.type) {
      case 'step.started':
        this.#ids.set(event.path, event.step);
        return;
      case 'step.completed':
        return this.#completed(event);
      case 'step.compensated':
        return this.#compensated(event.of, event.path);
      case 'step.failed':
        if (isUndoing(event.path)) this.#sagaAt(undoneBy(event.path)).undone = true;
        return;
      case 'run.failed':
      case 'run.cancelled':
        return this.#ended(event.type);
    }
  }

  #completed({ path, seq, source }: Extract<RunEvent, { type: 'step.completed' }>): void {
    if (!this.#isSaga(path) || source === 'cache') return;
    this.#sagas.set(path, { completedAt: seq, undone: false });
    this.#lastUndone.clear();
    // What is undone as a whole is not undone in parts.
    for (const [inside, saga] of this.#sagas) if (inside.startsWith(`${path}/`)) saga.undone = true;
  }

  #compensated(path: string, boundary: string): void {
    if (!this.#isSaga(path)) return;
    const saga = this.#sagaAt(path);
    const { completedAt } = saga;
    if (completedAt === undefined) this.wrong.push(`saga: ${path} is undone and never completed`);
    else if (saga.undone) this.wrong.push(`saga: ${path} is undone twice`);
    saga.undone = true;
    const before = this.#lastUndone.get(boundary) ?? Number.POSITIVE_INFINITY;
    if (completedAt !== undefined && completedAt > before)
      this.wrong.push(`saga: ${path} completed later than what ${boundary || 'the run'} undid before it`);
    this.#lastUndone.set(boundary, completedAt ?? before);
  }

  #ended(type: string): void {
    const undoable = [...this.#ids].filter(([, id]) => id.startsWith('undoable'));
    const isInsideUndoable = (path: string): boolean =>
      undoable.some(([around]) => path.startsWith(`${around}/`));
    for (const [path, { undone }] of this.#sagas)
      if (!undone && !isInsideUndoable(path)) this.wrong.push(`saga: after ${type}, ${path} is not undone`);
  }

  #isSaga(path: string): boolean {
    return this.#ids.get(path)?.startsWith('saga') === true;
  }

  #sagaAt(path: string): Undoable {
    const saga = this.#sagas.get(path) ?? { completedAt: undefined, undone: false };
    this.#sagas.set(path, saga);
    return saga;
  }
}

const isUndoing = (path: string): boolean => /\/!compensate(#\d+)?$/.test(path);

const undoneBy = (path: string): string => path.replace(/\/!compensate(#\d+)?$/, '');
