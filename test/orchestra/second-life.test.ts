import { step, workflow } from 'tutti';
import {
  loop,
  mapEach,
  named,
  parallel,
  retry,
  sequence,
  sleep,
  timeout,
  transform,
  waitFor,
} from 'tutti/operators';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Stage } from './stage.ts';

/** Ends the process of a run, as far as its store can tell. */
function kill(stage: Stage, runId: string): void {
  stage.kept.release({ runId, epoch: stage.kept.get(runId)?.epoch ?? 0 });
}

describe('the second life of a run', () => {
  it('reads the clock and chance as the interrupted attempt did, and anew when it is retried', async () => {
    const stage = new Stage();
    const reads: unknown[] = [];
    let life = 1;
    const draw = step('draw', async (_: undefined, ctx) => {
      reads.push([life, ctx.attempt, ctx.random(), ctx.now()]);
      if (life === 1) return new Promise<number>(() => {});
      if (ctx.attempt < 3) throw new RangeError('again');
      return ctx.random();
    });
    const wf = workflow({ name: 'w', version: '1' }, draw.with(retry({ delay: 7 })));
    let chance = 0;
    const random = () => ++chance / 100;
    await stage.orchestra([wf], { random }).start(wf, undefined, { runId: 'r' });
    await stage.pass(50);
    kill(stage, 'r');
    life = 2;
    await stage.orchestra([wf], { random }).recover();
    await stage.pass(50);
    expect(reads).toEqual([
      [1, 1, 0.01, 0],
      [2, 2, 0.01, 0],
      [2, 3, 0.02, 57],
    ]);
    expect(stage.kept.get('r')).toMatchObject({ state: 'completed', output: 0.03 });
    expect(checkEvents(stage.events('r'))).toEqual([]);
  });

  it('counts what was spent before, once, in every budget', async () => {
    const stage = new Stage();
    const spend = step('spend', async (n: number, ctx) => {
      ctx.cost({ usd: 0.4 });
      return n + 1;
    });
    const wf = workflow(
      { name: 'w', version: '1', budget: { usd: 1 } },
      sequence(named('first', sequence(spend, spend)), waitFor<number>('go'), spend),
    );
    await stage.orchestra([wf]).start(wf, 1, { runId: 'r' });
    await stage.pass(60_000);
    expect(stage.kept.get('r')).toMatchObject({ state: 'waiting', costUsd: 0.8 });
    const second = stage.orchestra([wf]);
    await second.handle('r').signal('go', 5);
    await stage.pass(10);
    expect(stage.kept.get('r')).toMatchObject({ state: 'failed', error: { code: 'BUDGET_EXCEEDED' } });
    expect(stage.kept.get('r')?.costUsd).toBeCloseTo(1.2);
    const { events } = { events: stage.events('r') };
    expect(events.filter(({ type }) => type === 'budget.alert')).toHaveLength(1);
    expect(checkEvents(events)).toEqual([]);
  });

  it('keeps the time of a time-out, the number of tries and the pause before the next', async () => {
    const stage = new Stage();
    let calls = 0;
    const flaky = step('flaky', async () => {
      calls++;
      throw new RangeError(`try ${calls}`);
    });
    const wf = workflow(
      { name: 'w', version: '1' },
      flaky.with(retry({ maxRetries: 2, delay: 100, factor: 1 }), timeout(10_000)),
    );
    await stage.orchestra([wf]).start(wf, undefined, { runId: 'r' });
    await stage.pass(150);
    expect(calls).toBe(2);
    kill(stage, 'r');
    await stage.pass(20);
    await stage.orchestra([wf]).recover();
    await stage.pass(29);
    expect(calls).toBe(2);
    await stage.pass(1);
    expect(calls).toBe(3);
    expect(stage.kept.get('r')).toMatchObject({ state: 'failed', error: { message: 'try 3' } });

    const slow = workflow({ name: 'slow', version: '1' }, named('s', waitFor('never')).with(timeout(1000)));
    await stage.orchestra([slow]).start(slow, undefined, { runId: 's' });
    await stage.pass(600);
    kill(stage, 's');
    await stage.orchestra([slow]).recover();
    await stage.pass(399);
    expect(stage.state('s')).not.toBe('failed');
    await stage.pass(1);
    expect(stage.kept.get('s')).toMatchObject({ state: 'failed', error: { code: 'STEP_TIMEOUT' } });
    for (const id of ['r', 's']) expect(checkEvents(stage.events(id))).toEqual([]);
  });

  it('asks nobody again how long to loop, or which items there are of those that ended', async () => {
    const stage = new Stage();
    const asked: number[] = [];
    const ran: string[] = [];
    const work = step('work', async (n: number, ctx) => {
      ran.push(ctx.path);
      return n + 1;
    });
    const wf = workflow(
      { name: 'w', version: '1' },
      sequence(
        loop(work, {
          until: (n) => {
            asked.push(n);
            return n >= 3;
          },
        }),
        mapEach(sequence(work, waitFor<number>('item')), { over: (n: number) => [n, n + 1], concurrency: 1 }),
      ),
    );
    await stage.orchestra([wf]).start(wf, 0, { runId: 'r' });
    await stage.pass(10);
    await stage.orchestra([wf]).handle('r').signal('item', 7);
    await stage.pass(60_000);
    const second = stage.orchestra([wf]);
    await second.handle('r').signal('item', 8);
    await stage.pass(10);
    expect(stage.kept.get('r')).toMatchObject({ state: 'completed', output: [7, 8] });
    expect(asked).toEqual([1, 2, 3]);
    expect(new Set(ran).size).toBe(ran.length);
    expect(checkEvents(stage.events('r'))).toEqual([]);
  });

  it('refuses an input once', async () => {
    const stage = new Stage();
    class Odd {}
    const strict = step({ id: 'strict', input: z.object({ text: z.string() }), run: ({ text }) => text });
    const wf = workflow(
      { name: 'w', version: '1' },
      sequence(
        transform((_: undefined) => new Odd()),
        parallel(
          {
            strict: strict.using((_: Odd) => ({}) as { text: string }),
            fine: step('fine', async (_: undefined) => 'fine').using((_: Odd) => undefined),
          },
          { failure: 'settle' },
        ),
        transform(({ strict, fine }) => `${strict.status} ${fine.status}`),
        sleep(50),
      ),
    );
    await stage.orchestra([wf]).start(wf, undefined, { runId: 'r' });
    await stage.pass(20);
    kill(stage, 'r');
    await stage.pass(60);
    await stage.orchestra([wf]).recover();
    await stage.pass(10);
    expect(stage.kept.get('r')).toMatchObject({ state: 'completed', output: 'rejected fulfilled' });
    expect(stage.told('r').filter((told) => told.endsWith('/strict'))).toEqual([
      'step.started/parallel/strict',
      'step.failed/parallel/strict',
    ]);
    expect(checkEvents(stage.events('r'))).toEqual([]);
  });
});
