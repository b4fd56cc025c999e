// Runs every check in order, stops at the first red one, and says what ran. `--no-tests` leaves the tests out.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CHECKS = [
  'format:check',
  'lint',
  'typecheck',
  'floors',
  'coverage',
  'build',
  'knip',
  'package:check',
  'size',
];

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const checks = process.argv.includes('--no-tests') ? CHECKS.filter((check) => check !== 'coverage') : CHECKS;
const report = [];

for (const check of checks) {
  console.log(`\n== ${check}`);
  const startedAt = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', check], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  report.push(`${status === 0 ? 'green' : 'RED  '}  ${check} (${seconds} s)`);
  if (status !== 0) break;
}

const green = report.filter((line) => line.startsWith('green')).length;
const notRun = checks.slice(report.length).map((check) => `       ${check} did not run`);
console.log(['', ...report, ...notRun, `verify: ${green} of ${checks.length} green`].join('\n'));
process.exit(green === checks.length ? 0 : 1);
