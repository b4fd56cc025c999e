/** Which clock decides: the processor's time is less noisy where others are at work. */
export type ClockName = 'cpu' | 'wall';

/** What a mark compares Tutti with. */
export interface Mark {
  /** Who is held against it; default `tutti`. */
  readonly of?: string;
  readonly engine: string;
  /** How many times as fast as that engine Tutti is to be, at least. */
  readonly atLeast: number;
}

/** One kind of work that is measured. */
export interface Workload {
  readonly name: string;
  /** What it does, for people. */
  readonly title: string;
  /** What the cost is divided by: a step, a branch ... */
  readonly unit: string;
  readonly size: number;
  /** How many units there are in work of this size. */
  readonly units: (size: number) => number;
  /** What the result must be. */
  readonly output: (size: number, input: number) => number;
  /** How many events an engine that tells must have told. */
  readonly events: (size: number) => number;
  readonly marks: readonly Mark[];
  /** Who is measured at it; default all engines that have a task of its name. */
  readonly engines?: readonly string[];
  /** What the others are compared with; default the hand-made events. */
  readonly baseline?: string;
  /** Which clock decides, where it is not for the command line to say. */
  readonly clock?: ClockName;
}
