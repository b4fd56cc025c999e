import { asyncScheduler } from 'rxjs';
import { isEnded, type StoredRun, type StoredRunState } from '../../store/stored-run.ts';
import { exitCode } from '../exit-code.ts';
import { dollars, seconds } from '../terminal/amounts.ts';
import { clean } from '../terminal/clean.ts';
import { table } from '../terminal/table.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { openKnownStore } from './open-store.ts';
import { runFacts } from './run-facts.ts';
import { say } from './say.ts';
import { stateOf } from './state-of.ts';
import { moment } from './times.ts';

/** What `tutti runs` is called with. */
export interface RunsOptions {
  readonly store?: string;
  readonly state?: readonly string[];
  readonly workflow?: string;
  readonly session?: string;
  readonly limit?: string;
  readonly json?: true;
}

const states: readonly StoredRunState[] = [
  ...(['pending', 'running', 'waiting', 'paused', 'parked'] as const),
  ...(['completed', 'failed', 'cancelled'] as const),
];

const head = ['Run', 'Workflow', 'State', 'Started', 'Duration', 'Cost'];

/** Lists kept runs, those started last first. */
export async function runsCommand(options: RunsOptions): Promise<number> {
  const { workflow, session: sessionId } = options;
  const filter = {
    limit: limitOf(options.limit ?? '20'),
    ...(options.state !== undefined && { states: statesOf(options.state) }),
    ...(workflow !== undefined && { workflow }),
    ...(sessionId !== undefined && { sessionId }),
  };
  const store = await openKnownStore(options.store);
  try {
    const { runs, next } = await store.list(filter);
    if (options.json) for (const run of runs) process.stdout.write(`${JSON.stringify(runFacts(run))}\n`);
    else if (runs.length === 0) say('there are no such runs');
    else process.stdout.write(`${asTable(runs).join('\n')}\n`);
    if (next !== undefined && !options.json)
      say(`there are more: --limit ${filter.limit * 5} shows more of them`);
    return exitCode.completed;
  } finally {
    await store.close();
  }
}

function asTable(runs: readonly StoredRun[]): string[] {
  const terminal = terminalOf(process.stdout);
  // A program may want whole ids.
  const wide = terminal.isTTY ? terminal : { ...terminal, columns: () => Number.POSITIVE_INFINITY };
  const dispensable = ['Duration', 'Cost', 'Started'].map((name) => head.indexOf(name));
  return table(wide, head, runs.map(rowOf), dispensable);
}

function rowOf(run: StoredRun): string[] {
  const { runId, workflow, state, createdAt, startedAt = createdAt, endedAt, costUsd } = run;
  const until = endedAt ?? (isEnded(state) ? startedAt : asyncScheduler.now());
  return [
    clean(runId),
    clean(workflow),
    stateOf(run),
    moment(createdAt),
    seconds(until - startedAt),
    dollars(costUsd),
  ];
}

function limitOf(given: string): number {
  const limit = Number(given);
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= 1000))
    throw new UsageError(`--limit ${given} is not a number from 1 to 1000`);
  return limit;
}

function statesOf(given: readonly string[]): readonly StoredRunState[] {
  return given
    .flatMap((one) => one.split(','))
    .map((one) => {
      const state = states.find((known) => known === one.trim());
      if (state === undefined) throw new UsageError(`--state ${one}: there are ${states.join(', ')}`);
      return state;
    });
}
