import { start } from 'tutti';
import { formatReport } from './format-report.ts';
import { usdPerCpuSecond } from './metered.ts';
import { Screen } from './screen.ts';
import { findSources } from './sources.ts';
import { watch } from './view.ts';
import { contentAnalysis } from './workflow.ts';

const interruption = new AbortController();
// npm and a terminal may both pass one Ctrl-C on, so it can come twice
process.on('SIGINT', () => interruption.abort('interrupted'));
// who reads the output may have gone, as `head` does
process.stdout.on('error', () => interruption.abort('nobody reads the output'));

const screen = new Screen(process.stdout);
const sources = await findSources(process.argv.slice(2));
const handle = start(contentAnalysis, sources, { signal: interruption.signal });
watch(handle, sources.length, screen);
const result = await handle.result();

switch (result.state) {
  case 'completed':
    for (const line of formatReport(result.output)) screen.print(line);
    process.exitCode = result.output.failures.length === 0 ? 0 : 1;
    break;
  case 'failed':
    screen.print(`The analysis failed: ${result.error.message}`);
    process.exitCode = 1;
    break;
  case 'cancelled':
    screen.print(`The analysis was stopped: ${result.reason}`);
    process.exitCode = 130;
}

const seconds = (result.durationMs / 1000).toFixed(1);
const cpuSeconds = (result.costUsd / usdPerCpuSecond).toFixed(2);
screen.print();
screen.print(`Time  ${seconds} s, of which ${cpuSeconds} s the processor worked on texts`);
screen.print(
  `Cost  $${result.costUsd.toFixed(7)}, at an assumed $${usdPerCpuSecond} per second of processor time`,
);
