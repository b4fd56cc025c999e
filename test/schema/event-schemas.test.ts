import type { ErrorRecord, LogLevel, OutputSource, RunEvent, Wait } from 'tutti';
import { errorRecordSchema, runEventSchema } from 'tutti/schema';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

type Type = RunEvent['type'];
type Facts<T extends Type> = Omit<Extract<RunEvent, { type: T }>, keyof typeof envelope | 'type'>;

const envelope = { seq: 3, runId: 'r1', path: '/a', step: 'a', attempt: 1, at: 1_700_000_000_000.5 };
const totals = { durationMs: 5, costUsd: 0.25 };
const error: ErrorRecord = {
  name: 'TypeError',
  code: 'X',
  message: 'no',
  cause: { name: 'Error', code: 'Y', message: 'deep' },
};

/** Each type of event, with all the facts that it can have. */
const full: { readonly [T in Type]: Required<Facts<T>> } = {
  'run.started': { workflow: 'w', version: '1', input: { n: 1 } },
  'run.paused': { reason: 'lunch' },
  'run.resumed': { cause: 'hunger' },
  'run.completed': { output: [1], ...totals },
  'run.failed': { error, ...totals },
  'run.cancelled': { reason: 'enough', ...totals },
  'step.started': { input: undefined },
  'step.progress': { fraction: 0.5, message: 'half' },
  'step.partial': { index: 0, chunk: new Map([[1, 2]]) },
  'step.cost': {
    usd: 0.5,
    provider: 'p',
    model: 'm',
    inputTokens: 1,
    outputTokens: 2,
    cachedInputTokens: 3,
    late: true,
  },
  'step.log': { level: 'warn', message: 'careful', error },
  custom: { name: 'mine', data: new Date(0) },
  'step.retrying': { error, delayMs: 5, nextAttempt: 2 },
  'step.fallback': { error, to: 'basic' },
  'step.waiting': { wait: { kind: 'approval', name: 'boss', dueAt: 7, schema: { type: 'object' } } },
  'step.resumed': { cause: 'event' },
  'step.skipped': { reason: 'condition' },
  'step.completed': { output: null, ...totals, source: 'cache' },
  'step.failed': { error },
  'step.cancelled': { reason: 'enough' },
  'step.compensated': { of: '/a' },
  'budget.alert': { spentUsd: 0.8, limitUsd: 1 },
  'budget.exceeded': { spentUsd: 1.1, limitUsd: 1 },
  'circuit.opened': { name: 'c' },
  'circuit.closed': { name: 'c' },
  'tool.called': { toolCallId: 't1', tool: 'search', input: 'x' },
  'tool.completed': { toolCallId: 't1', tool: 'search', output: 1n },
  'agent.handoff': { from: 'a', to: 'b' },
  'checkpoint.saved': { checkpointId: 'c1', name: 'before' },
};

const optional: { readonly [T in Type]?: readonly string[] } = {
  'step.progress': ['message'],
  'step.log': ['error'],
  'step.cost': ['provider', 'model', 'inputTokens', 'outputTokens', 'cachedInputTokens', 'late'],
  'checkpoint.saved': ['name'],
};

const eventOf = (type: Type): Record<string, unknown> => ({ type, ...envelope, ...full[type] });
const types = Object.keys(full) as Type[];
const without = (event: object, key: string): object =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name !== key));
const accepts = (event: unknown): boolean => runEventSchema.safeParse(event).success;

describe('runEventSchema', () => {
  it.each(types)('takes %s, as it is', (type) => {
    const event = eventOf(type);
    expect(runEventSchema.parse(event)).toStrictEqual(event);
  });

  it.each(types)('takes %s without what may be left out, and not without the rest', (type) => {
    const mayLack = optional[type] ?? [];
    const event = eventOf(type);
    for (const key of Object.keys(event))
      expect([key, accepts(without(event, key))]).toEqual([key, mayLack.includes(key)]);
    const least = mayLack.reduce(without, event);
    expect(runEventSchema.parse(least)).toStrictEqual(least);
  });

  it.each(types)('refuses a field of %s that it does not know', (type) => {
    expect(accepts({ ...eventOf(type), more: 1 })).toBe(false);
    expect(accepts({ ...eventOf(type), more: undefined })).toBe(false);
  });

  it.each(types)('refuses undefined for what may be left out of %s', (type) => {
    for (const key of optional[type] ?? [])
      expect(accepts({ ...eventOf(type), [key]: undefined })).toBe(false);
  });

  it('refuses types that are none', () => {
    expect(accepts({ ...eventOf('custom'), type: 'step.exploded' })).toBe(false);
    expect([undefined, null, 7, 'x', [], {}].some(accepts)).toBe(false);
  });

  it.each<[Type, object]>([
    ['custom', { seq: -1 }],
    ['custom', { seq: 0.5 }],
    ['custom', { attempt: 0 }],
    ['custom', { at: '2026-01-01' }],
    ['custom', { at: Number.NaN }],
    ['custom', { path: 7 }],
    ['custom', { runId: null }],
    ['step.progress', { fraction: 1.1 }],
    ['step.progress', { fraction: -0.1 }],
    ['step.partial', { index: -1 }],
    ['step.cost', { usd: -1 }],
    ['step.cost', { inputTokens: -1 }],
    ['step.cost', { late: false }],
    ['step.log', { level: 'loud' }],
    ['step.log', { error: 'no' }],
    ['step.retrying', { delayMs: -1 }],
    ['step.retrying', { nextAttempt: 0 }],
    ['step.retrying', { error: 'no' }],
    ['step.retrying', { error: { ...error, more: 1 } }],
    ['step.waiting', { wait: { kind: 'bus', name: 'x' } }],
    ['step.waiting', { wait: { kind: 'event', name: 'x', more: 1 } }],
    ['step.completed', { source: 'hearsay' }],
    ['run.completed', { durationMs: '5' }],
  ])('refuses %s with %j', (type, wrong) => {
    expect(accepts({ ...eventOf(type), ...wrong })).toBe(false);
  });

  it('takes what a wait may lack', () => {
    expect(accepts({ ...eventOf('step.waiting'), wait: { kind: 'event', name: 'x' } })).toBe(true);
  });

  it('gives what cannot be changed by mistake', () => {
    const event = runEventSchema.parse(eventOf('run.failed'));
    expect(Object.isFrozen(event)).toBe(true);
    expect(event.type === 'run.failed' && Object.isFrozen(event.error)).toBe(true);
  });

  it('says what is wrong', () => {
    const { error } = runEventSchema.safeParse({ ...eventOf('step.progress'), fraction: 2 });
    expect(error?.issues).toMatchObject([{ path: ['fraction'] }]);
  });

  it('can be published as JSON Schema', () => {
    const schema = z.toJSONSchema(runEventSchema, { io: 'input' });
    expect(schema.oneOf ?? schema.anyOf).toHaveLength(types.length);
  });

  it('gives events of the union, and has all of them', () => {
    expectTypeOf<z.output<typeof runEventSchema>>().toEqualTypeOf<RunEvent>();
    // That it refuses none of the union cannot be said in types: every type, level, source and kind is tried.
    const levels: Record<LogLevel, true> = { debug: true, info: true, warn: true, error: true };
    const sources: Record<OutputSource, true> = { live: true, cache: true, fallback: true, journal: true };
    const kinds: Record<Wait['kind'], true> = { event: true, approval: true, timer: true, followUp: true };
    const tried = [
      ...Object.keys(levels).map((level) => ({ ...eventOf('step.log'), level })),
      ...Object.keys(sources).map((source) => ({ ...eventOf('step.completed'), source })),
      ...Object.keys(kinds).map((kind) => ({ ...eventOf('step.waiting'), wait: { kind, name: 'x' } })),
    ];
    expect(tried.filter((event) => !accepts(event))).toEqual([]);
  });
});

describe('errorRecordSchema', () => {
  it('takes records with causes of any depth, or none', () => {
    const deep = { ...error, cause: { ...error, cause: error } };
    expect(errorRecordSchema.parse(deep)).toStrictEqual(deep);
    expect(errorRecordSchema.parse({ name: 'E', code: 'C', message: '' })).toBeDefined();
    expectTypeOf<z.output<typeof errorRecordSchema>>().toEqualTypeOf<ErrorRecord>();
  });

  it.each([
    {},
    { name: 'E', code: 'C' },
    { ...error, code: 7 },
    { ...error, stack: 'x' },
    { ...error, cause: 'no' },
    { ...error, cause: undefined },
    new Error('no'),
  ])('refuses %j', (wrong) => {
    expect(errorRecordSchema.safeParse(wrong).success).toBe(false);
  });
});
