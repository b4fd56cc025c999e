import stringWidth from 'string-width';
import type { StepState, StepStatus } from '../../core/status.ts';
import { dollars, seconds } from '../terminal/amounts.ts';
import { clean } from '../terminal/clean.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { truncate } from '../terminal/truncate.ts';
import type { LiveModel } from './live-model.ts';
import type { StepRow } from './step-rows.ts';

/** How long a bar is, and on a narrow terminal. */
const barWidth = 12;
const shortBarWidth = 6;
const narrow = 60;

const open: ReadonlySet<StepState> = new Set(['running', 'retrying', 'waiting']);
const colorOf = {
  completed: 'green',
  failed: 'red',
  running: 'cyan',
  waiting: 'yellow',
  retrying: 'yellow',
  skipped: 'dim',
  cancelled: 'yellow',
} as const;

/** Whether a step has not ended. */
export function isOpen({ state }: StepStatus): boolean {
  return open.has(state);
}

/**
 * Draws one step: how it stands, how far it is, how long it takes and what it costs; while it runs, below that the end of what it
 * streams.
 *
 * @param now milliseconds on the run's clock
 */
export function stepLines(
  { step, depth }: StepRow,
  model: LiveModel,
  terminal: Terminal,
  now: number,
): string[] {
  const { colors, glyphs } = terminal;
  const indent = '  '.repeat(Math.min(depth, 8));
  const right = amountsOf(step, now);
  const columns = terminal.columns() - 1;
  const room = columns - stringWidth(right) - stringWidth(indent) - 4;
  const label = clean([idOf(step), ...notesOf(step, model, terminal)].join('  '));
  const left = truncate(label, room, glyphs.ellipsis);
  const gap = ' '.repeat(Math.max(1, room - stringWidth(left) + 2));
  const color = colors[colorOf[step.state]];
  const line = `${indent}${color(glyphs[step.state])} ${left}${gap}${colors.dim(right)}`;
  const streamed = clean((isOpen(step) ? model.streamed.get(step.path) : undefined) ?? '').trim();
  if (streamed === '') return [line];
  const text = endOf(streamed, columns - stringWidth(indent) - 5);
  return [line, `${indent}  ${colors.dim(`${glyphs.line} ${text}`)}`];
}

function amountsOf(step: StepStatus, now: number): string {
  const { state, startedAt, durationMs, costUsd } = step;
  if (state === 'skipped') return '';
  const time = seconds(isOpen(step) ? now - startedAt : durationMs);
  return costUsd > 0 ? `${time}  ${dollars(costUsd)}` : time;
}

/** What is to be said of a step beside its id. */
function notesOf(step: StepStatus, model: LiveModel, terminal: Terminal): string[] {
  const { path, state, attempts, error, source } = step;
  const progress = isOpen(step) ? model.progress.get(path) : undefined;
  const notes: (string | undefined)[] = [
    progress && bar(progress.fraction, terminal),
    attempts > 1 ? `attempt ${attempts}` : undefined,
  ];
  if (state !== 'completed')
    notes.push(state === 'running' ? undefined : state, progress?.message, error?.message);
  else if (source !== 'live') notes.push(`from ${source}`);
  return notes.filter((note) => note !== undefined);
}

/** An item of a list is told apart by its key. */
function idOf({ path, id }: StepStatus): string {
  const key = /\[([^\]]*)\](?:#\d+)?$/.exec(path)?.[1];
  return key === undefined ? id : `${id} [${decoded(key)}]`;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function bar(fraction: number, { columns, glyphs }: Terminal): string {
  const width = columns() < narrow ? shortBarWidth : barWidth;
  const done = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  const percent = `${Math.round(fraction * 100)} %`;
  return `${glyphs.full.repeat(done)}${glyphs.empty.repeat(width - done)} ${percent}`;
}

/** The end of a text, as far as it has room. */
function endOf(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  const segments = [...text];
  let used = 0;
  let from = segments.length;
  while (from > 0 && used + stringWidth(segments[from - 1] ?? '') < columns)
    used += stringWidth(segments[--from] ?? '');
  return segments.slice(from).join('');
}
