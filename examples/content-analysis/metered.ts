import type { StepContext } from 'tutti';

/** US dollars for a second of one processor: an assumption, about what cloud functions are sold for. */
export const usdPerCpuSecond = 0.00003;

/** Does synchronous work, and tells the run what its processor time cost, also when it failed. */
export function metered<T>(ctx: Pick<StepContext, 'cost'>, work: () => T): T {
  const before = process.cpuUsage();
  try {
    return work();
  } finally {
    const { user, system } = process.cpuUsage(before);
    ctx.cost({ usd: ((user + system) / 1e6) * usdPerCpuSecond, provider: 'this machine', model: 'cpu' });
  }
}
