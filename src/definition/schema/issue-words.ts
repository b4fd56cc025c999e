import type { z } from 'zod';
import { suggest } from '../../problems/suggest.ts';

type Issue = z.core.$ZodIssue;

const expected: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a record',
  record: 'a record',
  array: 'a list',
};

/** What is wrong with the value of a field. */
export function wordsFor(
  issue: Issue,
  name: string,
  value: unknown,
): { message: string; suggestion?: string | undefined } {
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const suggestion = typeof value === 'string' ? suggest(value, values) : undefined;
    return { message: `${name} must be ${alternatives(values)}, not ${inWords(value)}`, suggestion };
  }
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return {
      message: `${name} must be ${expected[issue.expected] ?? issue.expected}, not ${typeInWords(value)}`,
    };
  if (issue.code === 'too_small') return { message: `${name} ${tooSmall(issue, value)}` };
  if (issue.code === 'too_big') return { message: `${name} ${tooBig(issue, value)}` };
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return { message: `${name} must be an address that begins with https:// or http://` };
  return { message: `${name}: ${issue.message}` };
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall, value: unknown): string {
  if (origin === 'string') return 'is empty';
  if (origin === 'array') return 'has nothing in it';
  return `must be ${inclusive === false ? 'above' : 'at least'} ${minimum}, not ${inWords(value)}`;
}

function tooBig({ origin, maximum }: z.core.$ZodIssueTooBig, value: unknown): string {
  if (origin === 'string') return `has at most ${maximum} characters`;
  return `must be at most ${maximum}, not ${inWords(value)}`;
}

/** One or the other. */
export function alternatives(words: readonly string[]): string {
  const different = [...new Set(words)];
  const last = different.pop() ?? 'something else';
  return different.length === 0 ? last : `${different.join(', ')} or ${last}`;
}

/** It is not the kind of value that was expected here. */
export function isWrongType(issue: Issue): boolean {
  return issue.path.length === 0 && ['invalid_type', 'invalid_value', 'invalid_union'].includes(issue.code);
}

/** What was expected instead, in words. */
export function expectedBy(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [expected[issue.expected] ?? issue.expected];
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value));
  return issue.code === 'invalid_union'
    ? (issue.errors as Issue[][]).flatMap((issues) => issues.filter(isWrongType).flatMap(expectedBy))
    : [];
}

/** What kind of value it is. */
export function typeInWords(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a record' : inWords(value);
}

function inWords(value: unknown): string {
  const words = JSON.stringify(value) ?? String(value);
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}
