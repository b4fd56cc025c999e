import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const keeper = fileURLToPath(new URL('keeper.ts', import.meta.url));

/** A folder for a server, with a short name: the path of a socket must be. */
export function serverFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tutti-pg-'));
}

/** A PostgreSQL of the tests, which listens on a socket in its folder, so that no port can be taken. */
export class TestServer {
  readonly folder: string;
  readonly #watched: number;
  readonly #fsync: boolean;

  /** @param watched when this process is gone, the server ends */
  constructor(folder: string, watched: number, { fsync = false } = {}) {
    this.folder = folder;
    this.#watched = watched;
    this.#fsync = fsync;
  }

  get url(): string {
    return `postgresql://tutti@/postgres?host=${encodeURIComponent(this.folder)}`;
  }

  get socket(): string {
    return join(this.folder, '.s.PGSQL.5432');
  }

  async start(): Promise<void> {
    rmSync(join(this.folder, 'ready'), { force: true });
    const args = ['--import', 'tsx', keeper, this.folder, String(this.#watched), this.#fsync ? 'on' : 'off'];
    spawn(process.execPath, args, { detached: true, stdio: 'ignore' }).unref();
    await this.ready();
  }

  /** Ends when the server answers. */
  async ready(): Promise<void> {
    for (let waited = 0; waited < 60_000; waited += 20) {
      if (existsSync(join(this.folder, 'ready'))) return;
      const failed = join(this.folder, 'failed');
      if (existsSync(failed)) throw new Error(readFileSync(failed, 'utf8'));
      await setTimeout(20);
    }
    throw new Error(`PostgreSQL does not start in ${this.folder}`);
  }

  /** Kills the server, as a crash would. */
  async kill(): Promise<void> {
    process.kill(this.#pid('data/postmaster.pid'), 'SIGKILL');
    await this.#gone();
  }

  /** Stops the server and removes its folder. */
  async remove(): Promise<void> {
    const pid = this.#pid('keeper.pid');
    if (isAlive(pid)) process.kill(pid, 'SIGTERM');
    await this.#gone();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #gone(): Promise<void> {
    const pid = this.#pid('keeper.pid');
    for (let waited = 0; waited < 60_000 && isAlive(pid); waited += 10) await setTimeout(10);
  }

  /** 0, which is nobody, when there is none. */
  #pid(file: string): number {
    const path = join(this.folder, file);
    return existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) : 0;
  }
}

function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
