/** What one contestant got, ready to be printed. */
export interface Row {
  readonly name: string;
  /** The median; what it is, the section's `unit` says. */
  readonly value: number;
  /** How far the middle half of the samples reaches, as a part of the median. */
  readonly spread?: number;
  /** How many times as good as the section's baseline: the median over the rounds. */
  readonly ratio?: number;
  /** Anything else to be known, such as a smaller size. */
  readonly note?: string;
  /** The work was not done: why. */
  readonly error?: string;
}

/** A mark, and whether it was met. */
export interface Verdict {
  readonly mark: string;
  readonly wanted: string;
  readonly got: string;
  readonly met: boolean;
}

/** Everything about one workload. */
export interface Section {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** Whom `ratio` compares with. */
  readonly baseline?: string;
  readonly rows: readonly Row[];
  readonly verdicts: readonly Verdict[];
  /** All samples, for who wants to look closer. */
  readonly samples?: unknown;
}
