import { VirtualTimeScheduler } from 'rxjs';
import type { AnyStep, RunEvent } from 'tutti';
import { Orchestra, type OrchestraOptions } from 'tutti/orchestra';
import { type MemoryStore, memoryStore, type RunStore } from 'tutti/store';

/** A store that gives later what another gives at once. */
function later(store: RunStore): RunStore {
  return new Proxy(store, {
    get(target, name, self) {
      const value: unknown = Reflect.get(target, name, self);
      if (typeof value !== 'function') return value;
      if (name === 'watch') return value.bind(target);
      return async (...args: unknown[]) => value.apply(target, args);
    },
  });
}

/** A store, time that stands still unless it is moved, and orchestras that come and go. */
export class Stage {
  readonly scheduler = new VirtualTimeScheduler();
  readonly kept: MemoryStore;
  readonly store: RunStore;
  readonly troubles: unknown[] = [];

  constructor(instant = true) {
    this.kept = memoryStore({ clock: this.scheduler });
    this.store = instant ? this.kept : later(this.kept);
  }

  orchestra(workflows: readonly AnyStep[], options: Partial<OrchestraOptions> = {}): Orchestra {
    const { store, scheduler } = this;
    const orchestra = new Orchestra({ store, workflows, scheduler, recoverEvery: false, ...options });
    orchestra.troubles$.subscribe(({ error }) => this.troubles.push(error));
    return orchestra;
  }

  /** Lets everything happen that happens within `ms` milliseconds. */
  async pass(ms = 0): Promise<void> {
    const until = this.scheduler.now() + ms;
    for (let quiet = 0; quiet < 2; ) {
      for (let i = 0; i < 60; i++) await null;
      const next = this.scheduler.actions.map(({ delay }) => delay).toSorted((a, b) => a - b)[0];
      if (next === undefined || next > until) quiet++;
      else {
        this.scheduler.maxFrames = next;
        this.scheduler.flush();
      }
    }
    this.scheduler.frame = until;
  }

  events(runId: string): readonly RunEvent[] {
    return this.kept.events(runId, { limit: 10_000 });
  }

  /** What was told of a run: types and paths, from an event on. */
  told(runId: string, from = 0): readonly string[] {
    return this.events(runId)
      .slice(from)
      .map(({ type, path }) => `${type}${path}`);
  }

  state(runId: string): string | undefined {
    return this.kept.get(runId)?.state;
  }
}
