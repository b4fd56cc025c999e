import type { Workload } from '../workload.ts';
import { chainAsync, chainSync } from './chain.ts';
import { concurrent } from './concurrent.ts';
import { dag } from './dag.ts';
import { durablePower, durableProcess } from './durable.ts';
import { fanout } from './fanout.ts';
import { map } from './map.ts';
import { partialsBurst, partialsGenerator } from './partials.ts';
import { policies } from './policies.ts';

/** The workloads that measure speed. */
export const workloads: readonly Workload[] = [
  chainAsync,
  chainSync,
  fanout,
  map,
  dag,
  partialsBurst,
  partialsGenerator,
  concurrent,
  policies,
  durablePower,
  durableProcess,
];
