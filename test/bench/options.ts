import { parseArgs } from 'node:util';
import { engineNames } from './engines/load-engine.ts';
import type { Effort } from './measure.ts';
import type { ClockName } from './workload.ts';

/** What the command line asks for. */
export interface Options {
  /** Whether a section is wanted: `chain` wants `chain-async` and `chain-sync`. */
  readonly wants: (section: string) => boolean;
  readonly engines: readonly string[];
  readonly growth: boolean;
  readonly clock: ClockName;
  readonly strict: boolean;
  readonly effort: Effort;
  /** How often the memory and the cold start are measured. */
  readonly repeats: { readonly memory: number; readonly cold: number };
}

export const usage = `npm run bench -- [options]
  --only chain,fanout      sections: chain, fanout, map, dag, partials, concurrent, policies, durable, memory,
                           replay, evicted, cold, size
  --engines tutti,events   of ${engineNames.join(', ')}
  --growth                 how costs grow, instead; with a plot
  --clock cpu|wall         which time is shown and compared (default cpu); both are in the JSON
  --quick                  less of everything: for a first look
  --strict                 a mark that is not met ends with code 2`;

const thorough: Effort = { launches: 3, rounds: 7, warmMs: 1500, sampleMs: 50 };
const quick: Effort = { launches: 1, rounds: 7, warmMs: 1000, sampleMs: 30 };

/** Reads the command line. */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      engines: { type: 'string', default: engineNames.join(',') },
      growth: { type: 'boolean', default: false },
      clock: { type: 'string', default: 'cpu' },
      quick: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',');
  const engines = values.engines.split(',');
  const unknown = engines.find((name) => !engineNames.includes(name));
  if (unknown !== undefined) throw new RangeError(`no engine is called ${unknown}\n${usage}`);
  return {
    wants: (section) => only?.some((name) => section.startsWith(name)) ?? true,
    engines,
    growth: values.growth,
    clock: values.clock === 'wall' ? 'wall' : 'cpu',
    strict: values.strict,
    effort: values.quick ? quick : thorough,
    repeats: values.quick ? { memory: 1, cold: 5 } : { memory: 3, cold: 15 },
  };
}
