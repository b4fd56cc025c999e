// Measures what the command line asks for, prints it, and leaves it in test/bench/output.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coldOf } from './cold.ts';
import { ForkedContestant } from './contestant.ts';
import { goesWith, loadEngine } from './engines/load-engine.ts';
import { evictedOf } from './evicted.ts';
import { type Curve, curveOf, growing, growthSection } from './growth.ts';
import { machineOf, machineText } from './machine.ts';
import { memoryOf } from './memory.ts';
import { type Options, optionsOf, usage } from './options.ts';
import { benchFolder } from './packages.ts';
import { marksText, overview, sectionText } from './print.ts';
import { replayOf } from './replay.ts';
import type { Section } from './result.ts';
import { leftOf } from './runs.ts';
import { sizeOf } from './size.ts';
import { type Opening, speedOf } from './speed.ts';
import type { Workload } from './workload.ts';
import { workloads } from './workloads/all.ts';

if (process.argv.includes('--help')) {
  console.log(usage);
  process.exit();
}
const options = optionsOf(process.argv.slice(2));
const output = join(benchFolder, 'output');
mkdirSync(output, { recursive: true });

const some = options.growth ? [] : workloads.filter(({ name }) => options.wants(name));
const own = some.flatMap(({ engines = [] }) => engines.filter((name) => goesWith(options.engines, name)));
const machine = await machineOf([...options.engines, ...own]);
console.log(`${machineText(machine)}\n${clockText(options)}\n`);

const sections: Section[] = [];
for await (const section of options.growth ? grow(options) : compare(options)) {
  sections.push(section);
  console.log(sectionText(section));
}
conclude(sections);

function clockText({ clock }: Options): string {
  return clock === 'cpu'
    ? 'Times are processor time of the whole process, medians; wall time is in the JSON.'
    : 'Times are wall time, medians; processor time is in the JSON.';
}

async function* compare({ wants, engines, effort, clock, repeats }: Options): AsyncGenerator<Section> {
  const loaded = await Promise.all(engines.map(loadEngine));
  const opening: Opening = {
    open: (engine, workload) => new ForkedContestant(engine, workload),
    note: (engine, { name }) => {
      const size = loaded.find((one) => one.name === engine)?.sizes?.[name];
      return size === undefined ? undefined : `at ${size.toLocaleString('en-US')}`;
    },
  };
  const contestantsAt = ({ name, engines: own }: Workload): readonly string[] =>
    own?.filter((name) => goesWith(engines, name)) ??
    loaded.filter(({ tasks }) => tasks[name] !== undefined).map((engine) => engine.name);
  for (const workload of workloads) {
    if (wants(workload.name)) yield speedOf(workload, contestantsAt(workload), opening, effort, clock);
  }
  if (wants('memory')) yield memoryOf(engines, repeats.memory);
  if (wants('replay')) yield replayOf(repeats.memory);
  if (wants('evicted')) yield evictedOf(repeats.memory);
  if (wants('cold')) yield* await coldOf(engines, repeats.cold, clock);
  if (wants('size')) yield* sizeOf([...new Set(loaded.flatMap(({ packages }) => packages))]);
}

async function* grow({ wants, engines }: Options): AsyncGenerator<Section> {
  const grown = engines.filter((name) => name === 'tutti' || name === 'events');
  const curves: Curve[] = [];
  for (const kind of growing) {
    if (!wants(kind.kind)) continue;
    const able: string[] = [];
    for (const name of grown) if ((await loadEngine(name)).tasks[kind.kind] !== undefined) able.push(name);
    const own: Curve[] = [];
    for (const name of able) own.push(await curveOf(kind, name));
    curves.push(...own);
    yield growthSection(own);
  }
  if (wants('runs')) yield leftOf(grown, 1_000_000);
  await draw(curves);
}

/** Without the package that draws, there is no picture. */
async function draw(curves: readonly Curve[]): Promise<void> {
  const place: string = './peers/plot.ts';
  try {
    const { plot }: { plot: (curves: readonly Curve[]) => string } = await import(place);
    writeFileSync(join(output, 'growth.svg'), plot(curves));
    console.log(`Drawn in ${join(output, 'growth.svg')}\n`);
  } catch (error) {
    console.log(`Not drawn: ${String(error).split('\n')[0]}\n`);
  }
}

function conclude(all: readonly Section[]): void {
  const verdicts = all.flatMap((section) => section.verdicts);
  const tables = [overview(all, options.engines), marksText(verdicts)];
  console.log(tables.join('\n\n'));
  const name = options.growth ? 'growth' : 'bench';
  writeFileSync(
    join(output, `${name}.json`),
    JSON.stringify({ ...machine, clock: options.clock, sections: all }, null, 1),
  );
  const texts = [machineText(machine), clockText(options), ...all.map(sectionText), ...tables];
  writeFileSync(join(output, `${name}.md`), `${texts.join('\n\n')}\n`);
  const failed = all.some(({ rows }) => rows.some(({ error }) => error !== undefined));
  const missed = verdicts.some(({ met }) => !met);
  if (failed) process.exitCode = 1;
  else if (options.strict && missed) process.exitCode = 2;
}
