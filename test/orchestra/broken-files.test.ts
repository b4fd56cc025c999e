import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyStep, step } from 'tutti';
import { mapEach, sequence, waitFor } from 'tutti/operators';
import { Orchestra } from 'tutti/orchestra';
import { sqliteStore } from 'tutti/store/sqlite';
import { checkEvents } from 'tutti/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunStore } from '../../src/store/run-store.ts';
import { newRun } from '../../src/testing/store-suite/store-place.ts';

/** When no lease of before counts any more. */
const later = { now: () => Date.now() + 3_600_000 };
const patience = { timeout: 30_000, interval: 5 };
let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tutti-broken-'));
  file = join(folder, 'runs.db');
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A store that counts the commits that it refuses. */
function counting(store: RunStore, refused: unknown[]): RunStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'commit') return value.bind(target);
      return async (...args: unknown[]) => {
        try {
          return await value.apply(target, args);
        } catch (error) {
          refused.push(error);
          throw error;
        }
      };
    },
  });
}

/** Many steps, then a wait. */
function longFlow(starts: string[]): AnyStep {
  const each = step('each', (n: number, { path }) => {
    starts.push(path);
    return `${n} `.repeat(500);
  });
  return sequence(
    mapEach(each, { over: () => Array.from({ length: 20 }, (_, n) => n), concurrency: 1 }),
    waitFor<string>('word'),
  );
}

/** Keeps a run that waits, and leaves its files. */
async function waiting(name: string): Promise<void> {
  const store = sqliteStore(name);
  const orchestra = new Orchestra({ store, recoverEvery: false });
  await orchestra.start(longFlow([]) as never, 0 as never, { runId: 'r', idempotencyKey: 'k' });
  await expect.poll(async () => (await orchestra.get('r'))?.state, patience).toBe('waiting');
  for (const end of ['', '-wal']) copyFileSync(name + end, `${name}.copy${end}`);
  await orchestra.close();
}

describe('an orchestra on a full disk', () => {
  it('writes again what was refused when there is room again, and runs no body again', async () => {
    const roomy = sqliteStore(file);
    await roomy.create(newRun({ runId: 'fat', input: 'x'.repeat(1_000_000) }));
    await roomy.close();
    const refused: unknown[] = [];
    const cramped = sqliteStore(file, { maxFileBytes: statSync(file).size + 100_000 });
    const starts: string[] = [];
    const big = step('big', (bytes: number) => {
      starts.push('big');
      return 'x'.repeat(bytes);
    });
    const end = step('end', (text: string) => {
      starts.push('end');
      return text.length;
    });
    const orchestra = new Orchestra({ store: counting(cramped, refused), recoverEvery: false });
    const troubles: unknown[] = [];
    orchestra.troubles$.subscribe((trouble) => troubles.push(trouble));
    const handle = await orchestra.start(sequence(big, end), 400_000);
    await expect.poll(() => refused.length, patience).toBeGreaterThan(1);
    expect(refused[0]).toMatchObject({ name: 'StoreError', reason: 'full', retryable: true });
    expect(starts).toEqual(['big']);
    await cramped.delete('fat');
    expect(await handle.result()).toMatchObject({ state: 'completed', output: 400_000 });
    expect(starts).toEqual(['big', 'end']);
    expect(troubles).toEqual([]);
    await orchestra.close();
  });
});

describe('an orchestra on a damaged file', () => {
  /** What comes of the run under the same key, over what is left of the file. */
  async function again(name: string, starts: string[]): Promise<unknown> {
    const orchestra = new Orchestra({ store: sqliteStore(name, { clock: later }), recoverEvery: false });
    const troubles: unknown[] = [];
    orchestra.troubles$.subscribe(({ error }) => troubles.push(error));
    try {
      const handle = await orchestra.start(longFlow(starts) as never, 0 as never, {
        runId: 'r',
        idempotencyKey: 'k',
      });
      await orchestra.recover();
      await handle.signal('word', 'yes');
      if (troubles.length > 0) throw troubles[0];
      const result = await handle.result();
      const events = await sqliteStore(name).events('r');
      expect(checkEvents(events)).toEqual([]);
      return result;
    } catch (error) {
      return error;
    } finally {
      await orchestra.close();
    }
  }

  it('does not begin anew on an empty or a cut file', async () => {
    await waiting(file);
    const { size } = statSync(file);
    for (const part of [0, 100, 4096, size >> 1]) {
      const name = join(folder, `cut${part}.db`);
      copyFileSync(file, name);
      truncateSync(name, part);
      const starts: string[] = [];
      expect(await again(name, starts)).toMatchObject({ name: 'StoreCorruptError' });
      expect(starts).toEqual([]);
    }
  });

  it('goes on from a beginning of what was written when the log is cut', async () => {
    await waiting(file);
    const log = statSync(`${file}.copy-wal`).size;
    const counts = new Set<number>();
    for (let cut = 0; cut <= log; cut += Math.ceil(log / 12)) {
      const name = join(folder, `log${cut}.db`);
      for (const end of ['', '-wal']) copyFileSync(`${file}.copy${end}`, name + end);
      truncateSync(`${name}-wal`, cut);
      const starts: string[] = [];
      const result = await again(name, starts);
      if (result instanceof Error) expect(['StoreCorruptError', 'StoreError']).toContain(result.name);
      else expect(result).toMatchObject({ state: 'completed', output: 'yes' });
      expect(new Set(starts).size).toBe(starts.length);
      counts.add(starts.length);
    }
    expect(counts.size).toBeGreaterThan(3);
  });

  it('gives what was given or a typed error, whichever byte is changed', { timeout: 120_000 }, async () => {
    await waiting(file);
    const bytes = readFileSync(file);
    let refused = 0;
    for (let at = 100; at < bytes.length; at += Math.ceil(bytes.length / 40)) {
      const name = join(folder, `flipped${at}.db`);
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 0x15;
      writeFileSync(name, damaged);
      const starts: string[] = [];
      const result = await again(name, starts);
      if (result instanceof Error) {
        expect(['StoreCorruptError', 'StoreError'], String(result)).toContain(result.name);
        refused++;
      } else expect(result).toMatchObject({ state: 'completed', output: 'yes' });
      expect(starts, `byte ${at}`).toEqual([]);
    }
    expect(refused).toBeGreaterThan(3);
  });
});
