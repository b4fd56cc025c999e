import type { RunEnded } from '../../core/events.ts';
import { clean } from '../terminal/clean.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Followed } from './follow-run.ts';
import { outputText } from './output-text.ts';
import { summary } from './summary.ts';

/** Writes below the tree of steps what the run did, and gave; when quiet, only what it gave. */
export function showEnd({ end, report }: Followed, terminal: Terminal, quiet: boolean): void {
  if (end === undefined || report === undefined) return;
  const lines = quiet ? [] : ['', ...summary(report, end, terminal)];
  if (end.type === 'run.completed') {
    const output = outputText(end.output).split('\n').map(clean);
    if (output.join('') !== '') lines.push(...(quiet ? [] : ['']), ...output);
  }
  if (lines.length > 0) terminal.stream.write(`${lines.join('\n')}\n`);
}

/** Says on the error stream how a run ended that did not end well, where no summary says it. */
export function reportEnd(end: RunEnded | undefined, failedStep?: string): void {
  if (end === undefined || end.type === 'run.completed' || !process.stderr.writable) return;
  const who = failedStep === undefined ? '' : `${failedStep}: `;
  const said = end.type === 'run.failed' ? `failed: ${who}${end.error.message}` : `cancelled: ${end.reason}`;
  process.stderr.write(`tutti: ${clean(said)}\n`);
}
