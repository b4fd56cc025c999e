import { postgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { events, result } from '../../../src/testing/store-suite/store-place.ts';
import { insist } from './insist.ts';

/**
 * Takes run `r1` and commits to it without end, and says after each commit how many events there are; or the name of the error that
 * ends it.
 */
async function main(url: string, schema: string, leaseMs: string): Promise<void> {
  const store = postgresStore(url, { schema, timeoutMs: 1000 });
  const lease = (await store.take('r1', { owner: String(process.pid), ms: Number(leaseMs) }))!;
  let { nextSeq } = (await store.get('r1'))!;
  try {
    for (let number = 1; ; number++) {
      const batch = {
        ...{ number, events: events(nextSeq, 2), entries: [result({ path: `/s${nextSeq}` })] },
        ...(number % 2 === 0 && { extras: [{ seq: nextSeq, value: number }] }),
      };
      await insist(() => store.commit(lease, batch));
      nextSeq += 2;
      process.stdout.write(`${nextSeq}\n`);
    }
  } catch (error) {
    process.stdout.write(`${(error as Error).name}\n`);
  }
  await store.close();
}

const [, , url = '', schema = '', leaseMs = ''] = process.argv;
await main(url, schema, leaseMs);
