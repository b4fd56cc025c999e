import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { copyBinaries, type Runner, runnerOf } from './binaries.ts';

/*
 * A process that runs one PostgreSQL in a folder, as long as another process lives: however the tests end, the server ends too.
 * It makes the file `ready` when the server answers, or `failed` with the reason. SIGTERM stops the server and leaves the folder.
 */

const [folder = '', watched = '', fsync = 'off'] = process.argv.slice(2);
const data = join(folder, 'data');

function initialise(bin: string, runner: Runner): void {
  if (existsSync(data)) return;
  const args = ['-D', data, '-U', 'tutti', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const { status, stderr, error } = spawnSync(join(bin, 'initdb'), args, { ...runner, cwd: folder });
  if (status !== 0) throw error ?? new Error(`initdb: ${stderr}`);
}

function start(bin: string, runner: Runner): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  const settings = [
    ...['listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=200'],
    ...[`fsync=${fsync}`, 'shared_buffers=64MB', 'deadlock_timeout=100ms', 'logging_collector=off'],
  ];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  return spawn(join(bin, 'postgres'), args, { ...runner, cwd: folder, stdio: ['ignore', log, log] });
}

/** A server that was killed leaves memory which the next finds in use until the last of its processes is gone. */
async function startInTime(bin: string, runner: Runner): Promise<ChildProcess> {
  for (let attempt = 1; attempt <= 100; attempt++) {
    const server = start(bin, runner);
    while (server.exitCode === null && server.signalCode === null) {
      if (await answers()) return server;
      await setTimeout(20);
    }
    await setTimeout(50);
  }
  throw new Error('the server does not start: see its log');
}

async function answers(): Promise<boolean> {
  const client = new pg.Client({ host: folder, user: 'tutti', database: 'postgres' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  writeFileSync(join(folder, 'keeper.pid'), String(process.pid));
  const runner = runnerOf(folder);
  const bin = copyBinaries(folder);
  initialise(bin, runner);
  const server = await startInTime(bin, runner);
  server.on('exit', () => process.exit());
  process.on('SIGTERM', () => server.kill('SIGINT'));
  writeFileSync(join(folder, 'ready'), '');
  while (lives(Number(watched))) await setTimeout(300);
  // Nobody will remove the folder any more.
  server.removeAllListeners('exit').on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  });
  server.kill('SIGINT');
}

main().catch((error) => {
  appendFileSync(join(folder, 'failed'), String(error));
  process.exit(1);
});
