import { VirtualTimeScheduler } from 'rxjs';
import { NonSerializableOutputError, type RunEvent } from 'tutti';
import { type Batch, LeaseLostError, type RunStore, StoreError } from 'tutti/store';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../src/core/clock.ts';
import { encode } from '../../src/core/codec.ts';
import { CommitLine } from '../../src/orchestra/commit-line.ts';
import { told } from './told.ts';

const lease = { runId: 'r', owner: 'o', epoch: 1, until: 0 };

/** What is answered to each commit; the last again and again. */
type Answer = () => void | Promise<void>;

function setUp({
  instant = false,
  answers = [async () => {}],
}: {
  instant?: boolean;
  answers?: readonly Answer[];
} = {}) {
  const scheduler = new VirtualTimeScheduler();
  const batches: Batch[] = [];
  const heard: string[] = [];
  const commit = (_: unknown, batch: Batch): void | Promise<void> => {
    batches.push(batch);
    return answers[Math.min(batches.length, answers.length) - 1]?.();
  };
  const line = new CommitLine({ commit } as unknown as RunStore, lease, new Clock(scheduler), instant, {
    told: (events) => heard.push(`told ${events.map(({ seq }) => seq).join(' ')}`),
    committed: (held) => heard.push(`committed ${held.length}`),
    wrote: () => heard.push('wrote'),
    poisoned: (error) => heard.push(`poisoned by ${(error as Error).name}`),
    check: (value) => void encode(value),
    commitFailed: (error) => heard.push(`failed ${(error as Error).name}`),
  });
  const put = (...seqs: readonly number[]): void => {
    for (const seq of seqs) line.draft.events.push(event(seq));
  };
  /** Lets what is answered be heard, and so much time pass. */
  const pass = async (ms = 0): Promise<void> => {
    for (let i = 0; i < 9; i++) await null;
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
    for (let i = 0; i < 9; i++) await null;
  };
  return { scheduler, batches, heard, line, put, pass };
}

const event = (seq: number): RunEvent => ({
  ...(told({ type: 'step.progress', path: '/a', fraction: 1 })[0] as RunEvent),
  seq,
});

const busy = () => new StoreError('busy', 'another writes');
const seqsOf = (batches: readonly Batch[]) => batches.map(({ events }) => events?.map(({ seq }) => seq));

describe('CommitLine', () => {
  it('is durable at once where the store is, and tells before it returns', () => {
    const { line, put, heard, batches } = setUp({ instant: true, answers: [() => {}] });
    put(0, 1);
    expect(line.idle).toBe(false);
    expect(line.send()).toBe(true);
    expect([heard, line.idle]).toEqual([['told 0 1', 'wrote'], true]);
    expect(batches).toMatchObject([{ number: 1 }]);
    expect(line.send()).toBe(true);
    expect(batches).toHaveLength(1);
  });

  it('gathers what comes while it writes, and writes that next, if somebody waits for it at once', async () => {
    const { line, put, heard, batches, pass } = setUp();
    put(0);
    expect(line.send()).toBe(false);
    put(1, 2);
    expect(line.send()).toBe(false);
    expect(seqsOf(batches)).toEqual([[0]]);
    await pass();
    expect(seqsOf(batches)).toEqual([[0], [1, 2]]);
    expect(heard).toEqual(['told 0', 'committed 0', 'told 1 2', 'committed 0']);
    expect(batches.map(({ number }) => number)).toEqual([1, 2]);
    expect(line.idle).toBe(true);
  });

  it('lets events linger for 5 ms that nobody waits for, in one commit', async () => {
    const { line, put, batches, pass } = setUp();
    for (const seq of [0, 1, 2]) {
      put(seq);
      line.linger();
    }
    await pass(4);
    expect(batches).toEqual([]);
    await pass(1);
    expect(seqsOf(batches)).toEqual([[0, 1, 2]]);
  });

  it('lets events linger as well that came while it wrote', async () => {
    const { line, put, batches, pass } = setUp();
    put(0);
    line.send();
    put(1);
    line.linger();
    await pass();
    expect(batches).toHaveLength(1);
    await pass(5);
    expect(seqsOf(batches)).toEqual([[0], [1]]);
  });

  it('does not let more than 256 of them linger', () => {
    const { line, put, batches } = setUp();
    for (let seq = 0; seq < 256; seq++) {
      put(seq);
      line.linger();
    }
    expect(seqsOf(batches)[0]).toHaveLength(256);
  });

  it('takes what lingers along with what somebody waits for', async () => {
    const { line, put, batches, pass } = setUp();
    put(0);
    line.linger();
    put(1);
    line.send();
    await pass(20);
    expect(seqsOf(batches)).toEqual([[0, 1]]);
  });

  it('tries a write again as it was, after growing delays, while more is gathered', async () => {
    const fail: Answer = () => Promise.reject(busy());
    const { line, put, heard, batches, pass } = setUp({ answers: [fail, fail, fail, async () => {}] });
    put(0);
    line.send();
    put(1);
    line.send();
    await pass(49);
    expect(batches).toHaveLength(1);
    await pass(1);
    expect(batches).toHaveLength(2);
    await pass(100);
    expect(batches).toHaveLength(3);
    await pass(199);
    expect([batches.length, heard]).toEqual([3, []]);
    await pass(1);
    expect(batches[3]).toBe(batches[0]);
    expect(seqsOf(batches)).toEqual([[0], [0], [0], [0], [1]]);
    expect(heard).toEqual(['told 0', 'committed 0', 'told 1', 'committed 0']);
  });

  it('waits no longer than 5 s between tries', async () => {
    const { line, put, batches, pass } = setUp({ answers: [() => Promise.reject(busy())] });
    put(0);
    line.send();
    await pass(60_000);
    const count = batches.length;
    await pass(5000);
    expect(batches.length).toBe(count + 1);
  });

  it('tries again what a store throws that answers at once, and tells those who wait', async () => {
    const { line, put, heard, pass } = setUp({
      instant: true,
      answers: [
        () => {
          throw busy();
        },
        () => {},
      ],
    });
    put(0);
    expect(line.send()).toBe(false);
    expect(heard).toEqual([]);
    await pass(50);
    expect(heard).toEqual(['told 0', 'wrote', 'committed 0']);
  });

  it.each([
    new LeaseLostError('r', 1),
    new StoreError('newer-schema', 'later'),
    new RangeError('no store error'),
  ])('gives up for %s', async (error) => {
    const { line, put, heard, batches, pass } = setUp({ answers: [() => Promise.reject(error)] });
    put(0);
    line.send();
    await pass(60_000);
    expect([heard, batches.length]).toEqual([[`failed ${error.name}`], 1]);
  });

  it('writes and tells nothing after it was stopped, nor tries again', async () => {
    const { line, put, heard, batches, pass } = setUp({ answers: [() => Promise.reject(busy())] });
    put(0);
    line.send();
    put(1);
    line.linger();
    line.stop();
    expect(line.send()).toBe(false);
    await pass(60_000);
    expect([heard, batches.length]).toEqual([[], 1]);
  });

  it('leaves out, once, what cannot be written down, and says so', async () => {
    const refuse: Answer = () => Promise.reject(new NonSerializableOutputError('a', 'a function'));
    const { line, heard, batches, pass } = setUp({ answers: [refuse, async () => {}] });
    const [partial] = told({ type: 'step.partial', path: '/a', index: 0, chunk: () => 1 });
    line.draft.events.push(partial as RunEvent);
    line.send();
    await pass();
    expect(batches).toHaveLength(2);
    expect(batches[1]).toMatchObject({
      number: 1,
      events: [{ seq: 0, type: 'step.partial', chunk: undefined }],
    });
    expect(heard).toEqual(['poisoned by NonSerializableOutputError', 'told 0', 'committed 0']);
    const stubborn = setUp({ answers: [refuse] });
    stubborn.put(0);
    stubborn.line.send();
    await stubborn.pass(60_000);
    expect([stubborn.batches.length, stubborn.heard.at(-1)]).toEqual([
      2,
      'failed NonSerializableOutputError',
    ]);
  });

  it('opens a wait and closes it in one commit without a word of it', async () => {
    const { line, batches } = setUp();
    line.draft.opens.set('/w', { kind: 'event', name: 'go', path: '/w', seq: 1 });
    line.close('/w', 2);
    line.close('/v', 2);
    line.patch({ state: 'waiting' });
    line.patch({ costUsd: 1 });
    line.send();
    expect(batches).toMatchObject([
      { opens: [], closes: [{ path: '/v', seq: 2 }], run: { state: 'waiting', costUsd: 1 } },
    ]);
  });
});
