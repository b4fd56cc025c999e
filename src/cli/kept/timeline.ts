import { asyncScheduler } from 'rxjs';
import { isEnded, type StoredRun } from '../../store/stored-run.ts';
import { outputText } from '../run/output-text.ts';
import { stepLines } from '../run/step-lines.ts';
import { stepRows } from '../run/step-rows.ts';
import { dollars, seconds } from '../terminal/amounts.ts';
import { clean } from '../terminal/clean.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { truncate } from '../terminal/truncate.ts';
import { commandLine, howToAnswer, howToGoOn } from './hints.ts';
import type { Standing } from './standing.ts';
import { stateOf } from './state-of.ts';
import { moment } from './times.ts';

/** A kept run to be read: what it is, its steps with how they stand, what it waits for, how it ended. */
export function timeline(standing: Standing, terminal: Terminal, store: string | undefined): string[] {
  const { run, model } = standing;
  const wide = terminal.isTTY ? terminal : { ...terminal, columns: () => 120 };
  const { status } = model;
  const now = isEnded(run.state) ? status.startedAt + status.durationMs : asyncScheduler.now();
  const steps = stepRows(status.steps).flatMap((row) => stepLines(row, model, wide, now));
  return [...headOf(run, wide, now), '', ...steps, ...restOf(standing, wide, store)];
}

function headOf(run: StoredRun, { colors, columns, glyphs }: Terminal, now: number): string[] {
  const { runId, workflow, version, createdAt, startedAt = createdAt, endedAt = now, costUsd } = run;
  const facts = [stateOf(run), seconds(endedAt - startedAt), dollars(costUsd)];
  const about = [
    `started ${moment(createdAt)}`,
    run.sessionId === undefined ? undefined : `session ${run.sessionId}`,
    run.idempotencyKey === undefined ? undefined : `key ${run.idempotencyKey}`,
    run.forkedFrom === undefined ? undefined : `forked from ${run.forkedFrom.runId}`,
  ];
  const input = run.input === undefined ? [] : [`input ${JSON.stringify(run.input) ?? ''}`];
  return [
    `${colors.bold(clean(runId))}  ${clean(`${workflow} ${version}`)}`,
    facts.join('  '),
    ...[about.filter((fact) => fact !== undefined).join('  '), ...input].map((line) =>
      colors.dim(truncate(clean(line), columns() - 1, glyphs.ellipsis)),
    ),
  ];
}

function restOf(
  { run, waits, checkpoints }: Standing,
  { colors, glyphs }: Terminal,
  store: string | undefined,
): string[] {
  const { runId, state, error, output, reason } = run;
  const lines: string[] = [];
  for (const wait of waits) {
    const due = wait.dueAt === undefined ? '' : `, until ${moment(wait.dueAt)}`;
    lines.push(
      colors.yellow(clean(`${glyphs.waiting} ${wait.path}  ${howToAnswer(wait, runId, store)}${due}`)),
    );
  }
  for (const { id, name, seq } of checkpoints)
    lines.push(clean(`checkpoint ${name ?? ''} ${id}, before event ${seq}`));
  if (error !== undefined) lines.push(colors.red(clean(`${glyphs.failed} ${error.name}: ${error.message}`)));
  if (state === 'failed')
    lines.push(`${commandLine(`fork ${runId}`, store)} makes a run that keeps what completed`);
  if (state === 'cancelled' && reason !== undefined)
    lines.push(colors.yellow(clean(`${glyphs.cancelled} cancelled: ${reason}`)));
  if (state === 'completed') lines.push(...outputText(output).split('\n').map(clean));
  else if (!isEnded(state) && state !== 'waiting') lines.push(howToGoOn(run, store));
  return lines.length === 0 ? [] : ['', ...lines];
}
