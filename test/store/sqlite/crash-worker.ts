import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { events, newRun, result } from '../../../src/testing/store-suite/store-place.ts';

/** Commits to one run without end, and says after each commit how many there are. */
async function main(file: string): Promise<void> {
  const store = sqliteStore(file, { durability: 'process' });
  await store.create(newRun());
  const lease = (await store.take('r1', { owner: String(process.pid), ms: 1 }))!;
  let { nextSeq } = (await store.get('r1'))!;
  for (let number = 1; ; number++) {
    await store.commit(lease, {
      ...{ number, events: events(nextSeq, 2) },
      entries: [result({ path: `/s${nextSeq}` })],
    });
    nextSeq += 2;
    process.stdout.write(`${nextSeq}\n`);
  }
}

await main(process.argv[2]!);
