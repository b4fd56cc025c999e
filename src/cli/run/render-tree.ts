import { clean } from '../terminal/clean.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { truncate } from '../terminal/truncate.ts';
import type { LiveModel } from './live-model.ts';
import { isOpen, stepLines } from './step-lines.ts';
import { type StepRow, stepRows } from './step-rows.ts';

/**
 * Draws how a run stands: a line for each step, inside those that hold it, and below what is being streamed.
 *
 * When there are more lines than the terminal has, those of steps that have ended well give way.
 *
 * @param expected ids of steps that will come, where that is known
 * @param now milliseconds on the run's clock
 */
export function renderTree(
  model: LiveModel,
  terminal: Terminal,
  expected: readonly string[],
  now: number,
): string[] {
  const { steps } = model.status;
  const rows = stepRows(steps);
  const seen = new Set(steps.map(({ id }) => id));
  const pending = expected.filter((id) => !seen.has(id));
  const room = Math.max(3, terminal.rows() - 3 - pending.length);
  const shown = rows.length * 2 <= room ? rows : fewer(rows, room);
  const lines = shown.flatMap((row) => stepLines(row, model, terminal, now));
  if (shown.length < rows.length) lines.unshift(hiddenLine(rows.length - shown.length, terminal));
  return [...lines, ...pending.map((id) => pendingLine(id, terminal))].slice(0, terminal.rows() - 1);
}

/** As many rows as there is room for: those that are going on, then failures, then the latest. */
function fewer(rows: readonly StepRow[], room: number): readonly StepRow[] {
  const weight = ({ step }: StepRow): number => (isOpen(step) ? 2 : step.state === 'failed' ? 1 : 0);
  const kept = rows
    .map((row, position) => ({ row, position }))
    .sort((a, b) => weight(b.row) - weight(a.row) || b.position - a.position)
    .slice(0, Math.floor(room / 2));
  return kept.sort((a, b) => a.position - b.position).map(({ row }) => row);
}

function hiddenLine(count: number, { colors }: Terminal): string {
  return colors.dim(`  and ${count} more`);
}

function pendingLine(id: string, { colors, glyphs, columns }: Terminal): string {
  return colors.dim(`${glyphs.pending} ${truncate(clean(id), columns() - 3, glyphs.ellipsis)}`);
}
