import type { Observable } from 'rxjs';
import { originalError, type RunEnded, type RunEvent } from 'tutti';
import { checkEvents } from 'tutti/testing';
import { expect } from 'vitest';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** A run that is listened to from now on, to be asked when it has ended. */
export class Recorded<O> {
  readonly events: RunEvent<O>[] = [];
  completed = false;

  constructor(run$: Observable<RunEvent<O>>) {
    run$.subscribe({
      next: (event) => this.events.push(event),
      complete: () => {
        this.completed = true;
      },
    });
  }

  /** How it ended, after keeping all laws. */
  get end(): RunEnded<O> {
    expect(checkEvents(this.events)).toEqual([]);
    expect(this.completed).toBe(true);
    return this.events.at(-1) as RunEnded<O>;
  }

  get output(): O {
    const { end } = this;
    return end.type === 'run.completed' ? end.output : expect.fail(`it ended with ${JSON.stringify(end)}`);
  }

  /** What it failed with, as it was thrown. */
  get error(): unknown {
    const { end } = this;
    return end.type === 'run.failed'
      ? originalError(end.error)
      : expect.fail(`it ended with ${JSON.stringify(end)}`);
  }

  /** The paths of the steps that started, in that order. */
  get started(): string[] {
    return this.all('step.started').map(({ path }) => path);
  }

  all<T extends RunEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is RunEvent<O> & EventOf<T> => event.type === type);
  }
}

/** Starts a run, and listens to it. */
export const record = <O>(run$: Observable<RunEvent<O>>): Recorded<O> => new Recorded(run$);
