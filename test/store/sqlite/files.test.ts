import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreCorruptError, StoreError } from '../../../src/store/errors.ts';
import { connect } from '../../../src/store/sqlite/driver.ts';
import { type SqliteOptions, sqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { events, leased, newRun, refusal, result } from '../../../src/testing/store-suite/store-place.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tutti-files-'));
  file = join(folder, 'runs.db');
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Keeps one run with as many commits as told, of about a page each, and leaves its file. */
async function keep(commits: number, name = file): Promise<void> {
  const store = sqliteStore(name);
  const lease = await leased(store);
  for (let number = 1; number <= commits; number++)
    await store.commit(lease, {
      ...{ number, events: events(number - 1, 1) },
      entries: [result({ path: `/s${number}`, output: 'x'.repeat(3000) })],
    });
  await store.close();
}

/** All that can be read of the one run, or what reading is refused with. */
async function readAll(name: string): Promise<unknown> {
  const store = sqliteStore(name);
  try {
    const run = await store.get('r1');
    return run && { events: await store.events('r1'), entries: (await store.journal('r1')).entries };
  } catch (error) {
    return error;
  } finally {
    await store.close();
  }
}

/** What the first call of a store is refused with; the file must be as before. */
async function refusedAsItIs(options?: SqliteOptions): Promise<unknown> {
  const before = readFileSync(file);
  const store = sqliteStore(file, options);
  const errors = [await refusal(() => store.get('r1')), await refusal(() => store.create(newRun()))];
  await store.close();
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(errors[1]).toStrictEqual(errors[0]);
  return errors[0];
}

describe('sqliteStore', () => {
  it('touches nothing before it is used', async () => {
    const store = sqliteStore(join(folder, 'missing', 'runs.db'));
    await store.close();
    expect(existsSync(join(folder, 'missing'))).toBe(false);
  });

  it('refuses an empty file', async () => {
    writeFileSync(file, '');
    const error = await refusedAsItIs();
    expect(error).toBeInstanceOf(StoreCorruptError);
    expect(error).toMatchObject({ message: `${file} is empty: it is neither new nor a store` });
  });

  it.each([
    ['text', 'hello\n'],
    ['much text', 'hello '.repeat(5000)],
  ])('refuses a file of %s', async (_, text) => {
    writeFileSync(file, text);
    expect(await refusedAsItIs()).toBeInstanceOf(StoreCorruptError);
  });

  it("refuses another program's file of SQLite", async () => {
    const db = connect(file);
    db.exec('CREATE TABLE runs (a)');
    db.close();
    const error = await refusedAsItIs();
    expect(error).toBeInstanceOf(StoreCorruptError);
    expect(error).toMatchObject({ message: `${file} is a file of SQLite, but not a store of Tutti` });
  });

  it('refuses a file with the tables of a later version', async () => {
    await keep(1);
    const db = connect(file);
    db.exec("INSERT INTO tutti_migrations VALUES (99, 'later', 0)");
    db.close();
    const error = await refusedAsItIs();
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ reason: 'newer-schema', retryable: false });
  });

  it('refuses a folder that is not there, and a folder in place of the file', async () => {
    for (const name of [join(folder, 'missing', 'runs.db'), folder]) {
      const error = await readAll(name);
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ reason: 'cannot-open', retryable: false });
    }
  });

  it('opens a file that was refused before, once it can be opened', async () => {
    const name = join(folder, 'late', 'runs.db');
    const store = sqliteStore(name);
    expect(await refusal(() => store.create(newRun()))).toBeInstanceOf(StoreError);
    mkdirSync(join(folder, 'late'));
    expect(await refusal(() => store.create(newRun()))).toBeUndefined();
    await store.close();
  });

  it('refuses what has no room, keeps what it had, and goes on when there is room', async () => {
    await keep(3);
    const cramped = sqliteStore(file, { maxFileBytes: statSync(file).size });
    const facts = newRun({ runId: 'r2', input: 'x'.repeat(100_000) });
    const error = await refusal(() => cramped.create(facts));
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ reason: 'full', retryable: true });
    expect(await cramped.get('r2')).toBeUndefined();
    expect(await cramped.events('r1')).toHaveLength(3);
    await cramped.close();
    const roomy = sqliteStore(file);
    expect(await roomy.create(facts)).toMatchObject({ created: true });
    await roomy.close();
  });

  it('says that it is busy when another writes for too long, and can be asked again', async () => {
    await keep(1);
    const other = connect(file);
    const store = sqliteStore(file, { busyTimeoutMs: 5 });
    await store.get('r1');
    other.exec('BEGIN IMMEDIATE');
    const signal = { id: 's', channel: 'event', name: 'n', payload: 1 } as const;
    const error = await refusal(() => store.signal('r1', signal));
    expect(error).toMatchObject({ name: 'StoreError', reason: 'busy', retryable: true });
    other.exec('COMMIT');
    expect(await store.signal('r1', signal)).toMatchObject({ number: 0 });
    other.close();
    await store.close();
  });
});

describe('sqliteStore, of a damaged file,', () => {
  it('gives a clean beginning of what was written when its log is cut anywhere', async () => {
    const store = sqliteStore(file);
    const lease = await leased(store);
    for (let number = 1; number <= 10; number++)
      await store.commit(lease, { number, events: events(number - 1, 1), entries: [] });
    const whole = join(folder, 'whole');
    mkdirSync(whole);
    for (const end of ['', '-wal']) copyFileSync(file + end, join(whole, `runs.db${end}`));
    await store.close();
    const log = statSync(join(whole, 'runs.db-wal')).size;
    const lengths = new Set<number>();
    for (let cut = 0; cut <= log; cut += 1111) {
      const name = join(folder, `cut${cut}.db`);
      for (const end of ['', '-wal']) copyFileSync(join(whole, `runs.db${end}`), name + end);
      truncateSync(`${name}-wal`, cut);
      const read = (await readAll(name)) as { events: unknown[] } | undefined;
      expect(read).not.toBeInstanceOf(Error);
      expect(read?.events ?? []).toStrictEqual(events(0, read?.events.length ?? 0));
      lengths.add(read?.events.length ?? 0);
    }
    expect(lengths.size).toBeGreaterThan(5);
  });

  it('never gives anything else than was written, whichever byte is changed', async () => {
    await keep(5);
    const written = await readAll(file);
    const bytes = readFileSync(file);
    const answers = { same: 0, refused: 0 };
    for (let at = 7; at < bytes.length; at += 397) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 0x15;
      const name = join(folder, `flipped${at}.db`);
      writeFileSync(name, damaged);
      const read = await readAll(name);
      if (read instanceof Error) {
        expect(['StoreCorruptError', 'StoreError'], String(read)).toContain(read.name);
        answers.refused++;
      } else {
        expect(read, `byte ${at}`).toStrictEqual(written);
        answers.same++;
      }
      for (const end of ['', '-wal', '-shm']) rmSync(name + end, { force: true });
    }
    expect(answers.refused).toBeGreaterThan(10);
    expect(answers.same).toBeGreaterThan(10);
  });

  it('refuses a file that is cut', async () => {
    await keep(5);
    const { size } = statSync(file);
    for (const part of [100, 4096, Math.floor(size / 2)]) {
      const name = join(folder, `cut${part}.db`);
      copyFileSync(file, name);
      truncateSync(name, part);
      expect(await readAll(name)).toBeInstanceOf(StoreCorruptError);
    }
  });
});
