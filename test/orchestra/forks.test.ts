import { memoryStore, type StoredRun } from 'tutti/store';
import { describe, expect, it } from 'vitest';
import { forkOf } from '../../src/orchestra/forks.ts';
import { hashOf } from '../../src/orchestra/input-hash.ts';
import { told } from './told.ts';

const ended = { durationMs: 1, costUsd: 3, source: 'live' } as const;

/**
 * A kept run: `/a` completed with 2 costs, `/n` failed with `/n/b` complete in it, `/w` waits. A signal came before event 4, another
 * after it; the first was used with event 8.
 */
function kept(): { store: ReturnType<typeof memoryStore>; origin: StoredRun } {
  const store = memoryStore({ clock: { now: () => 0 } });
  const { lease } = store.create({
    ...{ runId: 'r', requestId: 'q', workflow: 'w', version: '1', input: { n: 1 }, createdAt: 0 },
    lease: { owner: 'o', ms: 1000 },
  });
  if (lease === undefined) throw new RangeError('it has no lease');
  const events = told(
    { type: 'run.started', path: '', workflow: 'w', version: '1', input: { n: 1 } },
    { type: 'step.started', path: '/a', input: 'in' },
    { type: 'step.completed', path: '/a', output: 'a out', ...ended },
    { type: 'step.started', path: '/n', input: 'a out' },
    { type: 'step.started', path: '/n/b', input: 'b in' },
    { type: 'step.completed', path: '/n/b', output: 'b out', ...ended },
    { type: 'step.started', path: '/w', input: 1 },
    { type: 'step.waiting', path: '/w', wait: { kind: 'timer', name: 'sleep', dueAt: 99 } },
    { type: 'step.failed', path: '/n', error: { name: 'E', code: 'E', message: 'no' } },
  );
  const signal = (name: string) => store.signal('r', { id: name, channel: 'event', name, payload: name });
  store.commit(lease, {
    number: 1,
    events: events.slice(0, 4),
    entries: [
      { type: 'fact', path: '/c', name: 'choice', value: 1, seq: 2 },
      { type: 'fact', path: '/a', name: 'retry@1#1', value: 1, seq: 2 },
      { type: 'fact', path: '', name: 'cancelled', value: 'why', seq: 3 },
    ],
  });
  signal('early');
  store.signal('r', { id: 'p', channel: 'control', name: 'pause', payload: {} });
  store.commit(lease, { number: 2, events: events.slice(4) });
  signal('late');
  store.commit(lease, {
    number: 3,
    consumes: [{ number: 0, seq: 8 }],
    entries: [{ type: 'fact', path: '/w', name: 'dueAt', value: 99, seq: 6 }],
  });
  const origin = store.get('r');
  if (origin === undefined) throw new RangeError('there is no run');
  return { store, origin };
}

describe('forkOf', () => {
  const pathsOf = (entries: readonly { type: string; path: string; name?: string }[] = []) =>
    entries.map(({ path, name }) => (name === undefined ? path : `${path} ${name}`));

  it('keeps, of a failed run, what completed with the hash of its input, and what was decided', async () => {
    const { store, origin } = kept();
    const { seed, seq, input, signals } = await forkOf(store, origin, { kind: 'failed' });
    expect(pathsOf(seed.entries)).toEqual(['/a', '/n/b', '/c choice']);
    expect(seed.entries?.[0]).toMatchObject({ output: 'a out', inputHash: hashOf('in'), costUsd: 0, seq: 2 });
    expect([seq, input, signals]).toEqual([8, { n: 1 }, []]);
  });

  it('keeps, from a step on, what had completed before that step first began, and takes another input', async () => {
    const { store, origin } = kept();
    const { seed, seq, input } = await forkOf(store, origin, { kind: 'from', path: '/n', input: 'other' });
    expect(pathsOf(seed.entries)).toEqual(['/a', '/c choice']);
    expect([seq, input]).toEqual([2, 'other']);
  });

  it('keeps, for a checkpoint, timers and the signals that came before it and were not used', async () => {
    const { store, origin } = kept();
    const early = await forkOf(store, origin, { kind: 'restore', seq: 5 });
    expect(pathsOf(early.seed.entries)).toEqual(['/a', '/n/b', '/c choice']);
    expect(early.signals.map(({ name }) => name)).toEqual(['early']);
    const then = await forkOf(store, origin, { kind: 'restore', seq: 8 });
    expect(then.signals.map(({ name }) => name)).toEqual(['early']);
    const late = await forkOf(store, origin, { kind: 'restore', seq: 9 });
    expect(pathsOf(late.seed.entries)).toEqual(['/a', '/n/b', '/c choice', '/w dueAt']);
    expect(late.signals.map(({ name }) => name)).toEqual(['late']);
  });

  it('refuses a path at which nothing has begun', async () => {
    const { store, origin } = kept();
    await expect(forkOf(store, origin, { kind: 'from', path: '/none' })).rejects.toMatchObject({
      code: 'UNKNOWN_STEP',
      path: '/none',
    });
  });
});
