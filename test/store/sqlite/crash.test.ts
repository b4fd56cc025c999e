import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { events } from '../../../src/testing/store-suite/store-place.ts';

const worker = fileURLToPath(new URL('crash-worker.ts', import.meta.url));

/** Runs the worker until it has told of some commits, kills it, and gives the last `seq` that it told of. */
function killedAfter(lines: number, file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', worker, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the worker ended by itself: ${said}`));
      // What follows the last line break was cut.
      else resolve(Number(said.split('\n').at(-2)));
    });
  });
}

it('keeps every commit that was answered, whole, when its process is killed', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tutti-crash-'));
  const file = join(folder, 'runs.db');
  let before = 0;
  for (const lines of [1, 7, 40]) {
    const answered = await killedAfter(lines, file);
    const store = sqliteStore(file);
    const kept = await store.events('r1', { limit: 1e6 });
    expect(answered).toBeGreaterThan(before);
    expect(kept.length).toBeGreaterThanOrEqual(answered);
    expect(kept).toStrictEqual(events(0, kept.length));
    expect((await store.journal('r1')).entries).toHaveLength(kept.length / 2);
    expect(await store.get('r1')).toMatchObject({ nextSeq: kept.length });
    expect(await store.claimable()).toEqual([{ runId: 'r1', because: 'orphaned' }]);
    before = kept.length;
    await store.close();
  }
  rmSync(folder, { recursive: true });
});
