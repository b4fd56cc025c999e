import { describe, expect, it } from 'vitest';
import { dataOf, keySpanAt, partAt } from '../../../src/definition/source/located.ts';
import { type FileFormat, readText } from '../../../src/definition/source/read-text.ts';
import { Reading } from '../../../src/definition/source/reading.ts';

function read(text: string, format?: FileFormat) {
  const reading = new Reading(text);
  const located = readText(reading, format);
  return { located, data: located && dataOf(located), problems: reading.problems };
}

const yaml = `name: moderation
# a comment
steps:
  - id: a
    "uses": 'x y'
    input: { text: $.input.text, n: 1.0 }
`;
const toml = `name = "moderation"

[workflow]
max_retries = 3
steps.writing = { providers = ["a"] }

[[steps]]
id = "a" # first
input.text = "$.input.text"
text = """
id = "not here"
"""

[[steps]]
id = 'b'
[steps.retry]
max_retries = 1
`;

const misplaced = 'this line is indented differently from those that it belongs with';

describe('readText', () => {
  it('reads YAML, with the places', () => {
    const { located, data, problems } = read(yaml);
    expect(problems).toEqual([]);
    expect(data).toEqual({
      name: 'moderation',
      steps: [{ id: 'a', uses: 'x y', input: { text: '$.input.text', n: 1 } }],
    });
    if (located === undefined) return expect.fail();
    const { start, length } = partAt(located, ['steps', 0, 'input', 'text']).span;
    expect(yaml.slice(start, start + length)).toBe('$.input.text');
    const key = keySpanAt(located, ['steps', 0, 'uses']);
    expect(yaml.slice(key.start, key.start + key.length)).toBe('"uses"');
    expect(partAt(located, ['steps', 0, 'input', 'n'])).toMatchObject({ raw: '1.0' });
  });

  it('reads TOML, with the places of its keys', () => {
    const { located, data, problems } = read(toml);
    expect(problems).toEqual([]);
    expect(data).toMatchObject({ workflow: { max_retries: 3 }, steps: [{ id: 'a' }, { id: 'b' }] });
    if (located === undefined) return expect.fail();
    const lineOf = (...path: (string | number)[]): string => {
      const { start } = keySpanAt(located, path);
      return toml.slice(start, toml.indexOf('\n', start));
    };
    expect(lineOf('workflow', 'max_retries')).toBe('max_retries = 3');
    expect(lineOf('workflow', 'steps', 'writing', 'providers')).toBe('{ providers = ["a"] }');
    expect(lineOf('steps', 0, 'id')).toBe('id = "a" # first');
    expect(lineOf('steps', 0, 'input', 'text')).toBe('input.text = "$.input.text"');
    expect(lineOf('steps', 1, 'id')).toBe("id = 'b'");
    expect(lineOf('steps', 1, 'retry', 'max_retries')).toBe('max_retries = 1');
  });

  it('reads JSON, also where it is indented with tabs', () => {
    const { located, data, problems } = read('{\n\t"a": 1,\n\t"b": [\n\t\ttrue\n\t]\n}');
    expect([data, problems]).toEqual([{ a: 1, b: [true] }, []]);
    expect(located && partAt(located, ['b', 0]).span).toEqual({ start: 21, length: 4 });
  });

  it.each<[string, FileFormat | undefined, string, number, number]>([
    ['a: 1\na: 2', undefined, 'this name stands here twice', 2, 1],
    ['a:\n\t- b', undefined, 'a line cannot be indented with a tab; use spaces', 2, 1],
    ['a: b: c', undefined, 'a text with a colon and a space in it needs quotes around it', 1, 4],
    ['a: &x 1\nb: *x', undefined, 'aliases are not taken; write it again, or use defaults', 2, 4],
    [
      'a: !!js/function "x"',
      undefined,
      'a text that begins with ! needs quotes around it; tags are not taken',
      1,
      4,
    ],
    ['a: 1\n---\nb: 2', undefined, 'a file holds one workflow; --- begins another document', 2, 1],
    ['a: 1\n__proto__:\n  b: 2', undefined, 'nothing can be called __proto__', 2, 1],
    ['a: [1, 2', undefined, '] is missing before this', 1, 9],
    ['a: { b: 1\nc: 2', undefined, '} is missing before this', 2, 1],
    ['? [a]\n: b', undefined, 'a name must be a text', 1, 3],
    ['a = 1\na = 2', undefined, 'this name has a value already', 2, 1],
    ['a = 1\nb = ', undefined, 'a value is missing here', 2, 5],
    ['a = 1\nconstructor = 2', undefined, 'nothing can be called constructor', 2, 1],
    ['{ "a": 1, }', undefined, 'this is not JSON', 1, 11],
    ['{ "a": 1', undefined, 'this is not JSON: a comma or } is expected, but the text ends', 1, 9],
    ['# nothing but YAML\na: 1', 'json', 'this is not JSON', 1, 1],
    ['[1, 2', 'json', 'this is not JSON', 1, 6],
    ['{"a": 1 "b": 2}', 'json', 'this is not JSON: a comma or } is expected, but there is "', 1, 9],
  ])('says what is wrong with %j', (text, format, message, line, column) => {
    const { problems } = read(text, format);
    expect(problems[0]?.message.toLowerCase()).toContain(message.toLowerCase());
    expect(problems[0]).toMatchObject({ line, column });
  });

  it.each<[string, string]>([
    ['steps:\n  - id: a\n\tuses: b', '3:1 a line cannot be indented with a tab; use spaces'],
    ['steps:\n  - id: a\n   uses: b\n    cache: true', `3:4 ${misplaced}`],
    ['steps:\n  - id: a\n - id: b\n   uses: c', `3:2 ${misplaced}`],
    ['steps:\n  - id: a\n   - id: b', `3:4 ${misplaced}`],
    ['- id: a\n    uses: b\n    cache: true', '2:5 this line is indented too far'],
    ['id a\nuses: b', '1:1 a name needs a colon and a space after it'],
    ['a: {{ $.input.b }}', '1:5 a text that begins with {{ needs quotes around it'],
    ['a: {{ len("b") }} words\nc: d', '1:5 a text that begins with {{ needs quotes around it'],
    ['a: !exists($.b)', '1:4 a text that begins with ! needs quotes around it; tags are not taken'],
    ['name: a\nname: b\nsteps: []', '2:1 this name stands here twice'],
  ])('tells once what is wrong with %j, and not what follows from it', (text, told) => {
    const { problems } = read(text, 'yaml');
    expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([told]);
  });

  it.each<[string, readonly string[]]>([
    [
      'steps:\n  - id: a\n    uses: b: c\n  - id: "b\n    uses: x\n',
      ['3:11 a text with a colon and a space in it needs quotes around it', '4:9 this quote is not closed'],
    ],
    [
      'a: "x" < $.y\nb: [1, 2\nc: {d: 1\ne: "f" g\n',
      [
        '1:8 the value ended with the quote before this; put quotes around all of it',
        '3:1 ] is missing before this',
        '4:1 } is missing before this',
        '4:8 the value ended with the quote before this; put quotes around all of it',
      ],
    ],
    [
      'steps:\n  - id a\n    uses: b\n  - id: c\n    if: !exists(x)\n    d: @foo\n    e: `x`\n    f: %x\n',
      [
        '2:5 a name needs a colon and a space after it',
        '5:9 a text that begins with ! needs quotes around it; tags are not taken',
        '6:8 a text that begins with @ needs quotes around it',
        '7:8 a text that begins with ` needs quotes around it',
        '8:8 a text that begins with % needs quotes around it',
      ],
    ],
    [
      'a:\n\tb: 1\n\tc: 2\nd: e: f\n',
      [
        '2:1 a line cannot be indented with a tab; use spaces',
        '4:4 a text with a colon and a space in it needs quotes around it',
      ],
    ],
    [
      'steps:\n - id: a\n   uses: b\n    timeout: 3s\n - id: c\n  uses: d\n',
      ['4:5 this line is indented too far', `6:3 ${misplaced}`],
    ],
    [
      'x: { a: 1, b: [ 1, 2 }\nc: y: z\n',
      ['1:22 ] is missing before this', '2:4 a text with a colon and a space in it needs quotes around it'],
    ],
    ['a: {\n b: 1\n c: 2\n}\n', ['2:5 a comma is missing after this']],
    ['a: [a, b]]\nb: c', ['1:10 there is nothing open that this closes']],
    ['a: |x\n  b\nc: d', ['1:5 after | or >, the text begins on the next line']],
    [
      'a: "\\q"\nb: \'x\n',
      [
        '1:5 \\q means nothing in double quotes; a backslash is written \\\\ there, or put the text in single quotes',
        '2:4 this quote is not closed',
      ],
    ],
    ['%FOO\n---\na: 1', ['1:1 a line that begins with % means nothing here; leave it out']],
  ])('tells all flaws of %j at once', (text, told) => {
    const { problems } = read(text, 'yaml');
    expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual(told);
  });

  it.each<[string, string, string]>([
    ['[a]\nb = 1\n[a]', 'a', '3:2 this table stands here twice, or its name has a value already'],
    ['a = { b = 1, b = 2 }', 'b', '1:14 this name has a value already'],
    ['n = 1\na = "x\nb = 1', '"', '2:5 this quote is not closed'],
    ["a = ['x', \"it's]\n", '"', '1:11 this quote is not closed'],
    ["a = 'x", "'", '1:5 this quote is not closed'],
    ['a = """x\n', '"', '1:5 this quote is not closed'],
    ['a = yes', 'yes', '1:5 this is no value; yes is written true'],
    ['a = [False]', 'False', '1:6 this is no value; no is written false'],
    ['a = null', 'null', '1:5 TOML has no word for nothing: leave the line out'],
    ['a = $.input.text', '$.input.text', '1:5 this is no value; a text needs quotes around it'],
    ['a = 30s', '30s', '1:5 this is no number; a text needs quotes around it'],
    ['a: 1\nb = 2', ':', '1:2 in TOML, a name is followed by =, and not by a colon'],
    ['a b = 1', 'b', '1:3 a name has letters, digits, - and _; any other name needs quotes around it'],
    ['[a\nb = 1', '', '1:3 ] is missing here'],
    ['[[a]\nb = 1', '', '1:5 ]] is missing here'],
    ['a', 'a', '1:1 a name is followed by = and its value'],
    ['= 1', '=', '1:1 a name is missing here'],
    ['a = [1 2]', '2', '1:8 before this, a comma is missing, or the bracket that closes the list or table'],
    ['a = [1, 2', '', '1:10 before this, a comma is missing, or the bracket that closes the list or table'],
    ['a = [', '[', '1:5 ] is missing: this is not closed'],
    ['a = {', '{', '1:5 } is missing: this is not closed'],
    [
      'a = 1 b = 2',
      'b',
      '1:7 a line holds one name and its value, and this is more; a text needs quotes around all of it',
    ],
    [
      'a = "\\q"',
      '\\q',
      '1:6 \\q means nothing in double quotes; a backslash is written \\\\ there, or put the text in single quotes',
    ],
    ['a = "\\u12"', '"', '1:10 \\u is followed by 4 hexadecimal digits, \\U by 8'],
    ['a = "\u0001"', '\u0001', '1:6 this sign must be written as \\u and its number'],
    ['a = 2020-13-01', '2', '1:5 there is no such date; a text needs quotes around it'],
    ['a = 01', '0', '1:5 a number does not begin with 0; a text needs quotes around it'],
  ])('says in plain words what is wrong with the TOML %j', (text, wrong, told) => {
    const { problems } = read(text, 'toml');
    expect(
      problems.map(({ line, column, message, offset = 0, length = 0 }) => [
        text.slice(offset, offset + length),
        `${line}:${column} ${message}`,
      ]),
    ).toEqual([[wrong, told]]);
  });

  it('takes nothing that could run or reach beyond the data', () => {
    for (const text of [
      '"__proto__": {"x": 1}',
      '{"__proto__": {"x": 1}}',
      '"__proto__" = { x = 1 }',
      '[__proto__]\nx = 1',
    ]) {
      const { data, problems } = read(text);
      expect(problems.map(({ message }) => message)).toEqual(['nothing can be called __proto__']);
      expect(data).toEqual({});
    }
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it.each(['- ', '[', '{a: ', '? ', '{"a":', '- ['])('refuses what nests too deeply: %j', (opening) => {
    const { problems } = read(opening.repeat(50_000 / opening.length), 'yaml');
    expect(problems).toMatchObject([{ message: 'lists and records nest too deeply' }]);
  });

  it('refuses what nests too deeply in TOML, and what is too long', () => {
    expect(read(`a = ${'['.repeat(100)}`).problems).toMatchObject([
      { message: 'lists and records nest too deeply' },
    ]);
    expect(read(`a: ${'x'.repeat(200_000)}`).problems[0]?.message).toContain('at most 200000 characters');
  });

  it('tells the format by the name of the file, or by its looks', () => {
    expect(readText(new Reading('a = 1', 'x.toml'))).toMatchObject({ kind: 'record' });
    expect(readText(new Reading('a = 1', 'x.yml'))).toMatchObject({ kind: 'scalar', value: 'a = 1' });
    expect(read('# c\n\n[a.b] # d\nx = 1').data).toEqual({ a: { b: { x: 1 } } });
    expect(read('"$schema" = "x"').data).toEqual({ $schema: 'x' });
    expect(read('# yaml-language-server: $schema=x\nname: a = b').data).toEqual({ name: 'a = b' });
    expect(read('').data).toBeNull();
  });
});
