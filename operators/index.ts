export { type ApprovalOptions, approval } from './compose/approval.ts';
export { type Assign, assign } from './compose/assign.ts';
export { background } from './compose/background.ts';
export { branch } from './compose/branch.ts';
export { type FollowUpOptions, followUps } from './compose/follow-ups.ts';
export {
  type Graph,
  type GraphEntry,
  type GraphOptions,
  graph,
  graphOf,
  type NodeOptions,
} from './compose/graph.ts';
export type { ItemsOf } from './compose/items.ts';
export { type LoopOptions, loop } from './compose/loop.ts';
export { type ItemOptions, type MapOptions, mapEach } from './compose/map-each.ts';
export { type Fold, fold, mapReduce } from './compose/map-reduce.ts';
export { named } from './compose/named.ts';
export type { ConcurrencyOptions, FailureMode, SettledItem } from './compose/options.ts';
export { type ParallelOptions, parallel } from './compose/parallel.ts';
export { patched } from './compose/patched.ts';
export { type RaceOptions, race } from './compose/race.ts';
export { renamed } from './compose/renamed.ts';
export { type Routes, route } from './compose/route.ts';
export { sequence } from './compose/sequence.ts';
export { sleep } from './compose/sleep.ts';
export { transform } from './compose/transform.ts';
export { type WaitForOptions, waitFor } from './compose/wait-for.ts';
export type { Answered, Provenance, Unanswered } from './events/answers.ts';
export { BufferOverflowError } from './events/buffer-overflow-error.ts';
export { byStep } from './events/by-step.ts';
export { type ConflateOptions, conflate } from './events/conflate.ts';
export { type CostTotals, costs, type Spending, type SpendingBy, type Tokens } from './events/costs.ts';
export { type EventsOf, eventsOf } from './events/events-of.ts';
export { type FromEventsOptions, fromEvents } from './events/from-events.ts';
export type { MergeChunks } from './events/held-partials.ts';
export { type LimitPartialsOptions, limitPartials } from './events/limit-partials.ts';
export { outputs } from './events/outputs.ts';
export { partials } from './events/partials.ts';
export { type OfRun, perRun } from './events/per-run.ts';
export { type ProgressOptions, progress } from './events/progress.ts';
export { provenance } from './events/provenance.ts';
export { status } from './events/status.ts';
export { type TextSoFar, text } from './events/text.ts';
export { type Span, timeline } from './events/timeline.ts';
export { type BufferOptions, type Overflow, toAsyncIterable } from './events/to-async-iterable.ts';
export { type GoblinReport, toGoblinReport } from './events/to-goblin-report.ts';
export { type ReadableStreamOptions, toReadableStream } from './events/to-readable-stream.ts';
export { type RunReport, type StepReport, toReport } from './events/to-report.ts';
export { values } from './events/values.ts';
export { type Verbosity, verbosity } from './events/verbosity.ts';
export { type BudgetOptions, budget } from './policies/budget.ts';
export { type Bulkhead, type BulkheadOptions, bulkhead } from './policies/bulkhead.ts';
export { type CacheOptions, cache } from './policies/cache.ts';
export type { CircuitState } from './policies/circuit.ts';
export {
  type CircuitBreaker,
  type CircuitBreakerOptions,
  circuitBreaker,
} from './policies/circuit-breaker.ts';
export { type Completed, compensate } from './policies/compensate.ts';
export { fallback } from './policies/fallback.ts';
export { type HedgeOptions, hedge } from './policies/hedge.ts';
export { type RateLimitOptions, rateLimit } from './policies/rate-limit.ts';
export { recover } from './policies/recover.ts';
export { type RetryOptions, retry } from './policies/retry.ts';
export { timeout } from './policies/timeout.ts';
export {
  type BusEvent,
  type BusEventOf,
  type EventBus,
  type EventBusOptions,
  eventBus,
  type HandlerFailure,
} from './triggers/event-bus.ts';
export { HandlerDroppedError } from './triggers/handler-dropped-error.ts';
export { ofType } from './triggers/of-type.ts';
export { type OnEachOptions, onEach } from './triggers/on-each.ts';
export type { OnEachStrategy } from './triggers/strategy.ts';
