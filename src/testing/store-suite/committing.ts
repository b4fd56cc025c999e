import { expect, it } from 'vitest';
import { NonSerializableOutputError } from '../../core/errors.ts';
import type { Batch } from '../../store/batch.ts';
import {
  LeaseLostError,
  RunEndedError,
  StoreConflictError,
  UnknownRunError,
  ValueTooLargeError,
} from '../../store/errors.ts';
import { events, everything, fullBatch, leased, type Open, refusal, result } from './store-place.ts';

/** What `commit`, `events`, `journal` and `checkpoint` promise. */
export function committing(open: Open): void {
  const signal = { id: 's1', channel: 'event', name: 'go', payload: { n: 1 } } as const;

  it('gives back all that a commit holds', async () => {
    const { store } = await open();
    const lease = await leased(store);
    await store.signal('r1', signal);
    await store.commit(lease, fullBatch);
    expect(await store.events('r1')).toStrictEqual(fullBatch.events);
    expect(await store.journal('r1')).toStrictEqual({
      entries: fullBatch.entries,
      waits: fullBatch.opens,
      signals: [{ ...signal, number: 0, receivedAt: 1000, receivedSeq: -1, consumedSeq: 1 }],
      checkpoints: [{ id: 'c1', name: 'before', seq: 2, runId: 'r1' }],
      extras: fullBatch.extras,
    });
    expect(await store.get('r1')).toMatchObject({ ...fullBatch.run, nextSeq: 3, commits: 1 });
    expect(await store.checkpoint('c1')).toStrictEqual({ id: 'c1', name: 'before', seq: 2, runId: 'r1' });
    expect(await store.checkpoint('c2')).toBeUndefined();
  });

  it('leaves what a later commit does not name', async () => {
    const { store } = await open();
    const lease = await leased(store);
    await store.commit(lease, { number: 1, run: { state: 'running', costUsd: 1, context: 'c' } });
    await store.commit(lease, { number: 2, events: events(0, 1), run: { reason: 'why' } });
    expect(await store.get('r1')).toMatchObject({
      ...{ state: 'running', costUsd: 1, context: 'c', reason: 'why', nextSeq: 1, input: { text: 'a' } },
    });
  });

  it('gives events from any seq, in parts', async () => {
    const { store } = await open();
    const lease = await leased(store);
    const all = events(0, 25);
    await store.commit(lease, { number: 1, events: all.slice(0, 10) });
    await store.commit(lease, { number: 2, events: all.slice(10) });
    expect(await store.events('r1', { from: 8, limit: 5 })).toStrictEqual(all.slice(8, 13));
    expect(await store.events('r1', { from: 20 })).toStrictEqual(all.slice(20));
    expect(await store.events('r1', { from: 25 })).toEqual([]);
  });

  it('accepts the last commit again, and writes it once', async () => {
    const { store } = await open();
    const lease = await leased(store);
    await store.signal('r1', signal);
    await store.commit(lease, fullBatch);
    const before = await everything(store);
    await store.commit(lease, structuredClone(fullBatch));
    expect(await everything(store)).toStrictEqual(before);
    await store.commit(lease, { number: 2, events: events(3, 1) });
    expect(await store.events('r1')).toHaveLength(4);
  });

  it('accepts a commit again that gave the lease back or ended the run', async () => {
    const { store } = await open();
    for (const [runId, last] of Object.entries({
      r1: { release: true } as const,
      r2: { run: { state: 'completed', endedAt: 9 } } as const,
    })) {
      const lease = await leased(store, { runId });
      await store.commit(lease, { number: 1, ...last });
      expect(await refusal(() => store.commit(lease, { number: 1, ...last }))).toBeUndefined();
    }
  });

  it.each<[string, Batch]>([
    ['the last number with another event', { number: 1, events: events(0, 2) }],
    ['the last number with less in it', { number: 1 }],
    ['a number before the last', { number: 0, events: events(1, 1) }],
    ['a number that leaves one out', { number: 3, events: events(1, 1) }],
    ['an event that is there', { number: 2, events: events(0, 1) }],
    ['an event after a gap', { number: 2, events: events(2, 1) }],
    ['events with a gap', { number: 2, events: [...events(1, 1), ...events(3, 1)] }],
    ['an event of another run', { number: 2, events: events(1, 1, 'r2') }],
    ['a result that is there', { number: 2, entries: [result({ output: 'y' })] }],
    ['a result twice', { number: 2, entries: [result({ path: '/b' }), result({ path: '/b' })] }],
    ['the end of a wait that is not open', { number: 2, closes: [{ path: '/x', seq: 1 }] }],
    [
      'a second open wait of a path',
      { number: 2, opens: [{ path: '/w', kind: 'event', name: 'n', seq: 1 }] },
    ],
    ['the use of a signal that did not come', { number: 2, consumes: [{ number: 7, seq: 1 }] }],
    ['the use of a used signal', { number: 2, consumes: [{ number: 0, seq: 1 }] }],
    ['a checkpoint that is there', { number: 2, checkpoints: [{ id: 'c1', seq: 0 }] }],
  ])('refuses %s, and writes nothing of that commit', async (_, wrong) => {
    const { store } = await open();
    const lease = await leased(store);
    await store.signal('r1', signal);
    await store.commit(lease, {
      ...{ number: 1, events: events(0, 1), entries: [result()] },
      opens: [{ path: '/w', kind: 'event', name: 'go', seq: 0 }],
      consumes: [{ number: 0, seq: 0 }],
      checkpoints: [{ id: 'c1', seq: 0 }],
    });
    const before = await everything(store);
    const more = { extras: [{ seq: 0, value: 1 }], run: { costUsd: 9, state: 'paused', output: 1 } } as const;
    const error = await refusal(() => store.commit(lease, { ...more, ...wrong }));
    expect(error).toBeInstanceOf(StoreConflictError);
    expect(error).toMatchObject({ code: 'STORE_CONFLICT', runId: 'r1' });
    expect(await everything(store)).toStrictEqual(before);
  });

  it('keeps results of later passes, facts of other names and results of other paths apart', async () => {
    const { store } = await open();
    const lease = await leased(store);
    const entries = [
      ...[result(), result({ pass: '2' }), result({ path: '/a[k]' })],
      ...[{ type: 'fact', path: '/a', name: 'result', seq: 0, value: 1 } as const],
    ];
    await store.commit(lease, { number: 1, entries });
    expect((await store.journal('r1')).entries).toStrictEqual(entries);
  });

  it('opens a wait again at a path where one is over', async () => {
    const { store } = await open();
    const lease = await leased(store);
    const wait = { path: '/w', kind: 'event', name: 'n' } as const;
    await store.commit(lease, { number: 1, opens: [{ ...wait, seq: 0 }] });
    await store.commit(lease, {
      number: 2,
      closes: [{ path: '/w', seq: 1 }],
      opens: [{ ...wait, seq: 2 }],
    });
    expect((await store.journal('r1')).waits).toStrictEqual([
      { ...wait, seq: 0, closedSeq: 1 },
      { ...wait, seq: 2 },
    ]);
  });

  it.each<[string, Batch, unknown]>([
    [
      'cannot be written down',
      { number: 1, entries: [result({ output: Symbol('s') })] },
      NonSerializableOutputError,
    ],
    ['is too large', { number: 1, run: { output: 'x'.repeat(2000) } }, ValueTooLargeError],
  ])('refuses a commit of which a value %s, and writes nothing of it', async (_, wrong, errorClass) => {
    const { store } = await open({ maxValueBytes: 1000 });
    const lease = await leased(store);
    const error = await refusal(() => store.commit(lease, { events: events(0, 1), ...wrong }));
    expect(error).toBeInstanceOf(errorClass);
    expect(await store.get('r1')).toMatchObject({ nextSeq: 0, commits: 0 });
    expect(await store.events('r1')).toEqual([]);
  });

  it('takes nothing more of a run that has ended', async () => {
    const { store } = await open();
    const lease = await leased(store);
    await store.commit(lease, { number: 1, run: { state: 'completed', output: 1, endedAt: 9 } });
    const error = await refusal(() => store.commit(lease, { number: 2, run: { state: 'failed' } }));
    expect(error).toBeInstanceOf(RunEndedError);
    expect(error).toMatchObject({ code: 'RUN_ENDED', state: 'completed' });
    expect(await store.get('r1')).toMatchObject({ state: 'completed', output: 1 });
  });

  it('refuses a commit to a run that it does not have, or that was deleted', async () => {
    const { store } = await open();
    const lease = await leased(store);
    await store.delete('r1');
    const error = await refusal(() => store.commit(lease, { number: 1 }));
    expect(error).toBeInstanceOf(LeaseLostError);
    expect(await refusal(() => store.journal('r1'))).toBeInstanceOf(UnknownRunError);
  });

  it('refuses one of many commits at once, and writes the others', async () => {
    const { store } = await open();
    const runIds = Array.from({ length: 8 }, (_, index) => `r${index}`);
    const leases = await Promise.all(runIds.map((runId) => leased(store, { runId })));
    const answers = await Promise.all(
      leases.map((lease, index) =>
        refusal(() =>
          store.commit(lease, { number: 1, events: events(index === 3 ? 1 : 0, 2, lease.runId) }),
        ),
      ),
    );
    expect(answers.map((answer) => answer !== undefined)).toEqual(runIds.map((_, index) => index === 3));
    const kept = await Promise.all(runIds.map((runId) => store.events(runId)));
    expect(kept.map(({ length }) => length)).toEqual(runIds.map((_, index) => (index === 3 ? 0 : 2)));
  });
}
