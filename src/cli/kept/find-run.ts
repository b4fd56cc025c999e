import { UnknownRunError } from '../../store/errors.ts';
import type { RunStore } from '../../store/run-store.ts';
import type { StoredRun } from '../../store/stored-run.ts';
import { UsageError } from '../usage-error.ts';

/** The run with an id, or with the only id that begins so. Errors: `UnknownRunError`, {@link UsageError}. */
export async function findRun(store: RunStore, given: string): Promise<StoredRun> {
  const exact = await store.get(given);
  if (exact !== undefined) return exact;
  if (given === '') throw new UsageError('name a run: "tutti runs" lists them');
  const found = await beginning(store, given);
  const [only, another] = found;
  if (only === undefined) throw new UnknownRunError(given);
  if (another === undefined) return only;
  const ids = found.map(({ runId }) => `\n  ${runId}`).join('');
  throw new UsageError(`several runs begin with ${given}; write more of the id:${ids}`);
}

/** Enough to show that there are several. */
const most = 5;

async function beginning(store: RunStore, start: string): Promise<StoredRun[]> {
  const found: StoredRun[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ limit: 1000, ...(after !== undefined && { after }) });
    found.push(...page.runs.filter(({ runId }) => runId.startsWith(start)));
    after = page.next;
  } while (after !== undefined && found.length < most);
  return found.slice(0, most);
}
