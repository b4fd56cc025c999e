import { expect, it } from 'vitest';
import { NonSerializableOutputError } from '../../core/errors.ts';
import {
  IdempotencyConflictError,
  RunExistsError,
  StoreConflictError,
  ValueTooLargeError,
} from '../../store/errors.ts';
import { events, newRun, type Open, refusal, result } from './store-place.ts';

/** What `create`, `get` and `session` promise. */
export function creating(open: Open): void {
  it('gives back a run as it was created', async () => {
    const { store } = await open();
    const given = newRun({
      ...{ definitionHash: 'd', sessionId: 's', context: { lang: 'it' }, idempotencyKey: 'k' },
      definition: { file: 'a.yaml', text: 'steps: []' },
      ...{ input: { at: new Date(0), big: 2n ** 70n, none: undefined }, forkedFrom: { runId: 'r0', seq: 4 } },
    });
    const { run, created, lease } = await store.create(given);
    expect(run).toStrictEqual({
      ...given,
      ...{ state: 'pending', costUsd: 0, nextSeq: 0, commits: 0, epoch: 0 },
      inputHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect([created, lease]).toEqual([true, undefined]);
    expect(await store.get('r1')).toStrictEqual(run);
  });

  it('gives nothing for a run that it does not have', async () => {
    const { store } = await open();
    expect(await store.get('r1')).toBeUndefined();
    expect(await store.events('r1')).toEqual([]);
  });

  it('creates a run with what belongs to it from the first', async () => {
    const { store } = await open();
    const seed = { events: events(0, 2), entries: [result()], run: { costUsd: 2 } };
    const { run } = await store.create(newRun(), seed);
    expect(run).toMatchObject({ nextSeq: 2, costUsd: 2, state: 'pending' });
    expect(await store.events('r1')).toStrictEqual(seed.events);
    expect((await store.journal('r1')).entries).toStrictEqual(seed.entries);
  });

  it('creates nothing when what belongs to the run cannot be', async () => {
    const { store } = await open();
    const seed = { events: events(1, 1) };
    expect(await refusal(() => store.create(newRun(), seed))).toBeInstanceOf(StoreConflictError);
    expect(await store.get('r1')).toBeUndefined();
  });

  it('creates a run with its lease', async () => {
    const { store } = await open();
    const { lease, run } = await store.create(newRun({ lease: { owner: 'me', ms: 500 } }));
    expect(lease).toEqual({ runId: 'r1', owner: 'me', epoch: 1, until: 1500 });
    expect(run).toMatchObject({ owner: 'me', epoch: 1, leaseUntil: 1500 });
  });

  it('creates one run of a request that is given again', async () => {
    const { store } = await open();
    const given = newRun({ idempotencyKey: 'k', lease: { owner: 'me', ms: 500 } });
    const first = await store.create(given);
    expect(await store.create(given)).toStrictEqual(first);
  });

  it('refuses a run id that another request took', async () => {
    const { store } = await open();
    await store.create(newRun());
    const error = await refusal(() => store.create(newRun({ requestId: 'other' })));
    expect(error).toBeInstanceOf(RunExistsError);
    expect(error).toMatchObject({ code: 'RUN_EXISTS', runId: 'r1' });
  });

  it('gives the same run for the same idempotency key and an equal input', async () => {
    const { store } = await open();
    const first = await store.create(newRun({ idempotencyKey: 'k', input: { a: 1, b: 2 } }));
    const again = newRun({ runId: 'r2', idempotencyKey: 'k', input: { b: 2, a: 1 } });
    expect(await store.create(again)).toStrictEqual({ run: first.run, created: false });
    expect(await store.get('r2')).toBeUndefined();
  });

  it.each([
    ['input', { input: 'other' }],
    ['workflow', { workflow: 'other' }],
  ])('refuses another %s under a known idempotency key', async (_, other) => {
    const { store } = await open();
    await store.create(newRun({ idempotencyKey: 'k' }));
    const error = await refusal(() => store.create(newRun({ runId: 'r2', idempotencyKey: 'k', ...other })));
    expect(error).toBeInstanceOf(IdempotencyConflictError);
    expect(error).toMatchObject({ idempotencyKey: 'k', runId: 'r1' });
  });

  it('makes one run of many requests at once under one idempotency key', async () => {
    const { store } = await open();
    const requests = Array.from({ length: 10 }, (_, i) => newRun({ runId: `r${i}`, idempotencyKey: 'k' }));
    const made = await Promise.all(requests.map((request) => store.create(request)));
    expect(new Set(made.map(({ run }) => run.runId)).size).toBe(1);
    expect(made.filter(({ created }) => created)).toHaveLength(1);
  });

  it('refuses an input that cannot be written down, and keeps nothing', async () => {
    const { store } = await open();
    const error = await refusal(() => store.create(newRun({ input: { call: () => 1 } })));
    expect(error).toBeInstanceOf(NonSerializableOutputError);
    expect(await store.get('r1')).toBeUndefined();
  });

  it('refuses an input that is too large, and says how large it may be', async () => {
    const { store } = await open({ maxValueBytes: 100 });
    const error = await refusal(() => store.create(newRun({ input: 'é'.repeat(50) })));
    expect(error).toBeInstanceOf(ValueTooLargeError);
    expect(error).toMatchObject({ bytes: 102, maxBytes: 100 });
    expect(await refusal(() => store.create(newRun({ input: 'é'.repeat(49) })))).toBeUndefined();
  });

  it('gives a session the context of its first run, and then that of commits', async () => {
    const { store } = await open();
    expect(await store.session('s')).toBeUndefined();
    const { lease } = await store.create(
      newRun({ sessionId: 's', context: { a: 1 }, lease: { owner: 'me', ms: 1 } }),
    );
    await store.create(newRun({ runId: 'r2', sessionId: 's', context: { a: 2 } }));
    expect(await store.session('s')).toStrictEqual({ sessionId: 's', context: { a: 1 } });
    await store.commit(lease!, { number: 1, session: { context: new Map([['a', 3]]) } });
    expect(await store.session('s')).toStrictEqual({ sessionId: 's', context: new Map([['a', 3]]) });
  });
}
