import { Observable } from 'rxjs';
import { DefinitionError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Decision } from '../core/mailbox.ts';
import { newId } from '../core/new-id.ts';
import { isEnd } from '../core/output-of.ts';
import { RunEndedError, UnknownRunError } from '../store/errors.ts';
import { isEnded, type StoredRun } from '../store/stored-run.ts';
import type { Control } from './controls.ts';
import { follow } from './follow.ts';
import type { HandleHost } from './handle.ts';
import { RunStateError, StaleApprovalError } from './orchestra-errors.ts';
import type { Runner } from './runner.ts';
import { whenGiven } from './when-given.ts';

/** What goes to kept runs and comes from them, wherever they run: by way of the store. */
export class Post implements HandleHost {
  readonly #runner: Runner;

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  follow(runId: string, from: number): Observable<RunEvent> {
    return follow(this.#runner, runId, from);
  }

  async run(runId: string): Promise<StoredRun> {
    const run = await this.#runner.store.get(runId);
    if (run === undefined) throw new UnknownRunError(runId);
    return run;
  }

  told(runId: string): Observable<RunEvent> {
    return new Observable((subscriber) => {
      this.#readTo(runId, (event) => subscriber.next(event)).then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      );
    });
  }

  async #readTo(runId: string, tell: (event: RunEvent) => void): Promise<void> {
    const { store } = this.#runner;
    await this.run(runId);
    const limit = 1000;
    for (let from = 0; ; from += limit) {
      const events = await store.events(runId, { from, limit });
      for (const event of events) tell(event);
      if (events.length < limit) return;
    }
  }

  async send(runId: string, name: string, payload: unknown): Promise<void> {
    if (typeof name !== 'string' || name === '') throw new DefinitionError('signal: its name must be a text');
    await this.#put(runId, 'event', name, payload);
  }

  async ask(runId: string, { name, payload }: Control): Promise<void> {
    if (name === 'resume') await this.#checkPaused(runId);
    await this.#put(runId, 'control', name, payload);
  }

  /** It is paused, or somebody has asked for that. */
  async #checkPaused(runId: string): Promise<void> {
    const { state } = await this.run(runId);
    if (state === 'paused' || isEnded(state)) return;
    const { signals } = await this.#runner.store.journal(runId);
    const asked = signals.some(
      ({ channel, name, consumedSeq }) =>
        channel === 'control' && name === 'pause' && consumedSeq === undefined,
    );
    if (!asked) throw new RunStateError(runId, state, 'resume', ['paused']);
  }

  #put(runId: string, channel: 'event' | 'control', name: string, payload: unknown): unknown {
    const { store } = this.#runner;
    return whenGiven(store.signal(runId, { id: newId(), channel, name, payload }), () =>
      this.#runner.mail(runId),
    );
  }

  async decide(runId: string, approval: string, decision: Decision): Promise<void> {
    const { waits } = await this.#runner.store.journal(runId);
    const open = waits.filter(({ kind, closedSeq }) => kind === 'approval' && closedSeq === undefined);
    const names = open.map(({ name }) => name);
    if (!names.includes(approval)) throw new StaleApprovalError(runId, approval, names);
    await this.send(runId, approval, decision);
  }

  async checkpoint(runId: string, name: string | undefined): Promise<string> {
    const checkpointId = newId();
    const named = name === undefined ? {} : { name };
    await this.ask(runId, { name: 'checkpoint', payload: { checkpointId, ...named } });
    await this.#saved(runId, checkpointId);
    return checkpointId;
  }

  /** Waits until a checkpoint is saved; fails when the run ends without. */
  #saved(runId: string, checkpointId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const watching = this.#runner.troubles$.subscribe((trouble) => {
        if (trouble.runId === runId) reject(trouble.error);
      });
      const followed = this.follow(runId, 0).subscribe({
        next: (event) => {
          if (event.type === 'checkpoint.saved' && event.checkpointId === checkpointId) resolve();
          else if (isEnd(event)) reject(new RunEndedError(runId, event.type.slice('run.'.length)));
        },
        error: reject,
        complete: () => reject(new UnknownRunError(runId)),
      });
      watching.add(followed);
    });
  }
}
