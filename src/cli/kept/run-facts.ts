import { encode, type Json } from '../../core/codec.ts';
import type { StoredRun } from '../../store/stored-run.ts';

/** What is of no use to who reads a run. */
const inner: ReadonlySet<string> = new Set([
  'requestId',
  'inputHash',
  'commits',
  'definitionHash',
  'definition',
]);

/** A kept run as plain JSON: all that is of use to who reads it. */
export function runFacts(run: StoredRun): Json {
  const facts = Object.entries(run).filter(([name, value]) => value !== undefined && !inner.has(name));
  return encode(Object.fromEntries(facts));
}
