import type { RunEvent } from 'tutti';
import { describe, expect, it } from 'vitest';
import { Scope } from '../../src/core/scope.ts';

/** A scope at a fixed time, and what it has told. */
function telling() {
  const heard: RunEvent[] = [];
  const scheduler = { at: 7, now: () => scheduler.at, schedule: () => expect.fail('no timer is needed') };
  return {
    heard,
    scope: new Scope({ runId: 'r1', scheduler }, { next: (event) => heard.push(event), complete: () => {} }),
  };
}

describe('Scope', () => {
  it('puts the envelope around what is told, and numbers it', () => {
    const { heard, scope } = telling();
    scope.tell('/a/b', 'b', 2, { type: 'step.skipped', reason: 'x' });
    scope.tell('', 'w', 1, { type: 'run.paused', reason: 'y' });
    const envelope = { runId: 'r1', at: 7 };
    expect(heard).toEqual([
      { ...envelope, type: 'step.skipped', seq: 0, path: '/a/b', step: 'b', attempt: 2, reason: 'x' },
      { ...envelope, type: 'run.paused', seq: 1, path: '', step: 'w', attempt: 1, reason: 'y' },
    ]);
  });

  it('writes the envelope in one order', () => {
    const { heard, scope } = telling();
    scope.tell('/a', 'a', 1, { type: 'step.skipped', reason: 'x' });
    expect(Object.keys(heard[0] ?? {})).toEqual([
      ...['type', 'seq', 'runId', 'path', 'step', 'attempt', 'at'],
      'reason',
    ]);
  });

  it('numbers nothing that nobody hears', () => {
    const { heard, scope } = telling();
    scope.tell('/a', 'a', 1, { type: 'step.skipped', reason: 'x' });
    scope.writer.mute();
    scope.tell('/a', 'a', 1, { type: 'step.skipped', reason: 'x' });
    expect(heard).toHaveLength(1);
    expect(scope.writer.seq()).toBe(1);
  });
});
