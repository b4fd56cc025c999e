import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import type { RunStore } from '../../../src/store/run-store.ts';
import { events, leased, newRun } from '../../../src/testing/store-suite/store-place.ts';
import { postgresPlace } from './postgres-place.ts';

type Lease = Parameters<RunStore['commit']>[0];

const signal = { id: 's1', channel: 'event', name: 'go', payload: 1 } as const;

it.each<[string, (store: RunStore, lease: Lease) => unknown]>([
  ['a new run', (store) => store.create(newRun({ runId: 'r1' }))],
  ['a commit', (store, lease) => store.commit(lease, { number: 1, events: events(0, 1) })],
  [
    'a commit with more',
    (store, lease) => store.commit(lease, { number: 1, extras: [{ seq: 0, value: 1 }] }),
  ],
  ['the end of a run', (store, lease) => store.commit(lease, { number: 1, run: { state: 'completed' } })],
  ['a lease', (store) => store.take('r1', { owner: 'me', ms: 1000 })],
  ['the end of a lease', (store, lease) => store.release(lease)],
  ['a signal', (store) => store.signal('r1', signal)],
  ['a deletion', (store) => store.delete('r1')],
])('postgresStore tells another handle of %s', async (what, write) => {
  const place = await postgresPlace();
  const [store, watcher] = [place.open(), place.open()];
  const lease = what === 'a new run' ? { runId: 'r1', epoch: 1 } : await leased(store);
  // It tells everybody when it begins to listen, and then of r1 alone.
  const keep = watcher.watch('r2').subscribe();
  await firstValueFrom(watcher.watch('r1'));
  const [heard, wrong] = [
    firstValueFrom(watcher.watch('r1')),
    watcher.watch('r2').subscribe(() => expect.fail()),
  ];
  await write(store, lease);
  await heard;
  for (const watching of [keep, wrong]) watching.unsubscribe();
  await Promise.all([store.close(), watcher.close()]);
  await place.remove();
});
