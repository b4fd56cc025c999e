// Runs the fuzzing of what users write (expressions, mappings, files, texts) with 200,000 cases for each property; a number as the
// first argument is how many instead. `npm test` runs the same properties with fewer cases.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [runs = '200000'] = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    fileURLToPath(new URL('test.mjs', import.meta.url)),
    'test/definition/fuzz.test.ts',
    'test/text/fuzz.test.ts',
    'test/text/print.test.ts',
  ],
  { stdio: 'inherit', env: { ...process.env, TUTTI_PROPERTY_RUNS: runs } },
);
process.exit(status ?? 1);
