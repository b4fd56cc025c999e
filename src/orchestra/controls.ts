import type { Facts } from '../core/scope.ts';
import type { StoredSignal } from '../store/batch.ts';
import type { CommitLine } from './commit-line.ts';
import { added } from './contexts.ts';
import type { RunJournal } from './run-journal.ts';

/** A run that can be asked for something. */
export interface Controlled {
  readonly ended: boolean;
  readonly nextSeq: number;
  readonly journal: RunJournal;
  readonly line: CommitLine;
  tellRun(facts: Facts): void;
  cancel(reason: string): void;
  mayLeave(): void;
}

/** What somebody can ask of who runs a run. */
export type Control =
  | { readonly name: 'pause'; readonly payload: { readonly reason: string } }
  | { readonly name: 'resume'; readonly payload: { readonly cause: string; readonly extra?: unknown } }
  | { readonly name: 'cancel'; readonly payload: { readonly reason: string } }
  | {
      readonly name: 'checkpoint';
      readonly payload: { readonly checkpointId: string; readonly name?: string };
    }
  | { readonly name: 'migrate'; readonly payload: { readonly forget: readonly string[] } };

/** What need not exist any more, by the migrations that were asked for. */
export function forgotten(signals: readonly StoredSignal[]): readonly (readonly string[])[] {
  return signals
    .filter(({ channel, name }) => channel === 'control' && name === 'migrate')
    .map(({ payload }) => (payload as { readonly forget: readonly string[] }).forget);
}

/** Does what a control signal asks for. What has no effect in the run's state is used up all the same. */
export function applyControl(run: Controlled, { name, payload, number }: StoredSignal): void {
  if (run.ended) return;
  run.journal.consumed(number);
  const control = { name, payload } as Control;
  switch (control.name) {
    case 'pause':
      pause(run, control.payload.reason);
      break;
    case 'resume':
      resume(run, control.payload.cause, control.payload.extra);
      break;
    case 'cancel':
      run.cancel(control.payload.reason);
      break;
    case 'checkpoint':
      checkpoint(run, control.payload.checkpointId, control.payload.name);
      break;
    case 'migrate':
      break;
  }
  if (!run.ended) run.line.send();
  run.mayLeave();
}

function pause(run: Controlled, reason: string): void {
  if (run.journal.replay.paused) return;
  run.journal.pause();
  run.line.patch({ state: 'paused', reason });
  run.tellRun({ type: 'run.paused', reason });
}

function resume(run: Controlled, cause: string, extra: unknown): void {
  if (!run.journal.replay.paused) return;
  if (extra !== undefined) addContext(run, extra);
  run.line.patch({ state: 'running' });
  run.tellRun({ type: 'run.resumed', cause });
  run.journal.unpause();
}

function addContext(run: Controlled, extra: unknown): void {
  const { journal, line } = run;
  journal.context = added(journal.context, extra);
  line.draft.extras.push({ seq: run.nextSeq, value: extra });
  line.patch({ context: journal.context });
}

function checkpoint(run: Controlled, checkpointId: string, name: string | undefined): void {
  const named = name === undefined ? {} : { name };
  run.line.draft.checkpoints.push({ id: checkpointId, seq: run.nextSeq, ...named });
  run.tellRun({ type: 'checkpoint.saved', checkpointId, ...named });
}
