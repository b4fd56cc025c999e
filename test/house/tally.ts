import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

/** Leaves the totals of a test run in the file named by `TALLY_FILE`, for `test.mjs` to print as the last line. */
class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env.TALLY_FILE;
    if (file === undefined) return;
    const tally = { passed: 0, failed: unhandledErrors.length };
    for (const module of modules) count(module, tally);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(tally));
  }
}

/** A file that does not load, or a suite whose hooks fail, runs no test: it counts as one failure. */
function count(module: TestModule, tally: { passed: number; failed: number }): void {
  const suites: (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
  tally.failed += suites.filter((suite) => suite.errors().length > 0).length;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') tally.passed += 1;
    if (state === 'failed') tally.failed += 1;
  }
}

// vitest loads a reporter by its file's default export
export default Tally;
