import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunStore } from '../../../src/store/run-store.ts';
import type { Lease } from '../../../src/store/stored-run.ts';
import { events, leased, refusal, result } from '../../../src/testing/store-suite/store-place.ts';
import { insist } from './insist.ts';
import { postgresPlace } from './postgres-place.ts';
import { serverFolder, TestServer } from './server.ts';

const server = new TestServer(serverFolder(), process.pid);

beforeAll(() => server.start());
afterAll(() => server.remove());

/** Writes commits of two events and an entry to a run, one after the other, until it is told to stop. */
async function write(store: RunStore, lease: Lease, until: { stop: boolean }): Promise<number> {
  let number = 0;
  while (!until.stop) {
    const first = number * 2;
    const batch = {
      ...{ number: ++number, events: events(first, 2, lease.runId) },
      entries: [result({ path: `/s${number}`, seq: first })],
      // Every third is not plain, and so takes several questions.
      extras: number % 3 === 0 ? [{ seq: first, value: number }] : [],
    };
    await insist(() => store.commit(lease, batch));
  }
  return number;
}

it('postgresStore heals when its server is killed and started again, and has lost and repeated nothing', {
  timeout: 180_000,
}, async () => {
  const place = await postgresPlace({}, server.url);
  const [store, other] = [place.open(), place.open()];
  const leases = await Promise.all(
    Array.from({ length: 20 }, (_, index) => leased(store, { runId: `r${index}` })),
  );
  const watching = other.watch().subscribe();
  await firstValueFrom(other.watch());
  const until = { stop: false };
  const writing = leases.map((lease) => write(store, lease, until));
  for (let kills = 0; kills < 3; kills++) {
    const before = (await insist(() => store.get('r0')))!.commits;
    const told = firstValueFrom(other.watch('a run of which nobody writes'));
    await server.kill();
    expect(await refusal(() => other.get('r0'))).toMatchObject({ reason: 'unreachable', retryable: true });
    await server.start();
    await told;
    const commits = () => insist(async () => (await store.get('r0'))!.commits);
    await expect.poll(commits, { timeout: 30_000 }).toBeGreaterThan(before + 3);
  }
  until.stop = true;
  const counts = await Promise.all(writing);
  for (const [index, count] of counts.entries()) {
    const { runId } = leases[index]!;
    expect(await other.get(runId)).toMatchObject({ commits: count, nextSeq: count * 2 });
    expect(await other.events(runId, { limit: 1e6 })).toStrictEqual(events(0, count * 2, runId));
    const { entries, extras } = await other.journal(runId);
    expect(entries.map(({ path }) => path)).toEqual(Array.from({ length: count }, (_, i) => `/s${i + 1}`));
    expect(extras).toHaveLength(Math.floor(count / 3));
  }
  watching.unsubscribe();
  await Promise.all([store.close(), other.close()]);
});
