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
  const entries = engines.map((engine) => new Entry(engine));
  for (let launch = 0; launch < effort.launches; launch++) {
    for (const entry of entries) await entry.launch(open, effort);
    for (let round = 0; round < effort.rounds; round++) {
      for (let turn = 0; turn < entries.length; turn++)
        await entries[(round + turn) % entries.length]?.sample();
    }
    for (const entry of entries) entry.stop();
  }
  return entries;
}

/** What becomes of one engine: once it has failed, it is left alone. */
class Entry implements Measured {
  readonly engine: string;
  readonly samples: Sample[] = [];
  error?: string;
  #contestant: Contestant | undefined;

  constructor(engine: string) {
    this.engine = engine;
  }

  async launch(open: (engine: string) => Contestant | Promise<Contestant>, effort: Effort): Promise<void> {
    await this.#try(async () => {
      this.#contestant = await open(this.engine);
      await this.#contestant.warm(effort.warmMs, effort.sampleMs);
    });
  }

  async sample(): Promise<void> {
    await this.#try(async () => {
      if (this.#contestant !== undefined) this.samples.push(await this.#contestant.sample());
    });
  }

  stop(): void {
    this.#contestant?.stop();
    this.#contestant = undefined;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.error !== undefined) return;
    try {
      await work();
    } catch (error) {
      this.error = String(error);
    }
  }
}
