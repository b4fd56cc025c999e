// Runs the tests (arguments go to vitest) and prints `N passed, N failed` as the last line.
// Fails when a test failed, when vitest says so (unhandled errors, coverage), and when no test ran at all.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tallyFile = `${root}.cache/tally-${process.pid}.json`;
const vitest = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config=test/house/vitest.config.ts',
  '--reporter=default',
  '--reporter=./test/house/tally.ts',
];

const { status } = spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TALLY_FILE: tallyFile },
});

// without a tally vitest itself broke: that is one failure
const tally = existsSync(tallyFile) ? JSON.parse(readFileSync(tallyFile, 'utf8')) : { passed: 0, failed: 1 };
rmSync(tallyFile, { force: true });

console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exit(status === 0 && tally.failed === 0 && tally.passed > 0 ? 0 : 1);
