import type { Workload } from '../workload.ts';
import { chainAsync } from './chain.ts';

/** Every policy; set so that it never has to act. */
export const policyNames = [
  'retry',
  'timeout',
  'fallback',
  'recover',
  'cache',
  'budget',
  'rateLimit',
  'bulkhead',
  'circuitBreaker',
  'hedge',
  'compensate',
] as const;

/** What a policy costs those who use it: the chain without any, and with one around each step that never has to act. */
export const policies: Workload = {
  ...chainAsync,
  name: 'policies',
  title: 'a chain of 100 asynchronous steps, each with a policy',
  marks: [],
  engines: ['tutti', ...policyNames.map((name) => `tutti+${name}`)],
  baseline: 'tutti',
};
