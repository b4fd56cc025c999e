/** What stands around a flaw: the rest of its line, and what is before it there. */
export interface TomlContext {
  readonly rest: string;
  readonly before: string;
}

/** What is wrong, and how far from where the parser stopped. */
export interface TomlWords {
  readonly message: string;
  /** How many characters the flaw begins before that. */
  readonly back?: number;
  readonly length?: number;
}

const quoteNeeded = 'a text needs quotes around it';
const badKey = 'a name has letters, digits, - and _; any other name needs quotes around it';
const unclosed = 'this quote is not closed';
const escapes = '\\u is followed by 4 hexadecimal digits, \\U by 8';
const nested = 'lists and records nest too deeply';

type Words = string | ((context: TomlContext) => string | TomlWords);

/** By what the parser says. */
const words: Readonly<Record<string, Words>> = {
  'trying to redefine an already defined table or value': ({ before }) =>
    before.trimStart().startsWith('[')
      ? 'this table stands here twice, or its name has a value already'
      : 'this name has a value already',
  'trying to redefine an already defined value': 'this name has a value already',
  'unfinished string': unclosed,
  'control characters are not allowed in strings': ({ rest, before }) =>
    rest === ''
      ? { message: unclosed, ...openQuote(before) }
      : 'this sign must be written as \\u and its number',
  'control characters are not allowed in comments': 'this sign cannot stand in a comment',
  'invalid value': ({ rest, before }) => invalidValue(rest, before),
  'illegal character in numeric literal': ({ before }) => ({
    message: `this is no number; ${quoteNeeded}`,
    ...lastWord(before),
  }),
  'unfinished numeric value': 'a number ends with a digit',
  'illegal leading zero': `a number does not begin with 0; ${quoteNeeded}`,
  'illegal underscore': 'in a number, an underscore stands between two digits',
  'integer value cannot be represented losslessly': 'this number is too large',
  'each key-value declaration must be followed by an end-of-line':
    'a line holds one name and its value, and this is more; a text needs quotes around all of it',
  'incomplete key-value: cannot find end of key': 'a name is followed by = and its value',
  'illegal character in key': ({ rest, before }) => {
    if (before.trimStart().startsWith('[') && rest === '') return '] is missing here';
    return rest.startsWith(':') ? 'in TOML, a name is followed by =, and not by a colon' : badKey;
  },
  'illegal empty bare key': 'a name is missing here',
  'unexpected end of key': 'a name is missing here',
  'illegal quoted key: multiline strings are not allowed': 'a name stands in one pair of quotes',
  'expected end of table array declaration': ']] is missing here',
  'expected comma or end of structure':
    'before this, a comma is missing, or the bracket that closes the list or table',
  'unfinished array': '] is missing: this is not closed',
  'unfinished table': '} is missing: this is not closed',
  'unrecognised escape sequence': ({ rest }) => ({
    message: `\\${rest.charAt(0)} means nothing in double quotes; a backslash is written \\\\ there, or put the text in single quotes`,
    back: 1,
    length: 2,
  }),
  'invalid escape: only line-ending whitespace may be escaped':
    'after a backslash at the end of a line, there is nothing more on it',
  'invalid non-hex character in unicode escape': escapes,
  'invalid unicode escape': escapes,
  'invalid date': `there is no such date; ${quoteNeeded}`,
  'invalid date-time: date part is malformed': `this is no date; ${quoteNeeded}`,
  'invalid date-time: time part is malformed': `this is no time of day; ${quoteNeeded}`,
  'document contains excessively nested structures. aborting.': nested,
};

/** What is wrong in words that tell what to change; the parser's own, where there are no better ones. */
export function tomlWords(message: string, context: TomlContext): TomlWords {
  const own = Object.hasOwn(words, message) ? words[message] : undefined;
  const said = typeof own === 'function' ? own(context) : (own ?? message);
  return typeof said === 'string' ? { message: said } : said;
}

function invalidValue(rest: string, before: string): string | TomlWords {
  if (rest === '' || rest.startsWith('#') || rest.startsWith(',')) return 'a value is missing here';
  if (/^[\]}]/.test(rest)) return 'there is nothing open that this closes';
  const word = /^[\w.$-]+/.exec(rest)?.[0] ?? '';
  const length = Math.max(1, word.length);
  if (/^(true|yes|on)$/i.test(word)) return { message: 'this is no value; yes is written true', length };
  if (/^(false|no|off)$/i.test(word)) return { message: 'this is no value; no is written false', length };
  if (/^(null|none|nil)$/i.test(word))
    return { message: 'TOML has no word for nothing: leave the line out', length };
  return { message: `this is no value; ${quoteNeeded}`, length: before === '' ? 1 : length };
}

/** Where the last quote of a line opens. */
function openQuote(before: string): Pick<TomlWords, 'back' | 'length'> {
  let open = -1;
  for (let i = 0; i < before.length; i++) {
    const character = before[i];
    if (open < 0) {
      if (character === '"' || character === "'") open = i;
    } else if (character === '\\' && before[open] === '"') i++;
    else if (character === before[open]) open = -1;
  }
  return open < 0 ? {} : { back: before.length - open, length: 1 };
}

function lastWord(before: string): Pick<TomlWords, 'back' | 'length'> {
  const back = /[\w.+-]*$/.exec(before)?.[0].length ?? 0;
  return { back, length: back + 1 };
}
