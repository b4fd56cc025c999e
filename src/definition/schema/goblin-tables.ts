import type { Located, LocatedEntry, LocatedRecord } from '../source/located.ts';
import type { Reading } from '../source/reading.ts';

/** How the fields of a table are called here: one name, or the way to it. */
const settings: Readonly<Record<string, readonly string[]>> = {
  step_timeout: ['defaults', 'timeout'],
  max_retries: ['defaults', 'retry'],
  max_cost_per_workflow: ['budget', 'usd'],
  budget_alert_threshold: ['budget', 'alertAt'],
};

/**
 * Brings what stands in the tables `[workflow]` and `[workflow.cost_control]` to where it belongs. `[workflow.steps]`
 * with records in it holds preferences; a `workflow` that is a text is the flow.
 *
 * Source: the Goblin page.
 */
export function withoutTables(root: LocatedRecord, reading: Reading): LocatedRecord {
  const target = new Target(root);
  for (const entry of root.entries) {
    if (entry.key !== 'workflow') target.place(entry, reading);
    else if (entry.value.kind === 'record') lift(entry.value, target, reading);
    else target.put(['flow'], entry, reading);
  }
  return target.record();
}

function lift(table: LocatedRecord, target: Target, reading: Reading): void {
  for (const entry of table.entries) {
    if (entry.key === 'cost_control' && entry.value.kind === 'record')
      for (const limit of entry.value.entries) target.place(limit, reading);
    else if (entry.key === 'steps' && entry.value.kind === 'record')
      target.put(['providers'], entry, reading);
    else target.place(entry, reading);
  }
}

/** The file as it will be: what is put in twice is a problem. */
class Target {
  readonly #root: LocatedRecord;
  readonly #entries: LocatedEntry[] = [];

  constructor(root: LocatedRecord) {
    this.#root = root;
  }

  record(): LocatedRecord {
    return { ...this.#root, entries: this.#entries };
  }

  place(entry: LocatedEntry, reading: Reading): void {
    const way = Object.hasOwn(settings, entry.key) ? settings[entry.key] : undefined;
    this.put(way ?? [entry.key], entry, reading);
  }

  put(way: readonly string[], { key, keySpan, value }: LocatedEntry, reading: Reading): void {
    const [outer, inner] = way as [string, string?];
    const made = seconds(key, value);
    const at = this.#entries.findIndex((entry) => entry.key === outer);
    const known = this.#entries[at];
    if (inner === undefined) {
      const both = known === undefined ? undefined : merged(known.value, made);
      if (known === undefined) this.#entries.push({ key: outer, keySpan, value: made });
      else if (both === undefined) reading.add(keySpan, `${outer} is given twice`);
      else this.#entries[at] = { ...known, value: both };
      return;
    }
    this.put([outer], { key: outer, keySpan, value: recordOf(inner, keySpan, made) }, reading);
  }
}

/** Two records as one, unless a field is in both. */
function merged(a: Located, b: Located): Located | undefined {
  if (a.kind !== 'record' || b.kind !== 'record') return undefined;
  if (b.entries.some(({ key }) => a.entries.some((entry) => entry.key === key))) return undefined;
  return { ...a, entries: [...a.entries, ...b.entries] };
}

function recordOf(key: string, keySpan: LocatedEntry['keySpan'], value: Located): LocatedRecord {
  return { kind: 'record', span: keySpan, entries: [{ key, keySpan, value }] };
}

/** Only `step_timeout` is a time, in seconds. */
function seconds(key: string, value: Located): Located {
  if (key !== 'step_timeout' || value.kind !== 'scalar' || typeof value.value !== 'number') return value;
  return { ...value, value: `${value.value}s` };
}
