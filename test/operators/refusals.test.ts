import { of } from 'rxjs';
import { DefinitionError, step, workflow } from 'tutti';
import * as operators from 'tutti/operators';
import { cron } from 'tutti/triggers';
import { describe, expect, it } from 'vitest';

// As JavaScript sees them: callers without types may give anything.
type Loose = Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;
const o = operators as unknown as Loose;
const loose = { cron, workflow } as unknown as Loose;
const a = step('a', (n: number) => n);

/** What is refused, and the beginning of what is said of it. */
const refused: readonly [string, () => unknown, string][] = [
  ['retry', () => o.retry?.({ retries: 1 }), 'retry: unknown option retries; it knows maxRetries, delay, '],
  ['retry', () => o.retry?.(3), 'retry: its options must be an object, but what was given is 3'],
  ['retry', () => o.retry?.({ factor: '2' }), 'retry: factor must be a number, but it is the text "2"'],
  [
    'retry',
    () => o.retry?.({ on: 429 }),
    'retry: on must be a function or a list of HTTP statuses, but it is 429',
  ],
  ['budget', () => o.budget?.({ usd: '1' }), 'budget: usd must be a number, but it is the text "1"'],
  [
    'budget',
    () => o.budget?.({ estimateUsd: '1' }),
    'budget: estimateUsd must be a function, but it is the text',
  ],
  ['budget', () => o.budget?.(), 'budget: its options must be an object'],
  ['cache', () => o.cache?.({ size: 1 }), 'cache: unknown option size; it knows max, ttl, key'],
  ['cache', () => o.cache?.({ key: 'id' }), 'cache: key must be a function, but it is the text "id"'],
  ['bulkhead', () => o.bulkhead?.({ concurrency: 1, line: 1 }), 'bulkhead: unknown option line; it knows'],
  ['rateLimit', () => o.rateLimit?.({ limit: 1, per: 1, key: 'id' }), 'rateLimit: key must be a function'],
  ['hedge', () => o.hedge?.({ after: 1, times: 2 }), 'hedge: unknown option times; it knows after, max'],
  [
    'circuitBreaker',
    () => o.circuitBreaker?.({ name: 'x', reset: 1 }),
    'circuitBreaker: unknown option reset',
  ],
  [
    'circuitBreaker',
    () => o.circuitBreaker?.({ name: 'x', sampling: { size: 1 } }),
    'circuitBreaker x: sampling: unknown option size; it knows threshold, window, minimum',
  ],
  ['recover', () => o.recover?.(), 'recover: handle must be a function, but it is undefined'],
  ['parallel', () => o.parallel?.({ a }, { limit: 1 }), 'parallel: unknown option limit; it knows'],
  ['race', () => o.race?.([a], { mode: 1 }), 'race: unknown option mode; it knows failure'],
  ['loop', () => o.loop?.(a, { until: true }), 'loop: until must be a function, but it is true'],
  [
    'mapEach',
    () => o.mapEach?.(a, { by: 1 }),
    'mapEach: unknown option by; it knows over, keyBy, failure, order, ',
  ],
  [
    'mapReduce',
    () => o.mapReduce?.(a, a, { over: 'x' }),
    'mapEach: over must be a function, but it is the text "x"',
  ],
  ['graph', () => o.graphOf?.({ a: { step: a } }, { limit: 1 }), 'graph: unknown option limit; it knows'],
  ['byStep', () => o.byStep?.('id'), `byStep: the key must be 'path' or 'step', but it is the text "id"`],
  ['provenance', () => o.provenance?.(), 'provenance: the argument is not a step, but undefined'],
  ['partials', () => o.partials?.('a'), 'partials: the argument is not a step, but the text "a"'],
  ['text', () => o.text?.(), 'text: the argument is not a step'],
  ['eventsOf', () => o.eventsOf?.(), 'eventsOf: the argument is not a step'],
  ['outputs', () => o.outputs?.(), 'outputs: the argument is not a step'],
  ['conflate', () => o.conflate?.(), 'conflate: ready must be a function, but it is undefined'],
  ['conflate', () => o.conflate?.(() => of(1), { join: 1 }), 'conflate: unknown option join; it knows merge'],
  [
    'limitPartials',
    () => o.limitPartials?.(1, { join: 1 }),
    'limitPartials: unknown option join; it knows merge',
  ],
  ['fromEvents', () => o.fromEvents?.([], { speed: 1 }), 'fromEvents: unknown option speed; it knows timing'],
  ['toAsyncIterable', () => o.toAsyncIterable?.(of(1), { size: 1 }), 'toAsyncIterable: unknown option size'],
  [
    'toReadableStream',
    () => o.toReadableStream?.(of(1), { size: 1 }),
    'toReadableStream: unknown option size',
  ],
  ['progress', () => o.progress?.({ steps: 1 }), 'progress: unknown option steps; it knows weights'],
  [
    'eventBus',
    () => o.eventBus?.({ size: 1 }),
    'eventBus: unknown option size; it knows history, maxFailures',
  ],
  [
    'on of an eventBus',
    () => (operators.eventBus() as unknown as Loose).on?.('x', 5),
    'eventBus: the handler of "x" must be a function, but it is 5',
  ],
  [
    'onEach',
    () => o.onEach?.(a, { strategie: 'merge' }),
    'onEach: unknown option strategie; it knows strategy',
  ],
  [
    'cron',
    () => loose.cron?.('@daily', { timeZone: 'UTC' }),
    'cron: unknown option timeZone; it knows timezone',
  ],
  [
    'workflow',
    () => loose.workflow?.({ name: 'w', budget: { usd: '1' } }, a),
    'workflow w: budget: usd must be a number, but it is the text "1"',
  ],
];

describe('what callers without types give', () => {
  it.each(refused)('is refused in words that say what is expected: %s', (_, call, message) => {
    expect(call).toThrow(DefinitionError);
    expect(call).toThrow(message);
  });
});
