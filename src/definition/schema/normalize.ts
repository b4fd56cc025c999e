import type { Located, LocatedEntry, LocatedRecord } from '../source/located.ts';
import type { Reading } from '../source/reading.ts';
import { withoutTables } from './goblin-tables.ts';
import { insides, type OtherName, otherNames, type RecordKind } from './other-names.ts';

/** The same file with Tutti's names in the place of other systems' names and tables; every part keeps its place. */
export function normalize(root: Located, reading: Reading): Located {
  if (root.kind !== 'record') return root;
  return renamed(withoutTables(root, reading), 'Workflow', reading);
}

function renamed(located: Located, kind: RecordKind, reading: Reading): Located {
  if (located.kind === 'list')
    return { ...located, items: located.items.map((item) => renamed(item, kind, reading)) };
  if (located.kind !== 'record') return located;
  const entries: LocatedEntry[] = [];
  for (const entry of located.entries) {
    const made = renamedEntry(entry, kind, reading);
    const twin = entries.find(({ key }) => key === made.key);
    if (twin === undefined) entries.push(made);
    else
      reading.add(entry.keySpan, `${entry.key} and ${writtenAs(located, twin)} are the same; one is enough`);
  }
  return { ...located, entries };
}

function renamedEntry(entry: LocatedEntry, kind: RecordKind, reading: Reading): LocatedEntry {
  const names = otherNames[kind] ?? {};
  const other = Object.hasOwn(names, entry.key) ? names[entry.key] : undefined;
  const key = other?.is ?? entry.key;
  const inside = insides[kind]?.[key];
  const value = convert(key, entry.value, other);
  if (key === 'providers' && kind === 'Workflow')
    return { ...entry, key, value: preferences(value, reading) };
  return { ...entry, key, value: inside === undefined ? value : renamed(value, inside, reading) };
}

function preferences(providers: Located, reading: Reading): Located {
  if (providers.kind !== 'record') return providers;
  const entries = providers.entries.map((entry) => ({
    ...entry,
    value: renamed(entry.value, 'Preference', reading),
  }));
  return { ...providers, entries };
}

/** Numbers of seconds become durations, and a version that is a number, its text. */
function convert(key: string, value: Located, other: OtherName | undefined): Located {
  if (value.kind !== 'scalar' || typeof value.value !== 'number') return value;
  if (other?.seconds === true) return { ...value, value: `${value.value}s` };
  return key === 'version' ? { ...value, value: value.raw ?? String(value.value) } : value;
}

function writtenAs({ entries }: LocatedRecord, { keySpan }: LocatedEntry): string {
  return entries.find((entry) => entry.keySpan === keySpan)?.key ?? '';
}
