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

/**
 * Cells in columns, under a head. On a narrow terminal the first column gives way, then whole columns go, so that those that stay can
 * be read; what is still too long is cut.
 *
 * @param dispensable the positions of columns that may go, the first to go first
 */
export function table(
  { columns, colors, glyphs }: Terminal,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  dispensable: readonly number[] = [],
): string[] {
  const limit = columns();
  const cells = fewerColumns([head, ...rows], limit, dispensable);
  const first = Math.max(minFirst, widthOf(cells, 0) - Math.max(0, widthOfAll(cells) - limit));
  const fitting = cells.map(([cell = '', ...rest]) => [truncate(cell, first, glyphs.ellipsis), ...rest]);
  const [title = '', ...lines] = draw(fitting).map((line) => truncate(line, limit, glyphs.ellipsis));
  const width = Math.max(...[title, ...lines].map((line) => stringWidth(line)));
  return [colors.bold(title), colors.dim(glyphs.dash.repeat(width)), ...lines];
}

type Cells = readonly (readonly string[])[];

/** As many columns as fit beside the least that the first one needs. */
function fewerColumns(cells: Cells, limit: number, [next, ...others]: readonly number[]): Cells {
  const most = widthOf(cells, 0);
  if (next === undefined || widthOfAll(cells) - most + Math.min(most, minFirst) <= limit) return cells;
  const left = cells.map((row) => row.filter((_, position) => position !== next));
  return fewerColumns(
    left,
    limit,
    others.map((position) => (position > next ? position - 1 : position)),
  );
}

function widthOf(cells: Cells, position: number): number {
  return Math.max(...cells.map((row) => stringWidth(row[position] ?? '')));
}

function widthOfAll(cells: Cells): number {
  return Math.max(...draw(cells).map((line) => stringWidth(line)));
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
