import { suggest } from '../../problems/suggest.ts';
import { UsageError } from '../usage-error.ts';

/** Refuses a `--set` of a field that the input of the workflow does not have. */
export function checkSets(sets: readonly string[] = [], fields: readonly string[] | undefined): void {
  if (fields === undefined) return;
  for (const set of sets) {
    const [name = ''] = set.split(/[.=]/, 1);
    if (name === '' || !set.includes('=') || fields.includes(name)) continue;
    const meant = suggest(name, fields);
    const hint = meant === undefined ? `; it has ${fields.join(', ')}` : `; did you mean ${meant}?`;
    throw new UsageError(`--set ${set}: the input has no ${name}${hint}`);
  }
}
