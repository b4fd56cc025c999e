// A fresh process that imports modules, or makes an engine's first run, and says how long that took.
import type { Outcome } from './engine.ts';

const [what = '', ...names] = process.argv.slice(2);
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
if (what === 'import') for (const name of names) await import(name);
else await firstRun(names[0] ?? '');
const wallMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpuBefore);
process.stdout.write(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000 }));

async function firstRun(name: string): Promise<void> {
  const { loadEngine } = await import('./engines/load-engine.ts');
  const engine = await loadEngine(name);
  const outcome: Outcome | undefined = await engine.tasks['chain-async']?.(3)(1);
  if (outcome?.output !== 4) throw new RangeError(`${name}: wrong result ${outcome?.output}`);
}
