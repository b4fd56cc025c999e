import fc from 'fast-check';
import { providers } from './examples.ts';

type Parts = readonly (string | readonly string[])[];

/** The providers of {@link anyText}. */
export const names = providers.map(({ name }) => name);

const spaces = fc.constantFrom(' ', '  ', '\n', '\t', '\u00a0 ');
const plain = fc.constantFrom(
  'draft',
  'it',
  'and',
  'then',
  'b',
  'Ünïcode',
  '日本',
  '😀',
  'x:y',
  'a)',
  '…',
  "don't",
  'with',
  'use',
);
const quoted = fc.stringMatching(/^"[ A-Za-z()\n]{0,12}"$/);
const bracketed = fc.stringMatching(/^\((?:[a-z ]|AND|THEN|"[()]*"){0,5}\)$/);
const called = fc.tuple(plain, quoted).map(([name, text]) => `print${name}(${text})`);
const word = fc.oneof({ weight: 5, arbitrary: plain }, quoted, bracketed, called);
const rerun: fc.Arbitrary<Parts> = fc.constant(['retry', 'failed', 'ones']);
const words = fc.array(word, { minLength: 1, maxLength: 5 });

const agent = fc.constantFrom('', '', '', 'writer:', 'a.b-c_1:', 'Ü:');
const provider = fc.constantFrom(
  '',
  '',
  'with GPT-4',
  'using claude',
  'with cheap model',
  'use free local provider',
);
const retry = fc.constantFrom('', '', '(retry up to 1 time)', '(retry up to 03 times on failure)');
const when = fc.constantFrom('', '', 'IF_SUCCESS', 'IF failing', 'IF passing', 'IF_CONTAINS("a AND b")');

const task = (first: boolean): fc.Arbitrary<Parts> =>
  fc.tuple(agent, words, provider, retry, first ? fc.constant('') : when);

const group = (first: boolean): fc.Arbitrary<Parts> =>
  fc
    .tuple(
      fc.array(task(first), { minLength: 1, maxLength: 3 }),
      fc.option(fc.oneof(task(first), rerun), { freq: 4, nil: undefined }),
    )
    .map(([tasks, handler]) => [
      ...tasks.flatMap((one, index) => (index === 0 ? one.flat() : ['AND', ...one.flat()])),
      ...(handler === undefined ? [] : ['AND', 'IF_ANY_FAILED', ...handler.flat()]),
    ]);

const conditional: fc.Arbitrary<Parts> = fc
  .tuple(
    fc.constantFrom('IF_SUCCESS', 'IF_FAILURE', 'IF_ANY_FAILED'),
    group(false),
    fc.option(group(false), { nil: undefined }),
  )
  .map(([condition, yes, no]) => [condition, ...yes, ...(no === undefined ? [] : ['ELSE', ...no])]);

const phase = fc.oneof(
  { weight: 4, arbitrary: group(false) },
  { weight: 4, arbitrary: conditional },
  rerun.map((task) => ['IF_ANY_FAILED', ...task]),
);

/** Any text that means something, with spaces anyhow. */
export const anyText: fc.Arbitrary<string> = fc
  .tuple(group(true), fc.array(phase, { maxLength: 4 }), fc.array(spaces, { minLength: 1, maxLength: 8 }))
  .map(([first, rest, gaps]) => {
    const parts = [...first, ...rest.flatMap((one) => ['THEN', ...one])].flat().filter((part) => part !== '');
    return parts.map((part, index) => part + (gaps[index % gaps.length] ?? ' ')).join('');
  });

const pieces = fc.oneof(
  fc.constantFrom(
    'THEN',
    'AND',
    'ELSE',
    'IF',
    'IF_SUCCESS',
    'IF_FAILURE',
    'IF_ANY_FAILED',
    'IF_CONTAINS("x")',
  ),
  fc.constantFrom(
    'success',
    'failing',
    '(retry up to 3 times)',
    '(retry up to',
    'IF_SUCESS',
    'IF_CONTAINS(',
    'a:',
    'with',
  ),
  fc.constantFrom(
    'GPT-4',
    'cheap model',
    '"',
    '(',
    ')',
    '__proto__',
    'constructor',
    'retry failed ones',
    '7',
    '😀',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

/** Any text at all, mostly of what the language is made of. */
export const anyNoise: fc.Arbitrary<string> = fc
  .array(fc.tuple(pieces, fc.constantFrom(' ', ' ', '', '\n')), { maxLength: 24 })
  .map((parts) => parts.flat().join(''));
