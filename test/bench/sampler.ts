import { check } from './check.ts';
import type { Engine, Task } from './engine.ts';
import type { Workload } from './workload.ts';

/** What some repetitions of the work took, in nanoseconds for each unit of it. */
export interface Sample {
  readonly wallNs: number;
  /** Of all threads of the process: collecting garbage and compiling, too. */
  readonly cpuNs: number;
}

/** Repeats one engine's work, and checks every result. */
export class Sampler {
  readonly #engine: Engine;
  readonly #workload: Workload;
  readonly #size: number;
  readonly #task: Task;
  /** No two runs have the same input, so that no result can be known before. */
  #input = 0;
  #repetitions = 1;

  constructor(engine: Engine, workload: Workload, size = engine.sizes?.[workload.name] ?? workload.size) {
    const taskOf = engine.tasks[workload.name];
    if (taskOf === undefined) throw new RangeError(`${engine.name} has no ${workload.name}`);
    this.#engine = engine;
    this.#workload = workload;
    this.#size = size;
    this.#task = taskOf(size);
  }

  /**
   * Works until the code is warm, and finds how many repetitions make a sample. Both by the processor's time: on a busy
   * machine a second may be little work.
   *
   * @param warmMs how long to work at least
   * @param sampleMs how long a sample is to take, about
   */
  async warm(warmMs: number, sampleMs: number): Promise<void> {
    for (let workedMs = 0, tookMs = 0; workedMs < warmMs || tookMs < sampleMs / 2; workedMs += tookMs) {
      const before = process.cpuUsage();
      await this.#repeat();
      const { user, system } = process.cpuUsage(before);
      tookMs = Math.max(0.01, (user + system) / 1000);
      const fitting = Math.round((this.#repetitions * sampleMs) / tookMs);
      this.#repetitions = Math.max(1, Math.min(this.#repetitions * 4, fitting));
    }
    this.#checkWritten();
  }

  /** Refuses an engine that was to keep its steps, and has not kept all of them. */
  #checkWritten(): void {
    const written = this.#task.written?.();
    const steps = this.#input * this.#workload.units(this.#size);
    if (written !== undefined && written !== steps)
      throw new RangeError(`${this.#engine.name} has kept ${written} steps, not ${steps}`);
  }

  /**
   * Takes one sample, after collecting young garbage where that can be asked for.
   *
   * Not all garbage: while no run is alive, a full collection takes the hidden classes of what runs are made of, and with
   * them the compiled code that knows them. The first runs after it are then ten times as slow, in every engine with classes.
   */
  async sample(): Promise<Sample> {
    globalThis.gc?.({ type: 'minor' });
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    await this.#repeat();
    const cpu = process.cpuUsage(cpuBefore);
    const wallMs = performance.now() - startedAt;
    const units = this.#workload.units(this.#size) * this.#repetitions;
    return { wallNs: (wallMs * 1e6) / units, cpuNs: ((cpu.user + cpu.system) * 1e3) / units };
  }

  async #repeat(): Promise<void> {
    const task = this.#task;
    for (let left = this.#repetitions; left > 0; left--) {
      const input = this.#input++;
      const outcome = task(input);
      // what is there at once is not awaited: synchronous work is measured as such
      check(
        this.#engine,
        this.#workload,
        this.#size,
        input,
        outcome instanceof Promise ? await outcome : outcome,
      );
    }
  }
}
