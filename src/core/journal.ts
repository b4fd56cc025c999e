import type { Wait } from './events.ts';

/** How a step ended in an earlier life of the run. */
export interface PastEnd {
  readonly kind: 'ended';
  /** The number of the event that told of it. */
  readonly seq: number;
  readonly failed: boolean;
  /** Its output or its error. */
  readonly payload: unknown;
  readonly costUsd: number;
  /** What it streamed before, if it did. */
  readonly partials?: readonly unknown[] | undefined;
}

/** How far a step had come that began in an earlier life of the run. */
export interface PastStart {
  readonly kind: 'begun';
  readonly attempt: number;
  /** The attempt was under way; else the step waited for its next one. */
  readonly open: boolean;
  readonly startedAt: number;
  readonly costUsd: number;
  /** What it had streamed, if it was ended from outside. */
  readonly partials?: readonly unknown[] | undefined;
}

/** A step, as the journal sees it. */
export interface KeptStep {
  readonly id: string;
  readonly path: string;
  /** Begins, as one of which nothing is known. */
  enter(input: unknown): void;
  /** It will end as it ended, when its turn comes; what it left to do is left even if it is ended from outside before. */
  awaits(past: PastEnd): void;
  /** Goes on where it was. */
  reenter(input: unknown, past: PastStart): void;
  /**
   * Goes again through what ran inside it, for what that left to do, and ends as it ended. Says whether it does: it may have been
   * ended from outside meanwhile.
   */
  rewalk(input: unknown, past: PastEnd): boolean;
  /** Ends as it ended, without running. */
  replay(past: PastEnd): void;
  /** Gives, as of another run, what that run had of it. */
  repeat(input: unknown, payload: unknown, partials: readonly unknown[]): void;
  fail(error: unknown): void;
  /** What it has told of its end is durable: those who wait for it may hear of it. */
  durable(): void;
}

/** An attempt of a body that can be put off. */
export interface KeptBody {
  runBody(input: unknown): void;
  fail(error: unknown): void;
}

/**
 * What a run asks of who keeps it, so that it can go on after its process has ended. A run that nobody keeps has no journal, and
 * pays one look for it where it would ask.
 *
 * Such a run walks its structure again. A step that has ended gives what it gave, in the order in which it was written down, and
 * nothing new begins before all of that is given again; so all that follows from the order of events follows again.
 */
export interface Journal {
  /** When the run first began, if that was in an earlier life. */
  readonly startedAt: number | undefined;
  /** What bodies find in `ctx.context`, from what their scope has of it. */
  contextOver(context: unknown): unknown;
  /** What a body reads of clock or chance: as it was read, or as it is read now. */
  read<T>(path: string, name: string, make: () => T): T;
  /** Something has begun at a place, or below it, in an earlier life of the run. */
  knows(path: string): boolean;
  /**
   * Makes what runs of a step, which asks this journal: a `Piece` of a `StepNode` below a `Frame`. These stand above this file, which
   * so cannot name them.
   */
  stepFrame(node: object, parent: object, path: string, slot: number): object;
  /** A step is to begin: it begins, goes on or ends as it did, now or later. */
  admit(step: KeptStep, input: unknown): void;
  /** A body is to run, now or later. */
  admitBody(body: KeptBody, input: unknown): void;
  /** A step has told its end. True when that is durable already; else `durable` is called. */
  keep(step: KeptStep): boolean;
  /** Throws for a value that cannot be kept. */
  check(value: unknown, what: string): void;
  /** What was noted at a place. */
  recall(path: string, name: string): unknown;
  /** Notes something that a later life has to find as it was. */
  note(path: string, name: string, value: unknown): void;
  /** What a decision came to: as it was noted, or as it is made now. */
  decide<T>(path: string, name: string, make: () => T): T;
  /** Does again what was decided when `seq` events had been told, when its turn comes. */
  again(seq: number, go: () => void): void;
  /**
   * What had run inside a policy is over, at a step's place and below it, but for what runs at one place there. What policies around it
   * run below the same step is none of it.
   *
   * @param reserved what the policy and those inside it call places below the step
   */
  passOver(path: string, reserved: readonly string[], but?: string): void;
  /** Something is about to end: ends what an earlier life of the run had left open below it, and this one has not come to again. */
  closeBelow(path: string): void;
  /** The step at this place had begun, and was not ended from outside. */
  hasBegun(path: string): boolean;
  /** The step at this place had begun, and was ended from outside. */
  wasCancelled(path: string): boolean;
  /** It has been told already that the step at this place was skipped. */
  hasSkipped(path: string): boolean;
  /** The wait that an earlier life of the run left open at this place. */
  hasOpenWait(path: string): boolean;
  /** A wait is about to be told of, which needs nobody to run until it is answered or due. */
  opens(path: string, wait: Wait): void;
  /** A wait has made use of a signal. */
  consumed(number: number): void;
}
