import { spawn } from 'node:child_process';
import { once } from 'node:events';

// What `npm start` shows: the analysis in code, then, unless it was asked for files, a workflow file on the same skills.

// Ctrl-C ends the example that runs, and that ends this.
process.on('SIGINT', () => {});

async function show(file: string, ...args: string[]): Promise<number> {
  const [code] = await once(
    spawn(process.execPath, ['--import', 'tsx', file, ...args], { stdio: 'inherit' }),
    'exit',
  );
  return typeof code === 'number' ? code : 1;
}

const files = process.argv.slice(2);
process.exitCode = await show('examples/content-analysis/main.ts', ...files);
if (process.exitCode === 0 && files.length === 0) {
  const workflow = 'examples/content-moderation.yaml';
  console.log(`\nThe same skills in a file, ${workflow}:\n`);
  process.exitCode = await show(
    'src/cli/main.ts',
    ...['run', workflow, '--skills', 'examples/skills.ts', '--set', 'text=I love this library!'],
  );
}
