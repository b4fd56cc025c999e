import { Observable } from 'rxjs';

type Listener = () => void;

/** Who wants to know of writes: of one run, or of any. */
export class Watchers {
  readonly #ofRun = new Map<string, Set<Listener>>();
  readonly #ofAny = new Set<Listener>();
  #count = 0;
  readonly #onCount: (count: number) => void;

  /** @param onCount is told how many listen, whenever that changes */
  constructor(onCount: (count: number) => void = () => {}) {
    this.#onCount = onCount;
  }

  /** Emits after writes to a run, or to any. */
  watch(runId?: string): Observable<void> {
    return new Observable((subscriber) => {
      const listener = (): void => subscriber.next();
      this.#listeners(runId).add(listener);
      this.#onCount(++this.#count);
      return () => {
        const listeners = this.#listeners(runId);
        listeners.delete(listener);
        if (runId !== undefined && listeners.size === 0) this.#ofRun.delete(runId);
        this.#onCount(--this.#count);
      };
    });
  }

  /** There was a write to a run; to some run, when it is not said which. */
  notify(runId?: string): void {
    if (runId !== undefined) tell(this.#ofRun.get(runId));
    else for (const listeners of [...this.#ofRun.values()]) tell(listeners);
    tell(this.#ofAny);
  }

  #listeners(runId: string | undefined): Set<Listener> {
    if (runId === undefined) return this.#ofAny;
    const known = this.#ofRun.get(runId);
    if (known) return known;
    const made = new Set<Listener>();
    this.#ofRun.set(runId, made);
    return made;
  }
}

/** Those that listen now, whatever they do with it. */
function tell(listeners: ReadonlySet<Listener> | undefined): void {
  if (listeners !== undefined && listeners.size > 0) for (const listener of [...listeners]) listener();
}
