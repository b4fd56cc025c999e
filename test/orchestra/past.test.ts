import type { RunEvent } from 'tutti';
import { describe, expect, it } from 'vitest';
import { Past } from '../../src/orchestra/past.ts';
import { told } from './told.ts';

const error = {
  name: 'RangeError',
  code: 'NO',
  message: 'no',
  cause: { name: 'Error', code: 'ERROR', message: 'why' },
};

function pastOf(...events: readonly RunEvent[]): Past {
  const past = new Past();
  for (const event of events) past.read(event);
  return past;
}

const started = { type: 'run.started', path: '', workflow: 'w', version: '1', input: 1 } as const;
const begun = (path: string, input: unknown = path) => ({ type: 'step.started', path, input }) as const;
const completed = (path: string, output: unknown = 'out', costUsd = 0) =>
  ({ type: 'step.completed', path, output, durationMs: 1, costUsd, source: 'live' }) as const;

describe('Past', () => {
  it('knows when the run began, and how many events it has', () => {
    const past = pastOf(...told(started, begun('/a')));
    expect([past.startedAt, past.events]).toEqual([0, 2]);
    expect([new Past().startedAt, new Past().events]).toEqual([undefined, 0]);
  });

  it('tells once of a step that completed, with its input, output and cost', () => {
    const past = pastOf(...told(started, begun('/a', 'in'), completed('/a', 'out', 3)));
    expect(past.claim('/a')).toEqual({
      kind: 'ended',
      seq: 2,
      failed: false,
      payload: 'out',
      costUsd: 3,
      input: 'in',
    });
    expect(past.claim('/a')).toBeUndefined();
  });

  it('makes an error again of what a failed step left', () => {
    const cost = { type: 'step.cost', path: '/a', usd: 2 } as const;
    const past = pastOf(...told(started, begun('/a'), cost, { type: 'step.failed', path: '/a', error }));
    const end = past.claim('/a');
    expect(end).toMatchObject({ kind: 'ended', failed: true, costUsd: 2 });
    const payload = end?.kind === 'ended' ? end.payload : undefined;
    expect(payload).toBeInstanceOf(Error);
    expect(payload).toMatchObject({
      name: 'RangeError',
      code: 'NO',
      message: 'no',
      cause: { message: 'why' },
    });
  });

  it('knows of a step that had begun in which attempt it was, whether that was open, and what it cost', () => {
    const retrying = { type: 'step.retrying', path: '/a', error, delayMs: 1, nextAttempt: 2 } as const;
    const cost = { type: 'step.cost', path: '/a', usd: 2 } as const;
    const events = told(started, begun('/a'), cost, retrying, { ...begun('/a'), attempt: 2 });
    expect(pastOf(...events.slice(0, 4)).claim('/a')).toMatchObject({
      kind: 'begun',
      attempt: 1,
      open: false,
      costUsd: 2,
    });
    expect(pastOf(...events).claim('/a')).toMatchObject({
      kind: 'begun',
      attempt: 2,
      open: true,
      startedAt: 10,
      costUsd: 2,
    });
  });

  it('forgets what ran inside a step that is tried again', () => {
    const retrying = { type: 'step.retrying', path: '/n', error, delayMs: 1, nextAttempt: 2 } as const;
    const past = pastOf(...told(started, begun('/n'), begun('/n/a'), completed('/n/a'), retrying));
    expect([...past.unclaimed()]).toEqual(['/n']);
    expect(past.claim('/n/a')).toBeUndefined();
  });

  it('tells of what was cancelled that it does not run any more', () => {
    const cancelled = { type: 'step.cancelled', path: '/a', reason: 'lost' } as const;
    const past = pastOf(...told(started, begun('/a'), cancelled));
    expect(past.hasBegun('/a')).toBe(false);
    expect(past.claim('/a')).toMatchObject({ kind: 'begun', open: false, cancelled: true });
  });

  it('knows the waits that are open, and what was skipped', () => {
    const wait = { type: 'step.waiting', path: '/w', wait: { kind: 'event', name: 'go' } } as const;
    const events = told(
      started,
      begun('/w'),
      wait,
      { type: 'step.skipped', path: '/s', reason: 'no' },
      { type: 'step.resumed', path: '/w', cause: 'go' },
    );
    const waiting = pastOf(...events.slice(0, 4));
    expect([
      waiting.hasOpenWait('/w'),
      waiting.hasOpenWait('/s'),
      waiting.hasSkipped('/s'),
      waiting.hasSkipped('/w'),
    ]).toEqual([true, false, true, false]);
    expect(pastOf(...events).hasOpenWait('/w')).toBe(false);
  });

  it('knows places by what has begun at them and below, and not by names that begin alike', () => {
    const past = pastOf(...told(started, begun('/a'), begun('/a/b')));
    expect(['/a', '/a/b', '/a/b/c', '/ab', '/'].map((path) => past.knows(path))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('forgets what is below a place, but for what undoes it, or the place as well', () => {
    const events = told(started, begun('/a'), begun('/a/b'), begun('/a/!compensate/u'), begun('/ab'));
    const below = pastOf(...events);
    below.forgetBelow('/a');
    expect([...below.unclaimed()]).toEqual(['/a', '/a/!compensate/u', '/ab']);
    const both = pastOf(...events);
    both.forget(['/a', '/none']);
    expect([...both.unclaimed()]).toEqual(['/a/!compensate/u', '/ab']);
  });

  it('gives once what a fork keeps', () => {
    const result = { attempt: 1, costUsd: 0, startedAt: 0, endedAt: 0 };
    const past = new Past([
      { type: 'result', state: 'completed', path: '/a', seq: 3, output: 'out', inputHash: 'h', ...result },
      { type: 'result', state: 'skipped', path: '/s', seq: 4, ...result },
      { type: 'fact', path: '/a', name: 'choice', value: 2, seq: 1 },
    ]);
    expect(past.claimKept('/a')).toEqual({ seq: 3, payload: 'out', inputHash: 'h', partials: [] });
    expect(past.claimKept('/a')).toBeUndefined();
    expect([past.hasSkipped('/s'), past.facts.recall('/a', 'choice')]).toEqual([true, 2]);
  });
});
