import { ForkedContestant } from './contestant.ts';
import { engineNames } from './engines/load-engine.ts';
import { measure } from './measure.ts';
import { median, spread } from './stats.ts';
import { workloads } from './workloads/all.ts';
const [only, engs] = process.argv.slice(2);
const engines = engs?.split(',') ?? ['tutti', 'events', 'plain', 'rxjs'];
for (const w of workloads) {
  if (only && only !== 'all' && !w.name.startsWith(only)) continue;
  const ms = await measure(engines, (e) => new ForkedContestant(e, w.name), { launches: 2, rounds: 7, warmMs: 400, sampleMs: 40 });
  const ev = ms.find((m) => m.engine === 'events');
  for (const m of ms) {
    const ratio = ev === undefined ? 0 : median(m.samples.map((s, i) => ev.samples[i]!.cpuNs / s.cpuNs));
    console.log(w.name, m.engine, median(m.samples.map((s) => s.cpuNs)).toFixed(0), spread(m.samples.map((s) => s.cpuNs)).toFixed(2), ratio.toFixed(2), m.error ?? '');
  }
}
