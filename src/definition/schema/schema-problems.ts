import type { z } from 'zod';
import { suggest } from '../../problems/suggest.ts';
import type { PathKey } from '../expression/tree.ts';
import { dataOf, type Located, partAt } from '../source/located.ts';
import type { Reading } from '../source/reading.ts';
import { recordSchemas } from './definition-schema.ts';
import { alternatives, expectedBy, isWrongType, typeInWords, wordsFor } from './issue-words.ts';
import { kindAt, otherNames, type RecordKind } from './other-names.ts';

type Issue = z.core.$ZodIssue;

/** Says in words, and with places, what the schema refuses. */
export function reportIssues(issues: readonly Issue[], root: Located, reading: Reading): void {
  for (const issue of issues) report(issue, [], root, reading);
}

function report(issue: Issue, above: readonly PathKey[], root: Located, reading: Reading): void {
  const path = [...above, ...(issue.path as PathKey[])];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) reportField(key, path, root, reading);
    return;
  }
  if (issue.code === 'invalid_union') return reportUnion(issue, path, root, reading);
  const value = valueAt(root, path);
  if (value === undefined && issue.code === 'invalid_type') return reportMissing(path, root, reading);
  const { message, suggestion } = wordsFor(issue, nameOf(path), value);
  const asList = path.join('.') === 'steps' && issue.code === 'invalid_type';
  reading.at(root, path, asList ? `${message}: each step begins with - id: a` : message, suggestion);
}

/** What people write who have not read on. */
const likely: Readonly<Record<string, string>> = {
  skill: 'uses',
  use: 'uses',
  run: 'uses',
  type: 'uses',
  agent: 'uses',
  name: 'id',
  with: 'input',
  args: 'input',
  params: 'input',
  inputs: 'input',
  needs: 'dependsOn',
  after: 'dependsOn',
  if: 'condition',
  when: 'condition',
  retries: 'retry',
  on_failure: 'fallback',
  for: 'forEach',
  foreach: 'forEach',
};

const kinds: Readonly<Record<RecordKind, string>> = {
  Workflow: 'a workflow',
  Step: 'a step',
  InnerStep: 'a step in a step',
  Retry: 'retry',
  Cache: 'cache',
  Budget: 'budget',
  ForEach: 'forEach',
  Defaults: 'defaults',
  ErrorHandler: 'onError',
  Preference: 'a preference',
  Webhooks: 'webhooks',
  Debug: 'debug',
};

/** Records in which a name or steps would mean something else. */
const stepKinds: ReadonlySet<RecordKind> = new Set<RecordKind>(['Step', 'InnerStep', 'ForEach']);

function reportField(key: string, path: readonly PathKey[], root: Located, reading: Reading): void {
  const kind = kindAt(path) ?? 'Workflow';
  const fields = Object.keys(recordSchemas[kind].shape);
  if (kind !== 'Workflow' && !stepKinds.has(kind) && ['flow', 'steps', 'name'].includes(key))
    return reading.atKey(
      root,
      [...path, key],
      `${key} belongs at the top of the file, before ${kinds[kind]}`,
    );
  const others = Object.keys(otherNames[kind] ?? {});
  const meant = Object.hasOwn(likely, key) ? likely[key] : undefined;
  const suggestion = fields.find((field) => field === meant) ?? suggest(key, [...fields, ...others]);
  const known =
    suggestion === undefined ? `; it has ${fields.filter((field) => field !== '$schema').join(', ')}` : '';
  reading.atKey(root, [...path, key], `${kinds[kind]} has no field ${key}${known}`, suggestion);
}

function reportMissing(path: readonly PathKey[], root: Located, reading: Reading): void {
  const above = path.slice(0, -1);
  const kind = kindAt(above) ?? 'Workflow';
  const about = describe(kind, String(path.at(-1)));
  reading.at(root, above, `${kinds[kind]} needs ${nameOf(path)}${about === '' ? '' : ` (${about})`}`);
}

function describe(kind: RecordKind, field: string): string {
  const schema = recordSchemas[kind].shape[field] as z.ZodType | undefined;
  const words = schema?.meta()?.description ?? '';
  return words.replace(/\.$/, '').replace(/^[A-Z]/, (first) => first.toLowerCase());
}

/** Of several shapes, the one that was probably meant is the one whose type fits. */
function reportUnion(
  { errors }: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly PathKey[],
  root: Located,
  reading: Reading,
): void {
  const shapes = errors as readonly (readonly Issue[])[];
  const fitting = shapes
    .filter((issues) => issues.length > 0 && !issues.some(isWrongType))
    .toSorted((a, b) => a.length - b.length);
  const [best] = fitting;
  if (best !== undefined) {
    for (const issue of best) report(issue, path, root, reading);
    return;
  }
  const types = shapes.flatMap((issues) => issues.filter(isWrongType).flatMap(expectedBy));
  const value = valueAt(root, path);
  const values = types.flatMap((type) => /^"(.*)"$/.exec(type)?.[1] ?? []);
  const suggestion = typeof value === 'string' ? suggest(value, values) : undefined;
  reading.at(
    root,
    path,
    `${nameOf(path)} must be ${alternatives(types)}, not ${typeInWords(value)}`,
    suggestion,
  );
}

function valueAt(root: Located, path: readonly PathKey[]): unknown {
  const above = path.length === 0 ? root : partAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (key === undefined) return dataOf(root);
  const holder = dataOf(above);
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}

function nameOf(path: readonly PathKey[]): string {
  const key = path.findLast((part) => typeof part === 'string');
  if (key === undefined) return 'a workflow';
  return typeof path.at(-1) === 'number' ? `an item of ${key}` : key;
}
