import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Terminal } from './terminal.ts';
import { truncate } from './truncate.ts';

const borderless = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid'
    .split(' ')
    .map((name) => [name, '']),
);

/** The least that a narrow terminal leaves of the first column. */
const minFirst = 12;

/** Cells in columns, under a head. On a narrow terminal the first column gives way, then what stands at the right. */
export function table(
  { columns, colors, glyphs }: Terminal,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const cells = [head, ...rows];
  const limit = columns();
  const excess = Math.max(...draw(cells).map((line) => stringWidth(line))) - limit;
  const first = Math.max(minFirst, ...cells.map(([cell = '']) => stringWidth(cell) - Math.max(0, excess)));
  const fitting = cells.map(([cell = '', ...rest]) => [truncate(cell, first, glyphs.ellipsis), ...rest]);
  const [title = '', ...lines] = draw(fitting).map((line) => truncate(line, limit, glyphs.ellipsis));
  const width = Math.max(...[title, ...lines].map((line) => stringWidth(line)));
  return [colors.bold(title), colors.dim(glyphs.dash.repeat(width)), ...lines];
}

function draw([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const drawn = new Table({
    head: [...head],
    chars: { ...borderless, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
