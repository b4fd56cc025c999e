// Gets everything ready that the benchmark needs, and runs it: `npm run bench -- --help`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = `${root}.cache/bench`;
const tsc = `${root}node_modules/typescript7/bin/tsc`;
const args = process.argv.slice(2);

// What needs nothing but this repository.
const OWN = ['tutti', 'events', 'sparing', 'plain', 'rxjs'];

const at = args.findIndex((arg) => arg.startsWith('--engines'));
const engines = (args[at]?.split('=')[1] ?? args[at + 1] ?? '').split(',');
const needsPeers = at < 0 || !engines.every((engine) => OWN.includes(engine));

/** Runs a command, and ends with its code where it fails. */
function run(command, ...words) {
  const { status } = spawnSync(command, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (needsPeers && !existsSync(`${root}test/bench/node_modules/.package-lock.json`))
  run('npm', 'ci', '--prefix', 'test/bench', '--no-update-notifier');
const peers = existsSync(`${root}test/bench/node_modules/.package-lock.json`);

run('npm', 'run', '--silent', 'build');
rmSync(built, { recursive: true, force: true });
run(process.execPath, tsc, '-p', 'test/bench');
if (peers) {
  run(process.execPath, tsc, '-p', 'test/bench/peers');
  // Compiled code lives below `.cache`, where `tutti` means this package, as its users get it; the others are found here.
  mkdirSync(built, { recursive: true });
  symlinkSync('../../test/bench/node_modules', `${built}/node_modules`, 'dir');
}
run(process.execPath, `${built}/main.js`, ...args);
