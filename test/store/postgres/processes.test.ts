import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunStore } from '../../../src/store/run-store.ts';
import { events, newRun } from '../../../src/testing/store-suite/store-place.ts';
import { type PostgresPlace, postgresPlace } from './postgres-place.ts';

/** Machines may be busy, and a process takes a while to start. */
const patience = { timeout: 60_000 };

const worker = fileURLToPath(new URL('process-worker.ts', import.meta.url));

let place: PostgresPlace;
let store: RunStore;
const children: Worker[] = [];

beforeEach(async () => {
  place = await postgresPlace();
  store = place.open();
  await store.create(newRun());
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await store.close();
  await place.remove();
});

/** A process that writes to run `r1`. */
class Worker {
  readonly #child: ChildProcess;
  readonly ended: Promise<unknown>;
  #said = '';

  constructor(leaseMs: number) {
    const args = ['--import', 'tsx', worker, place.url, place.schema, String(leaseMs)];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
    this.ended = once(this.#child, 'close');
    children.push(this);
  }

  /** What it has said in whole lines. */
  get lines(): string[] {
    return this.#said.split('\n').slice(0, -1);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async hasSaid(lines: number): Promise<void> {
    await expect.poll(() => this.lines.length, patience).toBeGreaterThan(lines);
  }
}

describe('postgresStore, with several processes,', { timeout: 180_000 }, () => {
  it('keeps every commit that was answered, whole, when its process is killed', async () => {
    let before = 0;
    for (const lines of [1, 40]) {
      const child = new Worker(1);
      await child.hasSaid(lines);
      child.kill('SIGKILL');
      await child.ended;
      const kept = await store.events('r1', { limit: 1e6 });
      expect(Number(child.lines.at(-1))).toBeGreaterThan(before);
      expect(kept.length).toBeGreaterThanOrEqual(Number(child.lines.at(-1)));
      expect(kept).toStrictEqual(events(0, kept.length));
      expect((await store.journal('r1')).entries).toHaveLength(kept.length / 2);
      expect(await store.get('r1')).toMatchObject({ nextSeq: kept.length });
      await expect.poll(() => store.claimable(), patience).toEqual([{ runId: 'r1', because: 'orphaned' }]);
      before = kept.length;
    }
  });

  it('fences a process that was stopped past its lease, wherever it was stopped', async () => {
    const child = new Worker(300);
    await child.hasSaid(5);
    child.kill('SIGSTOP');
    const lease = await expect
      .poll(() => store.take('r1', { owner: 'b', ms: 60_000 }), patience)
      .toBeDefined()
      .then(() => store.take('r1', { owner: 'b', ms: 60_000 }));
    const { nextSeq } = (await store.get('r1'))!;
    child.kill('SIGCONT');
    await child.ended;
    expect(child.lines.at(-1)).toBe('LeaseLostError');
    await store.commit(lease!, { number: 1, events: events(nextSeq, 1) });
    expect(await store.events('r1', { limit: 1e6 })).toStrictEqual(events(0, nextSeq + 1));
  });

  it('tells this process what another has written', async () => {
    const any = store.watch().subscribe();
    await firstValueFrom(store.watch('r1'));
    const told = firstValueFrom(store.watch('r1'));
    const child = new Worker(60_000);
    await told;
    expect((await store.get('r1'))?.epoch).toBe(1);
    child.kill('SIGKILL');
    await child.ended;
    any.unsubscribe();
  });
});
