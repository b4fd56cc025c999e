import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Orchestra } from 'tutti/orchestra';
import { checkEvents } from 'tutti/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
import type { Place } from './plan.ts';

const worker = fileURLToPath(new URL('stop-worker.ts', import.meta.url));
const patience = { timeout: 60_000, interval: 10 };

let folder = '';
let place: Place;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tutti-stop-'));
  place = {
    store: { kind: 'sqlite', file: join(folder, 'runs.db'), durability: 'process' },
    ledger: join(folder, 'ledger'),
  };
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A process with an orchestra that takes up what it can. */
function another(leaseMs: number): ChildProcess {
  const args = ['--import', 'tsx', worker, JSON.stringify(place), String(leaseMs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
}

/** What a process has said of itself. */
function saidBy({ pid }: ChildProcess): string[] {
  if (!existsSync(place.ledger)) return [];
  const lines = readFileSync(place.ledger, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith(`${pid} `)).map((line) => line.slice(`${pid} `.length));
}

/** Makes a run that waits to be taken. */
async function made(orchestra: Orchestra, runId: string): Promise<void> {
  await openStore(place).create({
    ...{ runId, requestId: runId, workflow: 'stay', version: '', input: 1, createdAt: Date.now() },
  });
  expect(await orchestra.get(runId)).toMatchObject({ state: 'pending' });
}

const watching = () => new Orchestra({ store: openStore(place), recoverEvery: false });

describe('orchestras in several processes', () => {
  it('never both run one run, and one that was stopped past its lease writes nothing', {
    timeout: 180_000,
  }, async () => {
    const orchestra = watching();
    await made(orchestra, 'r');
    const first = another(1000);
    await expect.poll(() => saidBy(first), patience).toContain('starts');
    const second = another(60_000);
    await expect.poll(() => saidBy(second), patience).toContain('ready');
    // The first renews its lease, so the second, which looks all the time, does not get it.
    await expect
      .poll(async () => (await orchestra.get('r'))?.leaseUntil ?? 0, patience)
      .toBeGreaterThan(Date.now() + 900);
    expect(saidBy(second)).toEqual(['ready']);
    first.kill('SIGSTOP');
    await expect.poll(() => saidBy(second), patience).toContain('starts');
    // It says that the step was interrupted, and starts it again.
    await expect.poll(async () => (await orchestra.get('r'))?.nextSeq, patience).toBe(5);
    const [stored, events] = [await orchestra.get('r'), await openStore(place).events('r')];
    first.kill('SIGCONT');
    await expect
      .poll(() => saidBy(first).toSorted(), patience)
      .toEqual(['LeaseLostError', 'aborted', 'ready', 'starts']);
    expect(await orchestra.get('r')).toEqual(stored);
    expect(await openStore(place).events('r')).toEqual(events);
    expect(checkEvents(events, { cut: true })).toEqual([]);
    expect(saidBy(second)).toEqual(['ready', 'starts']);
    await orchestra.close();
  });

  it('can watch, signal, pause and cancel what another runs', { timeout: 180_000 }, async () => {
    const orchestra = watching();
    await made(orchestra, 'r');
    const owner = another(60_000);
    await expect.poll(() => saidBy(owner), patience).toContain('starts');
    const handle = orchestra.handle('r');
    const types: string[] = [];
    const followed = new Promise<void>((complete) =>
      handle.events$.subscribe({ next: ({ type }) => types.push(type), complete }),
    );
    await handle.signal('news', 1);
    await handle.pause('lunch');
    await expect.poll(() => types, patience).toContain('run.paused');
    await handle.resume();
    await expect.poll(() => types, patience).toContain('run.resumed');
    await handle.cancel('enough');
    expect(await handle.result()).toMatchObject({ state: 'cancelled', reason: 'enough' });
    await followed;
    expect(types).toEqual([
      ...['run.started', 'step.started', 'run.paused', 'run.resumed', 'step.cancelled', 'run.cancelled'],
    ]);
    expect(saidBy(owner)).toEqual(['ready', 'starts', 'aborted']);
    await expect(handle.signal('news', 2)).rejects.toMatchObject({ code: 'RUN_ENDED' });
    await orchestra.close();
  });
});
