import type { ErrorRecord } from '../../src/core/error-record.ts';
import type {
  OutputSource,
  RunEvent,
  StepCompleted,
  StepFailed,
  StepStarted,
} from '../../src/core/events.ts';

interface Facts {
  readonly runId: string;
  readonly path: string;
  /** The id of the step. */
  readonly step: string;
  /**
   * How many attempts were made in all: its own, and those of its fallbacks and hedges. A fallback without events of its own, such as
   * an unnamed `sequence`, counts once.
   */
  readonly attempts: number;
}

/** Who gave a step's output. */
export interface Answered<O = unknown> extends Facts {
  readonly state: 'completed';
  readonly output: O;
  /**
   * The id of the step whose body gave the output: the step itself or a fallback; `recover` or `cache` for these policies. A
   * cache does not tell who gave the output that it remembers.
   */
  readonly answeredBy: string;
  /** The path of that step, such as `/ask/!fallback:basic` or `/ask/!hedge2`. */
  readonly answeredAt: string;
  /** How the output was come by. */
  readonly source: OutputSource;
  /** What the first attempt that failed failed with, if one did. */
  readonly originalError?: ErrorRecord;
}

/** Why a step has no output. */
export interface Unanswered extends Facts {
  readonly state: 'failed';
  /** What the first attempt that failed failed with. */
  readonly originalError: ErrorRecord;
  /** What the step failed with in the end. */
  readonly error: ErrorRecord;
}

/** What there is to know of a step's answer, told apart by `state`. */
export type Provenance<O = unknown> = Answered<O> | Unanswered;

/** Who gave an output, and where. */
interface Giver {
  readonly answeredBy: string;
  readonly answeredAt: string;
  readonly source: OutputSource;
}

/** A step under way. */
class Answer {
  /** The step that it stands in for. */
  readonly #instead: Answer | undefined;
  attempts = 0;
  originalError: ErrorRecord | undefined;
  /** Who answers in the step's place, as far as known. */
  giver: Giver | undefined;
  /** A fallback has been announced that has told of no start. */
  #silent = false;

  constructor(instead: Answer | undefined) {
    this.#instead = instead;
  }

  /** An attempt begins, here and at all that this one stands in for. */
  attempted(): void {
    this.giver = undefined;
    this.#count();
  }

  failed(error: ErrorRecord): void {
    this.#countSilent();
    this.#noted(error);
  }

  handedTo(giver: Giver): void {
    this.giver = giver;
    this.#silent = giver.answeredBy !== 'recover';
  }

  /** The fallback tells of its own attempts. */
  heard(): void {
    this.#silent = false;
  }

  /** @param itself who answers, if nobody does in its place */
  answered(itself: Giver): Giver {
    this.#countSilent();
    const { source } = itself;
    const inItsPlace = source === 'live' || source === 'fallback' ? this.giver : undefined;
    // Where a hedge has its answer from, the step has it from; what a fallback gives is a fallback's.
    const giver =
      inItsPlace === undefined ? itself : source === 'fallback' ? { ...inItsPlace, source } : inItsPlace;
    if (this.#instead !== undefined) this.#instead.giver = giver;
    return giver;
  }

  #noted(error: ErrorRecord): void {
    this.originalError ??= error;
    if (this.#instead !== undefined) this.#instead.#noted(error);
  }

  #countSilent(): void {
    if (this.#silent) this.#count();
    this.#silent = false;
  }

  #count(): void {
    this.attempts++;
    if (this.#instead !== undefined) this.#instead.#count();
  }
}

/**
 * Follows who answers for each step of a run. It knows the steps that are under way, and those that were cancelled in
 * the delay of a retry, of which no event tells.
 */
export class Answers {
  readonly #open = new Map<string, Answer>();

  get open(): number {
    return this.#open.size;
  }

  /** What an event tells of the answer of its step. */
  after(event: RunEvent): Provenance | undefined {
    const answer = this.#open.get(event.path);
    switch (event.type) {
      case 'step.started':
        this.#started(event);
        return undefined;
      case 'step.retrying':
      case 'step.log':
        if (event.error !== undefined) answer?.failed(event.error);
        return undefined;
      case 'step.fallback':
        answer?.failed(event.error);
        answer?.handedTo({ answeredBy: event.to, answeredAt: event.path, source: 'fallback' });
        return undefined;
      case 'step.completed':
        this.#open.delete(event.path);
        return completed(event, answer);
      case 'step.failed':
        this.#open.delete(event.path);
        return failed(event, answer);
      case 'step.cancelled':
        this.#open.delete(event.path);
        return undefined;
      default:
        return undefined;
    }
  }

  #started({ path, attempt }: StepStarted): void {
    const again = attempt === 1 ? undefined : this.#open.get(path);
    const answer = again ?? new Answer(this.#insteadOf(path));
    this.#open.set(path, answer);
    answer.attempted();
  }

  /** The step that the one at this path stands in for: fallbacks and hedges run just below it. */
  #insteadOf(path: string): Answer | undefined {
    const end = path.lastIndexOf('/');
    const segment = path.slice(end + 1);
    const isFallback = segment.startsWith('!fallback:');
    if (!isFallback && !segment.startsWith('!hedge')) return undefined;
    const answer = this.#open.get(path.slice(0, end));
    if (isFallback) answer?.heard();
    return answer;
  }
}

function completed(event: StepCompleted, under: Answer | undefined): Answered {
  const { runId, path, step, output, source } = event;
  const itself: Giver = { answeredBy: source === 'cache' ? 'cache' : bodyOf(step), answeredAt: path, source };
  const giver = under?.answered(itself) ?? itself;
  const attempts = under?.attempts ?? event.attempt;
  const originalError = under?.originalError;
  const noted = originalError === undefined ? {} : { originalError };
  return { state: 'completed', runId, path, step, output, ...giver, attempts, ...noted };
}

function failed(event: StepFailed, under: Answer | undefined): Unanswered {
  const { runId, path, step, error } = event;
  under?.failed(error);
  const attempts = under?.attempts ?? event.attempt;
  return {
    state: 'failed',
    runId,
    path,
    step,
    attempts,
    originalError: under?.originalError ?? error,
    error,
  };
}

/** The id of the step whose body runs: a hedge, `ask!hedge2`, runs that of `ask`. */
function bodyOf(step: string): string {
  return step.split('!', 1)[0] ?? step;
}
