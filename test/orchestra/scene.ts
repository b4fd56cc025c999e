import { map, timer } from 'rxjs';
import { type AnyStep, type RunEvent, type Step, step, workflow } from 'tutti';
import { sequence, waitFor } from 'tutti/operators';
import type { KeptRunHandle, Orchestra } from 'tutti/orchestra';
import { isEnded, type StoredRunState } from 'tutti/store';
import { checkEvents } from 'tutti/testing';
import { type Mortal, mortal } from './mortal-store.ts';
import { Stage } from './stage.ts';

/** One run, `r`, of a workflow `w`, and processes that come and go. */
export class Scene {
  readonly #stage: Stage;
  #process: Mortal;
  orchestra: Orchestra;

  constructor(instant: boolean) {
    this.#stage = new Stage(instant);
    this.#process = mortal(this.#stage.store);
    this.orchestra = this.#stage.orchestra([], { store: this.#process.store });
  }

  get state(): StoredRunState | undefined {
    return this.#stage.kept.get('r')?.state;
  }

  get events(): readonly RunEvent[] {
    return this.#stage.events('r');
  }

  /** What is wrong with its events, as far as they go. */
  get wrong(): readonly string[] {
    const { state } = this;
    return checkEvents(this.events, { cut: state === undefined || !isEnded(state) });
  }

  get handle(): KeptRunHandle {
    return this.orchestra.handle('r');
  }

  get hasOwner(): boolean {
    return this.#stage.kept.get('r')?.owner !== undefined;
  }

  /** Lets 10 ms pass, or so many. */
  pass(ms = 10): Promise<void> {
    return this.#stage.pass(ms);
  }

  /** A step that takes so many milliseconds, and fails if it is asked to. */
  work(id: string, ms = 1000, failure?: Error): Step<unknown, string, string> {
    return step(id, () =>
      timer(ms, this.#stage.scheduler).pipe(
        map(() => {
          if (failure !== undefined) throw failure;
          return id;
        }),
      ),
    );
  }

  /** Starts the run, and lets 10 ms pass. */
  async start(...steps: readonly Step<unknown, unknown, unknown>[]): Promise<void> {
    const wf = workflow({ name: 'w', version: '1' }, sequence(...steps)) as AnyStep;
    this.#orchestrate([wf]);
    // Who is killed at its first commit hears nothing of it.
    void this.orchestra.start(wf as Step<unknown, unknown, unknown>, null, { runId: 'r' });
    await this.pass();
  }

  /** The process ends, with all its memory; another one has this definition, and time passes until the lease is over. */
  async restart(...steps: readonly Step<unknown, unknown, unknown>[]): Promise<void> {
    this.kill();
    await this.pass(60_000);
    this.#orchestrate([workflow({ name: 'w', version: '2' }, sequence(...steps)) as AnyStep]);
  }

  kill(): void {
    this.#process.kill();
  }

  killAtCommit(): void {
    this.#process.killAtCommit();
  }

  /** Something is asked, and given as soon as it is there. */
  async ask<T>(given: Promise<T>): Promise<T> {
    given.catch(() => {});
    await this.pass();
    return given;
  }

  /** Makes the run, in a state. */
  async bring(state: StoredRunState): Promise<void> {
    if (state === 'pending') return this.killedAtStart(this.work('a'));
    if (state === 'waiting') return this.start(waitFor('go'));
    if (state === 'parked') return this.parked();
    if (state === 'completed') return this.start(this.work('a', 1));
    if (state === 'failed') return this.start(this.work('a', 1, new RangeError('no')));
    await this.start(this.work('a'), this.work('b'));
    if (state === 'paused') await this.ask(this.handle.pause());
    if (state === 'cancelled') await this.ask(this.handle.cancel());
  }

  /** Its first process writes nothing but that there is the run; there is a second one. */
  async killedAtStart(...steps: readonly Step<unknown, unknown, unknown>[]): Promise<void> {
    this.killAtCommit();
    await this.start(...steps);
    await this.restart(...steps);
  }

  /** It has begun step `a`, of which the definition knows nothing any more. */
  async parked(): Promise<void> {
    await this.start(this.work('a'), this.work('b'));
    await this.restart(this.work('z'), this.work('b'));
    await this.ask(this.orchestra.recover());
  }

  #orchestrate(workflows: readonly AnyStep[]): void {
    const doomed = this.#process;
    if (this.#stage.kept.get('r') !== undefined) this.#process = mortal(this.#stage.store);
    this.orchestra = this.#stage.orchestra(workflows, { store: this.#process.store });
    if (this.#process !== doomed) doomed.kill();
  }
}
