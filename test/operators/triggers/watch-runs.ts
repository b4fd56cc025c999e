import type { Observable, Subscription } from 'rxjs';
import type { RunEvent } from 'tutti';
import { checkEvents, type MarblesContext } from 'tutti/testing';
import { expect } from 'vitest';

const marks: Readonly<Record<string, string>> = {
  'run.started': '>',
  'run.completed': '|',
  'run.failed': '#',
  'run.cancelled': '!',
};

/** A stream of the events of many runs, listened to from now on. */
export class WatchedRuns {
  readonly events: RunEvent[] = [];
  readonly subscription: Subscription;
  error: unknown;
  #ended = false;
  readonly #told: { readonly at: number; readonly tokens: string[] }[] = [];

  constructor(m: MarblesContext, events$: Observable<RunEvent>) {
    const tell = (token: string): void => {
      const at = m.scheduler.now();
      const last = this.#told.at(-1);
      if (last?.at === at) last.tokens.push(token);
      else this.#told.push({ at, tokens: [token] });
    };
    this.subscription = events$.subscribe({
      next: (event) => {
        this.events.push(event);
        if (event.type in marks) tell(`${event.runId}${marks[event.type]}`);
      },
      error: (error: unknown) => {
        this.#ended = true;
        this.error = error;
        tell('#');
      },
      complete: () => {
        this.#ended = true;
        tell('|');
      },
    });
  }

  /**
   * When runs started and ended, by their ids, and how the stream did: `x> 5ms (x| y>) 2ms y# |`, in the words of `timeline`.
   * All runs keep all laws.
   */
  get text(): string {
    void this.runs;
    const words = this.#told.flatMap(({ at, tokens }, index) => {
      const passed = at - (this.#told[index - 1]?.at ?? 0);
      const group = tokens.length === 1 ? tokens : [`(${tokens.join(' ')})`];
      return passed === 0 ? group : [`${passed}ms`, ...group];
    });
    return words.join(' ');
  }

  /** The events of each run, by its id. */
  get runs(): ReadonlyMap<string, readonly RunEvent[]> {
    const runs = new Map<string, RunEvent[]>();
    for (const event of this.events) {
      const run = runs.get(event.runId);
      if (run === undefined) runs.set(event.runId, [event]);
      else run.push(event);
    }
    for (const run of runs.values()) expect(checkEvents(run, { cut: !this.#ended })).toEqual([]);
    return runs;
  }
}

/** Listens to the events of many runs. */
export const watch = (m: MarblesContext, events$: Observable<RunEvent>): WatchedRuns =>
  new WatchedRuns(m, events$);
