import { defer, filter, map, type OperatorFunction } from 'rxjs';
import { checkOptions } from '../../src/core/check-given.ts';
import { DefinitionError } from '../../src/core/errors.ts';
import type { RunEvent } from '../../src/core/events.ts';
import { nearestAbove } from './nearest-above.ts';

export interface ProgressOptions {
  /** How much steps count, by step id: numbers from 0; a step that is not named counts 1. Steps named are expected. */
  readonly weights?: Readonly<Record<string, number>>;
  /** How many steps the run itself will hold, not counting those inside them: a whole number from 1. */
  readonly expectedSteps?: number;
}

/**
 * How far a run is, from 0 to 1; each number is greater than the one before.
 *
 * run of sequence(a, b)   (R>, a>)--(a completed, b>)---(b progress .5)--(b completed, R completed)|
 * progress({ expectedSteps: 2 })
 *                         (0)-------(.5)----------------(.75)------------(1)|
 *
 * A step that has ended, however it did, is done; one under way is as far as it says (`step.progress`) or as the steps
 * inside it are, whichever is more. A run, or a step that holds others, is as far as these are together: of their
 * weights, the part that is done. Steps that have not been heard of yet count among them as not done: in a run with
 * options, those that `weights` names, and others of weight 1 up to `expectedSteps`; in a run without, and inside a
 * step, always one more of weight 1.
 *
 * Nothing is taken back: when a step is tried again, or more steps turn up, the number stays until it is overtaken. 1
 * is told with `run.completed` and never before; a run that fails or is cancelled completes where it stood.
 *
 * Errors: `DefinitionError` for invalid options; those of the stream.
 *
 * Events: takes those of one run; of many, with {@link perRun}.
 *
 * ```ts
 * import { run, step } from 'tutti';
 * import { mapEach, progress } from 'tutti/operators';
 *
 * const size = step('size', (file: string) => file.length);
 * const files = ['a.txt', 'b.txt', 'c.txt', 'd.txt'];
 * run(mapEach(size), files)
 *   .pipe(progress({ expectedSteps: files.length }))
 *   .subscribe((fraction) => console.log(`${100 * fraction} %`)); // 0 %, 25 %, 50 %, 75 %, 100 %
 * ```
 *
 * @param options `weights`, `expectedSteps`
 */
export function progress(options: ProgressOptions = {}): OperatorFunction<RunEvent, number> {
  checkOptions<ProgressOptions>('progress', options, { weights: 'object', expectedSteps: 'number' });
  const { weights = {}, expectedSteps } = options;
  for (const [id, weight] of Object.entries(weights))
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new DefinitionError(`progress: the weight ${weight} of ${id} is not a number from 0`);
  if (expectedSteps !== undefined && !(Number.isInteger(expectedSteps) && expectedSteps >= 1))
    throw new DefinitionError(`progress: expectedSteps ${expectedSteps} is not a whole number from 1`);
  return (events$) =>
    defer(() => {
      const run = new RunProgress(options);
      return events$.pipe(
        map((event) => run.after(event)),
        filter((fraction) => fraction !== undefined),
      );
    });
}

/** The run, or a step in it: as far as it is, and what it holds. */
class Part {
  readonly weight: number;
  readonly holder: Part | undefined;
  fraction = 0;
  /** The weights of what it holds, as far as known, and of what is still expected. */
  known = 0;
  expected = 1;
  /** Of the known, what is done. */
  done = 0;
  /** How many it holds. */
  count = 0;

  constructor(weight: number, holder?: Part) {
    this.weight = weight;
    this.holder = holder;
    if (holder === undefined) return;
    holder.known += weight;
    holder.count++;
  }

  /** It is at least as far as `fraction`, and so may what holds it be. */
  reach(fraction: number): void {
    let part: Part = this;
    let to = fraction;
    while (part.holder !== undefined && to > part.fraction) {
      part.holder.done += part.weight * (to - part.fraction);
      part.fraction = to;
      part = part.holder;
      to = part.estimate;
    }
    // Nothing but its end says of a run that it is done.
    if (part.holder === undefined && to > part.fraction && to < 1) part.fraction = to;
  }

  get estimate(): number {
    const all = this.known + this.expected;
    return all > 0 ? Math.min(1, this.done / all) : 0;
  }
}

class RunProgress {
  readonly #weights: ReadonlyMap<string, number>;
  readonly #expectedSteps: number;
  readonly #unseen: Map<string, number>;
  readonly #run = new Part(1);
  readonly #parts = new Map<string, Part>();
  readonly #announced: boolean;
  #told = -1;

  constructor({ weights = {}, expectedSteps = 0 }: ProgressOptions) {
    this.#weights = new Map(Object.entries(weights));
    this.#unseen = new Map(this.#weights);
    this.#expectedSteps = expectedSteps;
    this.#announced = this.#weights.size > 0 || expectedSteps > 0;
    this.#expect();
  }

  /** How far the run is after one more event, if there is anything new to tell. */
  after(event: RunEvent): number | undefined {
    this.#follow(event);
    const { fraction } = this.#run;
    if (fraction <= this.#told) return undefined;
    this.#told = fraction;
    return fraction;
  }

  #follow(event: RunEvent): void {
    switch (event.type) {
      case 'step.started':
        this.#part(event);
        break;
      case 'step.progress':
        this.#part(event).reach(event.fraction);
        break;
      case 'step.skipped':
      case 'step.completed':
      case 'step.failed':
      case 'step.cancelled':
        this.#part(event).reach(1);
        break;
      case 'run.completed':
        this.#run.fraction = 1;
    }
  }

  #part({ path, step }: RunEvent): Part {
    const known = this.#parts.get(path);
    if (known !== undefined) return known;
    const part = new Part(this.#weights.get(step) ?? 1, nearestAbove(this.#parts, path) ?? this.#run);
    this.#parts.set(path, part);
    this.#unseen.delete(step);
    this.#expect();
    this.#run.reach(this.#run.estimate);
    return part;
  }

  /** Reckons anew what the run is to hold beside what it does. */
  #expect(): void {
    if (!this.#announced) return;
    const others = this.#expectedSteps - this.#run.count - this.#unseen.size;
    this.#run.expected = Math.max(0, others);
    for (const weight of this.#unseen.values()) this.#run.expected += weight;
  }
}
