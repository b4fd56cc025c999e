// A process that measures one engine at one workload, a sample each time it is asked.

import type { Ask } from './contestant.ts';
import { loadEngine } from './engines/load-engine.ts';
import { Sampler } from './sampler.ts';
import { workloads } from './workloads/all.ts';

const [engineName = '', workloadName = '', size = ''] = process.argv.slice(2);
const workload = workloads.find(({ name }) => name === workloadName);
if (workload === undefined) throw new RangeError(`no workload is called ${workloadName}`);
const sampler = new Sampler(await loadEngine(engineName), workload, size === '' ? undefined : Number(size));

// So that what it wrote on the disk is taken away.
process.once('SIGTERM', () => process.exit());
process.on('message', (ask: Ask) => {
  const done = ask.ask === 'warm' ? sampler.warm(ask.warmMs, ask.sampleMs) : sampler.sample();
  done.then(
    (sample) => process.send?.({ sample }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.({});
