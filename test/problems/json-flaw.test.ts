import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFlaw } from '../../src/problems/json-flaw.ts';

/** What engines say, which say it of everything that is no JSON. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('jsonFlaw', () => {
  it.each([
    ['hello', 0, 'a value is expected, but there is hello; names and texts stand in double quotes'],
    ['', 0, 'a value is expected, but the text ends'],
    [
      '{"a": 1,}',
      8,
      'a name in double quotes is expected, but there is }; the comma before it is one too many',
    ],
    ['[1, 2,\n]', 7, 'a value is expected, but there is ]; the comma before it is one too many'],
    [
      "{'a': 1}",
      1,
      "a name in double quotes or } is expected, but there is '; names and texts stand in double quotes",
    ],
    ['{"a" 1}', 5, 'a colon is expected, but there is 1'],
    ['{"a": 1 "b": 2}', 8, 'a comma or } is expected, but there is "'],
    ['{"a": 1', 7, 'a comma or } is expected, but the text ends'],
    ['[1 2]', 3, 'a comma or ] is expected, but there is 2'],
    ['{"a": 1} x', 9, 'nothing more is expected, but there is x'],
    ['{"a": "b}', 6, 'this quote is never closed'],
    ['{"a": "b\n"}', 6, 'this quote is not closed in its line; a line break is written as \\n'],
    ['"a\tb"', 2, 'this character stands in texts only as an escape, such as \\t'],
    ['"C:\\data"', 3, '\\d means nothing; a backslash is written as \\\\'],
    ['[01]', 1, 'a value or ] is expected, but there is 01'],
    ['[True]', 1, 'a value or ] is expected, but there is True; names and texts stand in double quotes'],
  ])('says of %j where it is no JSON, and why', (text, offset, message) => {
    expect(jsonFlaw(text)).toMatchObject({ offset, message });
  });

  it('finds nothing in JSON, and something in everything else', () => {
    const pieces = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        '\\',
        '\\n',
        '1',
        '-',
        '0',
        '.5',
        'e9',
        'true',
        'null',
        ' ',
        '\n',
        'é',
        '\u007f',
      ],
    );
    const broken = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
    const changed = fc.tuple(fc.json(), fc.nat(), fc.nat(2), pieces).map(([json, place, cut, piece]) => {
      const at = place % (json.length + 1);
      return json.slice(0, at) + piece + json.slice(at + cut);
    });
    const text = fc.oneof(broken, changed, fc.json(), fc.string());
    fc.assert(
      fc.property(text, (given) => (jsonFlaw(given) === undefined) === isJson(given)),
      { numRuns: 5_000, seed: 5 },
    );
  });

  it('takes long texts and deep ones', () => {
    expect(jsonFlaw(`"${'\\n'.repeat(500_000)}"`)).toBeUndefined();
    expect(jsonFlaw('['.repeat(100_000))).toMatchObject({ offset: 100_000 });
  });
});
