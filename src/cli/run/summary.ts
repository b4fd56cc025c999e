import { type GoblinReport, toGoblinReport } from '../../../operators/events/to-goblin-report.ts';
import type { RunReport } from '../../../operators/events/to-report.ts';
import type { RunEnded } from '../../core/events.ts';
import { dollars, seconds } from '../terminal/amounts.ts';
import { clean } from '../terminal/clean.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** A run over many items has a step for each of them. */
const maxSteps = 40;

const head = ['Step', 'Status', 'Duration', 'Cost', 'Provider'];

/** What a run did, in a table, and how it ended. */
export function summary(report: RunReport, end: RunEnded, terminal: Terminal): string[] {
  const { colors, glyphs } = terminal;
  const { steps, total_cost, total_duration } = toGoblinReport(report);
  const rows = [
    ...steps.slice(0, maxSteps).map((step) => rowOf(step)),
    ...(steps.length > maxSteps ? [[`and ${steps.length - maxSteps} more`, '', '', '', '']] : []),
    ['total', report.status, seconds(total_duration * 1000), dollars(total_cost), ''],
  ];
  const lines = table(terminal, head, rows, [head.indexOf('Provider'), head.indexOf('Duration')]);
  if (end.type === 'run.failed')
    lines.push('', colors.red(`${glyphs.failed} ${clean(end.error.name)}: ${clean(end.error.message)}`));
  if (end.type === 'run.cancelled')
    lines.push('', colors.yellow(`${glyphs.cancelled} cancelled: ${clean(end.reason)}`));
  return lines;
}

function rowOf({ task, provider = '', duration, cost, status }: GoblinReport['steps'][number]): string[] {
  return [clean(task), status, seconds(duration * 1000), dollars(cost), clean(provider)];
}
