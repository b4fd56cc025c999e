import type { Section, Verdict } from './result.ts';

/** A table in Markdown, padded so that it reads well without. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, at) => Math.max(cell.length, 3, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** A number with three digits that mean something. */
function number(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(digits, 2) });
}

/** One section: its contestants, below each other. */
export function sectionText({ title, unit, baseline, rows }: Section): string {
  const compared = rows.some(({ ratio }) => ratio !== undefined);
  const head = ['', unit, ...(compared ? [`x ${baseline}`] : []), 'spread', ''];
  const cells = rows.map(({ name, value, spread, ratio, note = '', error }) => [
    name,
    error === undefined ? number(value) : 'FAILED',
    ...(compared ? [ratio === undefined ? '' : ratio.toFixed(2)] : []),
    spread === undefined ? '' : `${Math.round(spread * 100)} %`,
    error ?? note,
  ]);
  return `${title}\n\n${table(head, cells)}\n`;
}

/** All sections in one table: a line for each, a column for each engine. */
export function overview(sections: readonly Section[], engines: readonly string[]): string {
  const shown = sections.filter(({ rows }) => rows.every(({ name }) => engines.includes(name)));
  const head = ['', 'unit', ...engines];
  const rows = shown.map(({ name, unit, rows }) => [
    name,
    unit,
    ...engines.map((engine) => {
      const row = rows.find((one) => one.name === engine);
      return row === undefined ? '' : row.error === undefined ? number(row.value) : 'FAILED';
    }),
  ]);
  return table(head, rows);
}

/** The marks, met or not. */
export function marksText(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ mark, wanted, got, met }) => [mark, wanted, got, met ? 'met' : 'NOT MET']);
  return table(['mark (of tutti)', 'wanted', 'got', ''], rows);
}
