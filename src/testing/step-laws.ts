import type { RunEvent, StepCompleted, StepPartial, StepRetrying } from '../core/events.ts';
import { type StepLife, StepLives } from './step-lives.ts';

/** Follows the steps of a run through its events, and reports what breaks their laws. */
export class StepLaws {
  readonly report: (event: RunEvent, wrong: string) => void;
  /** What all costs told so far add up to. */
  costUsd = 0;
  readonly #lives = new StepLives();

  constructor(report: (event: RunEvent, wrong: string) => void) {
    this.report = report;
  }

  /** The paths of the steps that have not ended. */
  get open(): string[] {
    return this.#lives.open;
  }

  /** Takes the next event; those of the run itself and of shared services say nothing of a step's life. */
  check(event: RunEvent): void {
    switch (event.type) {
      case 'step.started':
        return this.#started(event);
      case 'step.completed':
      case 'step.failed':
      case 'step.cancelled':
      case 'step.retrying':
        return this.#ended(event);
      case 'step.cost':
        this.costUsd += event.usd;
        if (event.late === true) return this.#late(event);
        this.#within(event);
        return;
      case 'step.partial':
        return this.#partial(event);
      case 'step.progress':
      case 'step.log':
      case 'step.waiting':
      case 'step.resumed':
      case 'step.fallback':
      case 'custom':
        this.#within(event);
        return;
      case 'step.skipped':
        if (this.#lives.at(event.path)?.state === 'open') this.report(event, 'it has started and not ended');
        return;
      case 'run.started':
      case 'run.paused':
      case 'run.resumed':
      case 'run.completed':
      case 'run.failed':
      case 'run.cancelled':
      case 'step.compensated':
      case 'budget.alert':
      case 'budget.exceeded':
      case 'circuit.opened':
      case 'circuit.closed':
      case 'tool.called':
      case 'tool.completed':
      case 'agent.handoff':
      case 'checkpoint.saved':
        return;
      default:
        event satisfies never;
    }
  }

  #started(event: RunEvent): void {
    const { path, attempt } = event;
    const holder = this.#lives.holderOf(path);
    if (holder !== undefined && holder.state !== 'open')
      this.report(event, `${holder.path}, which holds it, has ended`);
    if (this.#lives.at(path)?.state === 'open') this.report(event, 'it has started and not ended');
    const life = this.#lives.current(path, holder);
    if (life?.state === 'ended') this.report(event, 'it had ended');
    const expected = life === undefined ? 1 : life.attempt + 1;
    if (attempt !== expected) this.report(event, `it is attempt ${attempt}, and should be ${expected}`);
    if (life === undefined) this.#lives.begin(path, holder, attempt);
    else this.#resume(life, attempt);
  }

  #resume(life: StepLife, attempt: number): void {
    life.attempt = attempt;
    life.state = 'open';
    life.partials = 0;
    life.holder?.inside.add(life);
  }

  #ended(
    event: RunEvent & (StepRetrying | StepCompleted | { type: 'step.failed' | 'step.cancelled' }),
  ): void {
    // A fork tells of results that it keeps; their steps do not start again.
    if (event.type === 'step.completed' && event.source === 'journal' && !this.#lives.at(event.path)) return;
    const life = this.#within(event);
    if (life === undefined) return;
    for (const child of life.inside) this.report(event, `${child.path}, which it holds, has not ended`);
    life.inside.clear();
    life.state = event.type === 'step.retrying' ? 'retrying' : 'ended';
    life.holder?.inside.delete(life);
    if (event.type === 'step.retrying' && event.nextAttempt !== event.attempt + 1)
      this.report(event, `the next attempt is ${event.nextAttempt}, and should be ${event.attempt + 1}`);
  }

  #partial(event: StepPartial): void {
    const life = this.#within(event);
    if (life === undefined) return;
    if (event.index !== life.partials)
      this.report(event, `its index is ${event.index}, and should be ${life.partials}`);
    life.partials++;
  }

  #late(event: RunEvent): void {
    const life = this.#lives.at(event.path);
    if (life === undefined) this.report(event, 'it never started');
  }

  /** The life that an event falls into; reports one that falls into none. */
  #within(event: RunEvent): StepLife | undefined {
    const life = this.#lives.at(event.path);
    if (life?.state !== 'open') {
      this.report(event, life === undefined ? 'it has not started' : `attempt ${life.attempt} has ended`);
      return undefined;
    }
    if (event.attempt !== life.attempt)
      this.report(event, `it speaks of attempt ${event.attempt}, but ${life.attempt} is under way`);
    return life;
  }
}
