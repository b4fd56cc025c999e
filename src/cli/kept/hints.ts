import type { Wait } from '../../core/events.ts';
import type { StoredRun } from '../../store/stored-run.ts';
import { usualStore } from './named-store.ts';

/** A command line that goes on with a run, with the store as it was named. A URL may hold a password, so it is not repeated. */
export function commandLine(words: string, store: string | undefined): string {
  if (store === undefined || store === usualStore) return `tutti ${words}`;
  const named = /^\w+:\/\//.test(store) ? 'URL' : quoted(store);
  return `tutti ${words} --store ${named}`;
}

/** How to answer what a run waits for. */
export function howToAnswer({ kind, name }: Wait, runId: string, store: string | undefined): string {
  switch (kind) {
    case 'approval':
      return `waits for an approval: ${commandLine(`approve ${runId} ${quoted(name)}`, store)}, or reject`;
    case 'timer':
      return 'waits for its time';
    default:
      return `waits for a signal: ${commandLine(`signal ${runId} ${quoted(name)} JSON`, store)}`;
  }
}

/** How to go on with a run that has not ended. */
export function howToGoOn({ runId, state, reason }: StoredRun, store: string | undefined): string {
  switch (state) {
    case 'waiting':
      return `run ${runId} waits: ${commandLine(`show ${runId}`, store)} says for what`;
    case 'paused':
      return `run ${runId} is paused: ${commandLine(`resume ${runId}`, store)} goes on with it`;
    case 'parked':
      return `run ${runId} does not fit its workflow any more: ${reason}`;
    default:
      return `run ${runId} is kept: ${commandLine(`resume ${runId}`, store)} goes on with it, ${commandLine(`cancel ${runId}`, store)} ends it`;
  }
}

/** A word as a shell takes it for one. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
