import type { RunEvent } from './events.ts';

/** How the steps of a run stand: which was started last, and which completed. Moves on with each event, at a small cost. */
export class Standing {
  readonly #steps = new Map<string, StepStanding>();
  /** The starts in order, without those at the end that are over. */
  readonly #starts: Start[] = [];
  /** The places of the completed steps among all, ascending, and their paths. */
  readonly #places: number[] = [];
  readonly #paths: string[] = [];
  #read: readonly string[] | undefined;

  /** The path of the step that started last, in whatever attempt, among those that have not ended. */
  get currentStep(): string | undefined {
    const starts = this.#starts;
    for (let last = starts.at(-1); last !== undefined; last = starts.at(-1)) {
      if (last.step.open && last.step.starts === last.nth) return last.step.path;
      starts.pop();
    }
    return undefined;
  }

  /** The paths of the steps that completed, in the order in which the steps were first heard of. */
  get completedSteps(): readonly string[] {
    this.#read ??= this.#paths.slice();
    return this.#read;
  }

  after({ type, path }: RunEvent): void {
    const step = this.#stepAt(path);
    switch (type) {
      case 'step.started':
        this.#starts.push({ step, nth: ++step.starts });
        return this.#stands(step, true, false);
      case 'step.retrying':
      case 'step.waiting':
      case 'step.resumed':
        return this.#stands(step, true, false);
      case 'step.completed':
        return this.#stands(step, false, true);
      case 'step.skipped':
      case 'step.failed':
      case 'step.cancelled':
        return this.#stands(step, false, false);
    }
  }

  #stepAt(path: string): StepStanding {
    const known = this.#steps.get(path);
    if (known !== undefined) return known;
    const step = { path, place: this.#steps.size, starts: 0, open: true, completed: false };
    this.#steps.set(path, step);
    return step;
  }

  #stands(step: StepStanding, open: boolean, completed: boolean): void {
    step.open = open;
    if (step.completed === completed) return;
    step.completed = completed;
    this.#read = undefined;
    const at = placeAmong(this.#places, step.place);
    if (completed) {
      this.#places.splice(at, 0, step.place);
      this.#paths.splice(at, 0, step.path);
    } else {
      this.#places.splice(at, 1);
      this.#paths.splice(at, 1);
    }
  }
}

interface StepStanding {
  readonly path: string;
  /** How many steps were heard of before it. */
  readonly place: number;
  starts: number;
  open: boolean;
  completed: boolean;
}

interface Start {
  readonly step: StepStanding;
  /** Which of the starts of its step it is, from 1. */
  readonly nth: number;
}

/** Where a number is in an ascending list, or would be. */
function placeAmong(places: readonly number[], place: number): number {
  let from = 0;
  let to = places.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((places[middle] ?? 0) < place) from = middle + 1;
    else to = middle;
  }
  return from;
}
