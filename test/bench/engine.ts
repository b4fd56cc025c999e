/** What a task hands back to be checked: what it worked out, and how many events its one listener heard. */
export interface Outcome {
  readonly output: number;
  readonly events: number;
}

/** Does the work of a workload once, on this input. Synchronous work ends synchronously. */
export interface Task {
  (input: number): Outcome | Promise<Outcome>;
  /** How many steps it has kept in all, counted where they are kept; for work that has to keep them. */
  readonly written?: () => number;
}

/** Prepares the work once, for this many steps, branches, items or partials; what is prepared is not measured. */
export type TaskOf = (size: number) => Task;

/** Runs that wait in the third of their five steps, until they are let go. */
export interface Suspended {
  /** Lets all runs end; each outcome is that of one run. */
  readonly release: () => Promise<readonly Outcome[]>;
}

/** Starts this many runs, which all wait. */
export type Suspend = (runs: number) => Suspended;

/** One contestant: a library, or a way to write the same work by hand. */
export interface Engine {
  readonly name: string;
  /** Packages whose versions are printed. */
  readonly packages: readonly string[];
  /** Tells what happens, event by event; the others are only asked for the result. */
  readonly tells: boolean;
  /** By the name of the workload; what is not natural for an engine is left out. */
  readonly tasks: Readonly<Record<string, TaskOf>>;
  /** Where the work of a workload would take it minutes: a smaller size. What is compared is the cost of a unit. */
  readonly sizes?: Readonly<Record<string, number>>;
  readonly suspend?: Suspend;
}
