import type { Contestant } from './contestant.ts';
import type { Sample } from './sampler.ts';

/** How much is measured. */
export interface Effort {
  /** How often everything starts anew, in fresh processes: the compiler's luck differs from start to start. */
  readonly launches: number;
  readonly rounds: number;
  readonly warmMs: number;
  readonly sampleMs: number;
}

/** The samples of one engine: one for each round, in the same order for all engines. */
export interface Measured {
  readonly engine: string;
  readonly samples: readonly Sample[];
  /** Why it could not be measured. */
  readonly error?: string;
}

/** Measures engines in turn, a sample of each in each round, beginning each round with another one. */
export async function measure(
  engines: readonly string[],
  open: (engine: string) => Contestant | Promise<Contestant>,
  effort: Effort,
): Promise<readonly Measured[]> {
  const samples = new Map<string, Sample[]>(engines.map((engine) => [engine, []]));
  const errors = new Map<string, string>();
  for (let launch = 0; launch < effort.launches; launch++) {
    const contestants: Contestant[] = [];
    for (const engine of engines) {
      if (errors.has(engine)) continue;
      try {
        const contestant = await open(engine);
        contestants.push(contestant);
        await contestant.warm(effort.warmMs, effort.sampleMs);
      } catch (error) {
        errors.set(engine, String(error));
      }
    }
    for (let round = 0; round < effort.rounds; round++) {
      for (let turn = 0; turn < contestants.length; turn++) {
        const contestant = contestants[(round + turn) % contestants.length]!;
        if (errors.has(contestant.engine)) continue;
        try {
          samples.get(contestant.engine)?.push(await contestant.sample());
        } catch (error) {
          errors.set(contestant.engine, String(error));
        }
      }
    }
    for (const contestant of contestants) contestant.stop();
  }
  return engines.map((engine) => {
    const error = errors.get(engine);
    return { engine, samples: samples.get(engine) ?? [], ...(error !== undefined && { error }) };
  });
}
