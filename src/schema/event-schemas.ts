import { z } from 'zod';
import type { ErrorRecord } from '../core/error-record.ts';
import type { RunEvent } from '../core/events.ts';

const envelope = {
  seq: z.int().nonnegative(),
  runId: z.string(),
  path: z.string(),
  step: z.string(),
  attempt: z.int().positive(),
  at: z.number(),
};

const totals = { durationMs: z.number(), costUsd: z.number() };

const spending = { spentUsd: z.number(), limitUsd: z.number() };

const event = <const T extends string, Facts extends z.ZodRawShape>(type: T, facts: Facts) =>
  z.strictObject({ type: z.literal(type), ...envelope, ...facts }).readonly();

/** An error as data. */
export const errorRecordSchema: z.ZodType<ErrorRecord> = z
  .strictObject({
    name: z.string(),
    code: z.string(),
    message: z.string(),
    get cause() {
      return z.exactOptional(errorRecordSchema);
    },
  })
  .readonly();

const wait = z
  .strictObject({
    kind: z.enum(['event', 'approval', 'timer', 'followUp']),
    name: z.string(),
    dueAt: z.exactOptional(z.number()),
    schema: z.exactOptional(z.unknown()),
  })
  .readonly();

const tokens = z.exactOptional(z.number().nonnegative());

/** Every event of a run, told apart by `type`. */
export const runEventSchema: z.ZodType<RunEvent> = z.discriminatedUnion('type', [
  event('run.started', { workflow: z.string(), version: z.string(), input: z.unknown() }),
  event('run.paused', { reason: z.string() }),
  event('run.resumed', { cause: z.string() }),
  event('run.completed', { output: z.unknown(), ...totals }),
  event('run.failed', { error: errorRecordSchema, ...totals }),
  event('run.cancelled', { reason: z.string(), ...totals }),
  event('step.started', { input: z.unknown() }),
  event('step.progress', { fraction: z.number().min(0).max(1), message: z.exactOptional(z.string()) }),
  event('step.partial', { index: z.int().nonnegative(), chunk: z.unknown() }),
  event('step.cost', {
    usd: z.number().nonnegative(),
    provider: z.exactOptional(z.string()),
    model: z.exactOptional(z.string()),
    inputTokens: tokens,
    outputTokens: tokens,
    cachedInputTokens: tokens,
    late: z.exactOptional(z.literal(true)),
  }),
  event('step.log', {
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string(),
    error: z.exactOptional(errorRecordSchema),
  }),
  event('custom', { name: z.string(), data: z.unknown() }),
  event('step.retrying', {
    error: errorRecordSchema,
    delayMs: z.number().nonnegative(),
    nextAttempt: z.int().positive(),
  }),
  event('step.fallback', { error: errorRecordSchema, to: z.string() }),
  event('step.waiting', { wait }),
  event('step.resumed', { cause: z.string() }),
  event('step.skipped', { reason: z.string() }),
  event('step.completed', {
    output: z.unknown(),
    ...totals,
    source: z.enum(['live', 'cache', 'fallback', 'journal']),
  }),
  event('step.failed', { error: errorRecordSchema }),
  event('step.cancelled', { reason: z.string() }),
  event('step.compensated', { of: z.string() }),
  event('budget.alert', spending),
  event('budget.exceeded', spending),
  event('circuit.opened', { name: z.string() }),
  event('circuit.closed', { name: z.string() }),
  event('tool.called', { toolCallId: z.string(), tool: z.string(), input: z.unknown() }),
  event('tool.completed', { toolCallId: z.string(), tool: z.string(), output: z.unknown() }),
  event('agent.handoff', { from: z.string(), to: z.string() }),
  event('checkpoint.saved', { checkpointId: z.string(), name: z.exactOptional(z.string()) }),
]);
