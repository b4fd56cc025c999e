import type { RunEvent } from '../core/events.ts';
import type { PastEnd } from '../core/journal.ts';
import type { JournalEntry, StepResult } from '../store/batch.ts';
import { Around } from './around.ts';
import { Facts } from './facts.ts';
import { isInside } from './is-inside.ts';
import { Lives } from './lives.ts';
import { type OpenAttempt, OpenAttempts } from './open-attempts.ts';
import { recalledError } from './recalled-error.ts';
import { Streams } from './streams.ts';

/** A step that had begun and not ended. */
interface Begun {
  readonly kind: 'begun';
  seq: number;
  attempt: number;
  open: boolean;
  /** It was ended from outside; what ended it ends it again. */
  cancelled: boolean;
  partials: readonly unknown[] | undefined;
  readonly startedAt: number;
  costUsd: number;
}

/** What an earlier life of the run left of one step, with the input that it had. */
export type PastStep = (Begun | PastEnd) & {
  readonly input: unknown;
};

/** What a journal calls it what a step streamed that a fork keeps. */
export const partialsNote = 'partials';

/** A result that a fork has from the run that it was made of. */
export interface KeptResult {
  readonly seq: number;
  readonly payload: unknown;
  readonly inputHash: string | undefined;
  readonly partials: readonly unknown[];
}

/** The earlier lives of a run, as its events and what was noted beside them tell. */
export class Past {
  readonly facts: Facts;
  /** When the run began, if it did. */
  startedAt: number | undefined;
  readonly open = new OpenAttempts();
  /** The events so far. */
  events = 0;
  readonly #lives = new Lives();
  readonly #steps = new Map<string, PastStep>();
  /** The places that have steps below them. */
  readonly #around = new Around();
  readonly #skipped = new Map<string, number>();
  readonly #waits = new Map<string, number>();
  readonly #kept = new Map<string, KeptResult>();
  readonly #streams = new Streams();

  constructor(entries: readonly JournalEntry[] = []) {
    this.facts = new Facts(this.#lives);
    for (const entry of entries) if (entry.type === 'fact') this.facts.read(entry);
    for (const entry of entries) {
      if (entry.type === 'fact') continue;
      if (entry.state === 'completed') this.#kept.set(entry.path, this.#keptOf(entry));
      else if (entry.state === 'skipped') this.#skipped.set(entry.path, -1);
    }
  }

  /** Takes in the next event. */
  read(event: RunEvent): void {
    this.events = event.seq + 1;
    const { path, seq } = event;
    this.#streams.read(event);
    this.open.read(event);
    switch (event.type) {
      case 'run.started':
        this.startedAt = event.at;
        return;
      case 'step.started':
        this.#started(event);
        return;
      case 'step.cost':
        this.#spent(path, event.usd);
        return;
      case 'step.skipped':
        this.#skipped.set(path, seq);
        return;
      case 'step.retrying':
        this.#retrying(path, seq);
        return;
      case 'step.waiting':
        this.#waits.set(path, seq);
        return;
      case 'step.resumed':
        this.#waits.delete(path);
        return;
      case 'step.completed':
        this.#ended(path, seq, event.output, event.costUsd);
        return;
      case 'step.failed':
        this.#failed(path, seq, recalledError(event.error));
        return;
      case 'step.cancelled':
        this.#cancelled(path);
        return;
      default:
        return;
    }
  }

  /** Takes notice of an event of the present life, as far as that bears on what is noted. */
  tell(event: RunEvent): void {
    this.open.read(event);
    if (event.type === 'step.retrying') this.#lives.begin(event.path, event.seq);
  }

  /** What is known of the step that begins at a place; it is told once. */
  claim(path: string): PastStep | undefined {
    const step = this.#steps.get(path);
    this.#steps.delete(path);
    return step !== undefined && this.#lives.isOfNow(path, step.seq) ? step : undefined;
  }

  /** What a fork keeps of the step that begins at a place; it is told once. */
  claimKept(path: string): KeptResult | undefined {
    const kept = this.#kept.get(path);
    this.#kept.delete(path);
    return kept;
  }

  /** It was told that the step at this place was skipped. */
  hasSkipped(path: string): boolean {
    const seq = this.#skipped.get(path);
    return seq !== undefined && (seq < 0 || this.#lives.isOfNow(path, seq));
  }

  hasOpenWait(path: string): boolean {
    const seq = this.#waits.get(path);
    return seq !== undefined && this.#lives.isOfNow(path, seq);
  }

  /** Steps that nobody has asked for, and that are still of some meaning. */
  *unclaimed(): Iterable<string> {
    for (const [path, { seq }] of this.#steps)
      if (this.#lives.isOfNow(path, seq) && !this.#isCancelled(path)) yield path;
  }

  /** It was ended from outside, or something around it was. */
  #isCancelled(path: string): boolean {
    for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const step = this.#steps.get(at);
      if (step?.kind === 'begun' && step.cancelled) return true;
    }
    return false;
  }

  /** The step at a place had begun, and was not ended from outside. */
  hasBegun(path: string): boolean {
    return this.#isKnown(path, false);
  }

  /** The step at a place had begun, and was ended from outside. */
  wasCancelled(path: string): boolean {
    return this.#isKnown(path, true);
  }

  #isKnown(path: string, asCancelled: boolean): boolean {
    const step = this.#steps.get(path);
    if (step === undefined || (step.kind === 'begun' && step.cancelled) !== asCancelled) return false;
    return this.#lives.isOfNow(path, step.seq);
  }

  /** Something that has begun at a place or below it is still of some meaning. */
  knows(path: string): boolean {
    const known = this.#steps.get(path);
    if (known !== undefined && this.#lives.isOfNow(path, known.seq)) return true;
    if (!this.#around.has(path)) return false;
    const prefix = `${path}/`;
    for (const [inner, { seq }] of this.#steps)
      if (inner.startsWith(prefix) && this.#lives.isOfNow(inner, seq)) return true;
    return false;
  }

  /**
   * The attempts below a place that have begun, in whatever life, and not ended; innermost first. What undoes a step outlives what that
   * is part of, but not the run, whose place is `''`.
   */
  openBelow(path: string): readonly OpenAttempt[] {
    if (!this.#around.has(path)) return [];
    const isUndoing = (below: string): boolean => path !== '' && below.includes('/!compensate', path.length);
    return this.open.innermostFirst.filter((one) => one.path.startsWith(`${path}/`) && !isUndoing(one.path));
  }

  /** What was at these places, and below them, need not be any more. */
  forget(paths: readonly string[]): void {
    for (const path of paths) {
      this.#steps.delete(path);
      this.forgetBelow(path);
    }
  }

  /** Everything below a place is settled with it, but for what undoes it. */
  forgetBelow(path: string): void {
    for (const inner of this.#below(path)) this.#steps.delete(inner);
  }

  /** The same for what runs inside a policy: for what it and those inside it call places, but for one of these. */
  forgetInside(path: string, reserved: readonly string[], but?: string): void {
    for (const inner of this.#below(path))
      if (isInside(inner.slice(path.length + 1), reserved) && inner !== but && !inner.startsWith(`${but}/`))
        this.#steps.delete(inner);
  }

  *#below(path: string): Iterable<string> {
    if (!this.#around.has(path)) return;
    const prefix = `${path}/`;
    for (const inner of this.#steps.keys())
      if (inner.startsWith(prefix) && !inner.startsWith('!compensate', prefix.length)) yield inner;
  }

  /** The steps as they stand, for who makes another run of this one. */
  get steps(): ReadonlyMap<string, PastStep> {
    return this.#steps;
  }

  #started({ path, seq, attempt, at, input }: RunEvent & { type: 'step.started' }): void {
    this.#around.add(path);
    const before = this.#steps.get(path);
    const goesOn = before?.kind === 'begun' && this.#lives.isOfNow(path, before.seq);
    this.#steps.set(path, {
      kind: 'begun',
      seq,
      attempt,
      open: true,
      cancelled: false,
      partials: undefined,
      startedAt: goesOn ? before.startedAt : at,
      costUsd: goesOn ? before.costUsd : 0,
      input,
    });
  }

  #spent(path: string, usd: number): void {
    const step = this.#steps.get(path);
    if (step?.kind === 'begun') step.costUsd += usd;
  }

  #retrying(path: string, seq: number): void {
    this.#lives.begin(path, seq);
    this.#waits.delete(path);
    const step = this.#steps.get(path);
    if (step?.kind === 'begun') step.open = false;
  }

  #cancelled(path: string): void {
    this.#waits.delete(path);
    const step = this.#steps.get(path);
    if (step?.kind !== 'begun') return;
    step.open = false;
    step.cancelled = true;
    step.partials = this.#streams.take(path);
  }

  #keptOf({ path, seq, output: payload, inputHash }: StepResult): KeptResult {
    const partials = this.facts.recall(path, partialsNote);
    return { seq, payload, inputHash, partials: Array.isArray(partials) ? partials : [] };
  }

  #ended(path: string, seq: number, payload: unknown, costUsd: number): void {
    this.#waits.delete(path);
    const partials = this.#streams.take(path);
    const input = this.#steps.get(path)?.input;
    this.#steps.set(path, { kind: 'ended', seq, failed: false, payload, costUsd, partials, input });
  }

  #failed(path: string, seq: number, payload: unknown): void {
    this.#waits.delete(path);
    const step = this.#steps.get(path);
    const costUsd = step?.costUsd ?? 0;
    this.#steps.set(path, { kind: 'ended', seq, failed: true, payload, costUsd, input: step?.input });
  }
}
