import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { glyphsFor } from '../../../src/cli/terminal/glyphs.ts';
import { table } from '../../../src/cli/terminal/table.ts';
import { terminalOf } from '../../../src/cli/terminal/terminal.ts';

const head = ['Step', 'Status', 'Duration', 'Cost', 'Provider'];
const rows = [
  ['a step with a rather long name', 'cancelled', '0.4 s', '$0.0000012', 'this machine'],
  ['total', 'completed', '12.3 s', '$1.50', ''],
];

const drawn = (columns: number) =>
  table(
    { ...terminalOf(process.stderr), glyphs: glyphsFor({}, 'linux'), columns: () => columns },
    head,
    rows,
    [4, 2],
  ).map(stripVTControlCharacters);

describe('table', () => {
  it('has room for everything on a wide terminal', () => {
    expect(drawn(100)).toEqual([
      'Step                            Status     Duration  Cost        Provider',
      '─'.repeat(77),
      'a step with a rather long name  cancelled  0.4 s     $0.0000012  this machine',
      'total                           completed  12.3 s    $1.50',
    ]);
  });

  it('shortens names, then leaves columns out, and cuts no head', () => {
    expect(drawn(60).slice(0, 3)).toEqual([
      'Step          Status     Duration  Cost        Provider',
      '─'.repeat(59),
      'a step with…  cancelled  0.4 s     $0.0000012  this machine',
    ]);
    expect(drawn(50)[0]).toBe('Step               Status     Duration  Cost');
    expect(drawn(40)).toEqual([
      'Step               Status     Cost',
      '─'.repeat(40),
      'a step with a ra…  cancelled  $0.0000012',
      'total              completed  $1.50',
    ]);
  });

  it('is never wider than the terminal', () => {
    for (let columns = 10; columns < 90; columns++)
      expect(Math.max(...drawn(columns).map(({ length }) => length))).toBeLessThanOrEqual(columns);
  });
});
