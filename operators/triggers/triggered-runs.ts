import type { Subscriber } from 'rxjs';
import type { RunEvent } from '../../src/core/events.ts';
import { Queue } from '../../src/core/queue.ts';
import { prepare, type RunOptions } from '../../src/core/run.ts';
import type { PreparedRun } from '../../src/core/run-frame.ts';
import type { AnyStep } from '../../src/core/step-types.ts';
import { throwAll } from '../../src/core/throw-all.ts';
import type { EventSink } from '../../src/core/writer.ts';
import { tellRefused } from './refused-run.ts';
import type { Strategy } from './strategy.ts';

/** What is made of triggers. */
export interface TriggerPlan<T> {
  readonly step: AnyStep;
  readonly strategy: Strategy;
  readonly input: ((trigger: T, index: number) => unknown) | undefined;
  readonly optionsOf: ((trigger: T, index: number) => RunOptions) | undefined;
}

/** One subscription to triggers, and the runs they have made: takes the ones, tells what happens in the others. */
export class TriggeredRuns<T, O> {
  readonly #plan: TriggerPlan<T>;
  readonly #subscriber: Subscriber<RunEvent<O>>;
  readonly #waiting = new Queue<T>();
  readonly #running = new Set<PreparedRun>();
  /** How many have begun and not ended, those included that no run could be made of. */
  #active = 0;
  #begun = 0;
  #beginning = false;
  #end: (() => void) | undefined;

  constructor(plan: TriggerPlan<T>, subscriber: Subscriber<RunEvent<O>>) {
    this.#plan = plan;
    this.#subscriber = subscriber;
  }

  next(trigger: T): void {
    const { drops, replaces } = this.#plan.strategy;
    if (drops && this.#active > 0) return;
    if (replaces) this.#waiting.clear();
    this.#waiting.put(trigger);
    if (replaces) this.#cancelRunning();
    this.#beginThoseWaiting();
  }

  error(error: unknown): void {
    this.#end = () => this.#subscriber.error(error);
    this.#beginThoseWaiting();
  }

  complete(): void {
    this.#end = () => this.#subscriber.complete();
    this.#beginThoseWaiting();
  }

  /** Ends at once what runs; nobody listens any more. */
  stop(): void {
    this.#waiting.clear();
    throwAll([...this.#running].flatMap((run) => run.abandon()));
  }

  #cancelRunning(): void {
    // Those that run now, not those that begin meanwhile.
    for (const run of [...this.#running]) run.cancelRun('the next trigger came');
  }

  // One loop begins all runs, also those that wait for one which ends while it begins: no number of them is too deep.
  #beginThoseWaiting(): void {
    if (this.#beginning) return;
    this.#beginning = true;
    while (this.#active < this.#plan.strategy.limit && !this.#subscriber.closed) {
      const waiting = this.#waiting.take();
      if (waiting === undefined) break;
      this.#active++;
      this.#begin(waiting.value, this.#begun++);
    }
    this.#beginning = false;
    if (this.#active === 0) this.#end?.();
  }

  #begin(trigger: T, index: number): void {
    const { step, input: inputOf, optionsOf } = this.#plan;
    let run: PreparedRun | undefined;
    const sink: EventSink<RunEvent> = {
      next: (event) => this.#subscriber.next(event as RunEvent<O>),
      complete: () => {
        if (run !== undefined) this.#running.delete(run);
        this.#ended();
      },
    };
    let input: unknown = trigger;
    let options: RunOptions = {};
    try {
      if (optionsOf !== undefined) options = optionsOf(trigger, index);
      if (inputOf !== undefined) input = inputOf(trigger, index);
      run = prepare(step, input, options)(sink);
    } catch (error) {
      return tellRefused(step, input, options, error, sink);
    }
    this.#running.add(run);
    run.begun();
  }

  #ended(): void {
    this.#active--;
    this.#beginThoseWaiting();
  }
}
