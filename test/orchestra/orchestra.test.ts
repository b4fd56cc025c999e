import { lastValueFrom } from 'rxjs';
import { step, workflow } from 'tutti';
import {
  approval,
  assign,
  background,
  compensate,
  fallback,
  followUps,
  parallel,
  patched,
  retry,
  sequence,
  sleep,
  transform,
  waitFor,
} from 'tutti/operators';
import {
  JournalMismatchError,
  RunStateError,
  StaleApprovalError,
  UnknownCheckpointError,
  UnknownStepError,
} from 'tutti/orchestra';
import { IdempotencyConflictError, RunEndedError, UnknownRunError } from 'tutti/store';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Stage } from './stage.ts';

/** A step that notes that it ran. */
function noting(calls: string[]) {
  return <I, O>(id: string, f: (input: I) => O) =>
    step(id, async (input: I, ctx): Promise<O> => {
      calls.push(ctx.path);
      await null;
      return f(input);
    });
}

describe.each([true, false])('an orchestra over a store (that answers at once: %s)', (instant) => {
  it('lets what runs end and begins nothing new while a run is paused, and goes on in another process', async () => {
    const stage = new Stage(instant);
    const calls: string[] = [];
    const s = noting(calls);
    const wf = workflow(
      { name: 'w', version: '1' },
      sequence(
        s('a', (n: number) => n + 1),
        sleep(100),
        step('b', async (n: number, ctx) => `${n} ${JSON.stringify(ctx.context)}`),
      ),
    );
    const first = stage.orchestra([wf]);
    const handle = await first.start(wf, 1, { runId: 'r', context: { by: 'Ann' } });
    await stage.pass(10);
    await handle.pause('lunch');
    await handle.pause('again');
    await stage.pass(1000);
    expect(stage.state('r')).toBe('paused');
    await stage.pass(20_000);
    expect(stage.kept.get('r')?.owner).toBeUndefined();
    const second = stage.orchestra([wf]);
    await second.handle('r').resume({ note: 'go' });
    await stage.pass(100);
    expect(stage.kept.get('r')).toMatchObject({
      state: 'completed',
      output: '2 {"by":"Ann","note":"go"}',
    });
    expect(calls).toEqual(['/a']);
    expect(stage.told('r').filter((told) => told.startsWith('run.'))).toEqual([
      'run.started',
      'run.paused',
      'run.resumed',
      'run.completed',
    ]);
    expect(checkEvents(stage.events('r'))).toEqual([]);
    await expect(second.handle('r').resume()).rejects.toBeInstanceOf(RunEndedError);
    expect(stage.troubles).toEqual([]);
  });

  it('refuses to resume what is not paused, and says what can be', async () => {
    const stage = new Stage(instant);
    const wf = workflow({ name: 'w', version: '1' }, waitFor('go'));
    const orchestra = stage.orchestra([wf]);
    const handle = await orchestra.start(wf, undefined, { runId: 'r' });
    await stage.pass(10);
    const refusal = await handle.resume().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RunStateError);
    expect(refusal).toMatchObject({ state: 'waiting', allowed: ['paused'] });
    await expect(orchestra.handle('x').pause()).rejects.toBeInstanceOf(UnknownRunError);
  });

  it('keeps a run that waits out of memory, and takes it up when it is answered', async () => {
    const stage = new Stage(instant);
    const wf = workflow(
      { name: 'w', version: '1' },
      sequence(
        assign({ paid: waitFor<{ usd: number }>('paid') }),
        step('ship', (order: { paid: { usd: number } }) => order.paid.usd),
      ),
    );
    const handle = await stage.orchestra([wf]).start(wf, { id: 1 } as never, { runId: 'r' });
    await stage.pass(60_000);
    expect(stage.kept.get('r')).toMatchObject({ state: 'waiting' });
    expect(stage.kept.get('r')?.owner).toBeUndefined();
    await handle.signal('paid', { usd: 12 });
    await stage.pass(10);
    expect(stage.kept.get('r')).toMatchObject({ state: 'completed', output: 12 });
    expect(checkEvents(stage.events('r'))).toEqual([]);
  });

  it('sleeps over the end of its process', async () => {
    const stage = new Stage(instant);
    const year = 365 * 86_400_000;
    const wf = workflow({ name: 'w', version: '1' }, sleep<string>(year));
    await stage.orchestra([wf]).start(wf, 'x', { runId: 'r' });
    await stage.pass(year - 5);
    expect(stage.state('r')).toBe('waiting');
    const second = stage.orchestra([wf]);
    await second.recover();
    await stage.pass(4);
    expect(stage.state('r')).toBe('waiting');
    await stage.pass(1);
    await second.recover();
    await stage.pass(1);
    expect(stage.kept.get('r')).toMatchObject({ state: 'completed', endedAt: year });
  });

  it('asks for approvals, and says which there are when another is given', async () => {
    const stage = new Stage(instant);
    const wf = workflow(
      { name: 'w', version: '1' },
      parallel({ a: approval<string>({ name: 'legal' }), b: approval<string>({ name: 'press' }) }),
    );
    const orchestra = stage.orchestra([wf]);
    const handle = await orchestra.start(wf, 'text', { runId: 'r' });
    await stage.pass(10);
    expect((await handle.status()).toJSON()).toMatchObject({
      state: 'waiting',
      steps: [
        { path: '/a', state: 'waiting', wait: { kind: 'approval', name: 'legal', since: 0 } },
        { path: '/b', state: 'waiting', wait: { kind: 'approval', name: 'press', since: 0 } },
      ],
    });
    await handle.approve('legal', { by: 'Ann' });
    await stage.pass(10);
    expect((await handle.status()).steps[0]).not.toHaveProperty('wait');
    const stale = await handle.approve('legal').catch((error: unknown) => error);
    expect(stale).toBeInstanceOf(StaleApprovalError);
    expect(stale).toMatchObject({ waiting: ['press'] });
    await handle.reject('press', { by: 'Bob', comment: 'no' });
    await stage.pass(10);
    expect(stage.kept.get('r')).toMatchObject({
      state: 'failed',
      error: { code: 'APPROVAL_REJECTED', message: 'press was rejected by Bob: no' },
    });
  });

  it('cancels gracefully, from a process that does not run it, and keeps what it cost', async () => {
    const stage = new Stage(instant);
    const undone: unknown[] = [];
    const undo = step('undo', ({ output }: { output: number }) => void undone.push(output));
    const wf = workflow(
      { name: 'w', version: '1' },
      sequence(
        step('book', async (n: number, ctx) => {
          ctx.cost({ usd: 0.5 });
          return n + 1;
        }).with(compensate(undo)),
        waitFor('never'),
      ),
    );
    await stage.orchestra([wf]).start(wf, 1, { runId: 'r' });
    await stage.pass(60_000);
    await stage.orchestra([wf]).handle('r').cancel('enough');
    await stage.pass(100);
    expect(stage.kept.get('r')).toMatchObject({ state: 'cancelled', reason: 'enough', costUsd: 0.5 });
    expect(undone).toEqual([2]);
    expect(checkEvents(stage.events('r'))).toEqual([]);
  });

  it('makes new runs of checkpoints, of steps and of failures, with what they keep', async () => {
    const stage = new Stage(instant);
    const calls: string[] = [];
    const s = noting(calls);
    let broken = true;
    const wf = workflow(
      { name: 'w', version: '1' },
      sequence(
        s('a', (n: number) => n + 1),
        waitFor<number>('more'),
        s('b', (n: number) => n * 10),
        s('c', (n: number) => {
          if (broken) throw new RangeError('c fails');
          return n + 5;
        }),
      ),
    );
    const orchestra = stage.orchestra([wf]);
    const handle = await orchestra.start(wf, 1, { runId: 'r', sessionId: 's' });
    await stage.pass(10);
    const checkpoint = await settled(stage, handle.checkpoint('before more'));
    await handle.signal('more', 4);
    await stage.pass(10);
    expect(stage.state('r')).toBe('failed');
    expect(calls).toEqual(['/a', '/b', '/c']);
    broken = false;
    calls.length = 0;

    const retried = await settled(stage, orchestra.retryFailed('r'));
    await stage.pass(10);
    expect(stage.kept.get(retried.runId)).toMatchObject({ state: 'completed', output: 45, sessionId: 's' });
    expect(calls).toEqual(['/c']);
    expect(sources(stage, retried.runId)).toEqual(['/a journal', '/more journal', '/b journal', '/c live']);

    const forked = await settled(stage, orchestra.fork('r', { from: '/b' }));
    await stage.pass(10);
    expect(stage.kept.get(forked.runId)).toMatchObject({ output: 45, forkedFrom: { runId: 'r' } });
    expect(sources(stage, forked.runId)).toEqual(['/a journal', '/more journal', '/b live', '/c live']);

    const restored = await settled(stage, orchestra.restore(checkpoint));
    await stage.pass(10);
    expect(stage.state(restored.runId)).toBe('waiting');
    await restored.signal('more', 7);
    await stage.pass(10);
    expect(stage.kept.get(restored.runId)).toMatchObject({ output: 75 });
    for (const { runId } of [retried, forked, restored]) expect(checkEvents(stage.events(runId))).toEqual([]);
    await expect(orchestra.restore('no such')).rejects.toBeInstanceOf(UnknownCheckpointError);
    await expect(orchestra.retryFailed(forked.runId)).rejects.toBeInstanceOf(RunStateError);
    const unknown = await orchestra.fork('r', { from: 'b' }).catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(UnknownStepError);
    expect(unknown).toMatchObject({ runId: 'r', path: 'b' });
    expect(stage.troubles).toEqual([]);
  });

  it('gives the same run for the same idempotency key, and refuses another input under it', async () => {
    const stage = new Stage(instant);
    const calls: string[] = [];
    const wf = workflow(
      { name: 'w', version: '1' },
      noting(calls)('a', (n: number) => n),
    );
    const orchestra = stage.orchestra([wf]);
    const first = await orchestra.start(wf, 1, { idempotencyKey: 'k' });
    const second = await orchestra.start(wf, 1, { idempotencyKey: 'k' });
    await stage.pass(10);
    expect(second.runId).toBe(first.runId);
    expect(calls).toEqual(['/a']);
    await expect(orchestra.start(wf, 2, { idempotencyKey: 'k' })).rejects.toBeInstanceOf(
      IdempotencyConflictError,
    );
  });

  it('parks a run whose definition has changed, until a definition fits', async () => {
    const stage = new Stage(instant);
    const calls: string[] = [];
    const s = noting(calls);
    const last = s('last', (n: number) => n + 1);
    const one = workflow(
      { name: 'w', version: '1' },
      sequence(
        s('a', (n: number) => n + 1),
        waitFor<number>('go'),
        last,
      ),
    );
    await stage.orchestra([one]).start(one, 1, { runId: 'r' });
    await stage.pass(60_000);
    const two = workflow(
      { name: 'w', version: '2' },
      sequence(
        s('z', (n: number) => n + 1),
        waitFor<number>('go'),
        last,
      ),
    );
    const changed = stage.orchestra([two]);
    await changed.handle('r').signal('go', 5);
    await stage.pass(10);
    expect(stage.kept.get('r')).toMatchObject({ state: 'parked', reason: expect.stringContaining('/a') });
    const { state, reason } = await stage.orchestra([]).handle('r').status();
    expect({ state, reason }).toEqual({ state: 'parked', reason: stage.kept.get('r')?.reason });
    expect(stage.troubles).toEqual([expect.any(JournalMismatchError)]);
    const three = workflow(
      { name: 'w', version: '3' },
      sequence(
        patched(
          'za',
          s('z', (n: number) => n + 1),
          s('a', (n: number) => n + 1),
        ),
        waitFor<number>('go'),
        last,
      ),
    );
    const fitting = stage.orchestra([three]);
    await fitting.migrate('r');
    await stage.pass(10);
    expect(stage.kept.get('r')).toMatchObject({ state: 'completed', output: 6, version: '3' });
    const fresh = await fitting.start(three, 1, { runId: 'n' });
    await stage.pass(10);
    await fresh.signal('go', 1);
    await stage.pass(10);
    expect(stage.kept.get('n')).toMatchObject({ state: 'completed', output: 2 });
    expect(calls).toEqual(['/a', '/last', '/a/!patched:za', '/last']);
    await expect(fitting.migrate('n')).rejects.toBeInstanceOf(RunStateError);
  });

  it('cancels a parked run, and looks at it no more', async () => {
    const stage = new Stage(instant);
    const one = workflow(
      { name: 'w', version: '1' },
      sequence(
        noting([])('a', (n: number) => n),
        waitFor('go'),
      ),
    );
    await stage.orchestra([one]).start(one, 1, { runId: 'r' });
    await stage.pass(60_000);
    const two = workflow(
      { name: 'w', version: '2' },
      sequence(
        noting([])('b', (n: number) => n),
        waitFor('go'),
      ),
    );
    const orchestra = stage.orchestra([two]);
    await orchestra.migrate('r').catch(() => {});
    await orchestra.handle('r').signal('go');
    await stage.pass(10);
    expect(stage.state('r')).toBe('parked');
    await orchestra.handle('r').pause();
    await stage.pass(10);
    expect(stage.state('r')).toBe('parked');
    expect(stage.kept.claimable()).toEqual([]);
    await orchestra.handle('r').cancel('enough');
    await stage.pass(10);
    expect(stage.kept.get('r')).toMatchObject({ state: 'cancelled', reason: 'enough' });
    expect(stage.told('r').at(-1)).toBe('run.cancelled');
  });

  it('carries the context of a session, and answers follow-up questions in it', async () => {
    const stage = new Stage(instant);
    const chat = step('chat', (question: string, ctx) => `${question} ${JSON.stringify(ctx.context)}`);
    const wf = workflow({ name: 'w', version: '1' }, followUps(chat, { timeout: 1000 }));
    const orchestra = stage.orchestra([wf], {
      carry: (context, output) => ({ ...(context as object), last: output }),
    });
    const handle = await orchestra.start(wf, 'a', { runId: 'r', sessionId: 's', context: { user: 'Ann' } });
    await stage.pass(10);
    const waiting = await settled(stage, handle.report());
    expect(waiting).toMatchObject({ success: false, finalResponse: 'a {"user":"Ann"}' });
    await handle.followUp('b');
    await stage.pass(2000);
    expect(stage.kept.get('r')?.output).toBe('b {"user":"Ann","previous":"a {\\"user\\":\\"Ann\\"}"}');
    await orchestra.start(wf, 'c', { runId: 'q', sessionId: 's' });
    await stage.pass(2000);
    expect(stage.kept.get('q')?.output).toContain('"last":"b');
    expect((await settled(stage, orchestra.list({ sessionId: 's' }))).runs.map(({ runId }) => runId)).toEqual(
      ['q', 'r'],
    );
  });

  it('waits for what runs in the background, which does no harm by failing', async () => {
    const stage = new Stage(instant);
    const wf = workflow(
      { name: 'w', version: '1' },
      sequence(
        background(
          sequence(
            sleep<number>(50),
            step('boom', (_: number) => Promise.reject(new RangeError('no'))),
          ),
        ),
        step('done', (n: number) => n + 1),
      ),
    );
    await stage.orchestra([wf]).start(wf, 1, { runId: 'r' });
    await stage.pass(40);
    expect(stage.state('r')).not.toBe('completed');
    await stage.pass(40);
    expect(stage.kept.get('r')).toMatchObject({ state: 'completed', output: 2 });
    expect(stage.told('r')).toContain('step.failed/background/sequence/boom');
  });

  it('fails a step, or the run, for what cannot be written down', async () => {
    const stage = new Stage(instant);
    class Odd {}
    const odd = step('odd', () => new Odd());
    const output = workflow(
      { name: 'output', version: '1' },
      odd.with(fallback(step('plain', () => 'plain'))),
    );
    const root = workflow(
      { name: 'root', version: '1' },
      sequence(
        odd.map(() => 1),
        transform(() => new Odd()),
      ),
    );
    const inner = workflow(
      { name: 'inner', version: '1' },
      sequence(
        step('in', () => 1),
        odd.using(() => new Odd()),
        sleep(1000),
      ),
    );
    const large = workflow(
      { name: 'large', version: '1' },
      step('large', () => 'x'.repeat(10_000)),
    );
    const orchestra = stage.orchestra([output, root, inner, large], { maxValueBytes: 5000 });
    for (const wf of [output, root, inner, large]) await orchestra.start(wf, undefined, { runId: wf.id });
    await stage.pass(100);
    const codes = ['output', 'root', 'inner', 'large'].map((id) => [
      stage.state(id),
      stage.kept.get(id)?.error?.code,
    ]);
    expect(codes).toEqual([
      ['failed', 'NON_SERIALIZABLE_OUTPUT'],
      ['failed', 'NON_SERIALIZABLE_OUTPUT'],
      ['failed', 'NON_SERIALIZABLE_OUTPUT'],
      ['failed', 'VALUE_TOO_LARGE'],
    ]);
    for (const id of ['output', 'root', 'inner', 'large']) checkEvents(stage.events(id));
    await expect(orchestra.start(root, new Odd() as never)).rejects.toMatchObject({
      code: 'NON_SERIALIZABLE_OUTPUT',
    });
  });

  it('says why an input is refused, also where what it was made of cannot be written down', async () => {
    const stage = new Stage(instant);
    class Odd {}
    const strict = step({ id: 'strict', input: z.object({ text: z.string() }), run: ({ text }) => text });
    const picky = strict.using((_: Odd) => ({}) as { text: string });
    const wf = workflow(
      { name: 'w', version: '1' },
      sequence(
        transform((_: undefined) => new Odd()),
        parallel({ picky }, { failure: 'settle' }),
        transform(({ picky: one }) => one.status),
        sleep(50),
      ),
    );
    await stage.orchestra([wf]).start(wf, undefined, { runId: 'r' });
    await stage.pass(100);
    expect(stage.kept.get('r')).toMatchObject({ state: 'completed', output: 'rejected' });
    expect(stage.events('r').find(({ type }) => type === 'step.failed')).toMatchObject({
      error: { code: 'INPUT_VALIDATION' },
    });
    expect(checkEvents(stage.events('r'))).toEqual([]);
  });

  it('takes up the runs that it knows, however many it does not', async () => {
    const stage = new Stage(instant);
    const wait = step('wait', () => new Promise<string>(() => {}));
    const foreign = workflow({ name: 'foreign', version: '1' }, wait);
    const own = workflow({ name: 'own', version: '1' }, wait);
    const first = stage.orchestra([foreign, own]);
    const ids = Array.from({ length: 250 }, (_, n) => `foreign ${n}`);
    for (const runId of ids) await first.start(foreign, undefined, { runId });
    await first.start(own, undefined, { runId: 'r' });
    await stage.pass(10);
    for (const runId of [...ids, 'r']) stage.kept.release({ runId, epoch: 1 });
    expect(await stage.orchestra([own]).recover()).toEqual(['r']);
  });

  it('ends a step that must not be begun twice, when its process ended', async () => {
    const stage = new Stage(instant);
    let begun = 0;
    const pay = step({
      id: 'pay',
      onCrash: 'fail',
      run: () => {
        begun++;
        return new Promise<string>(() => {});
      },
    });
    const wf = workflow(
      { name: 'w', version: '1' },
      pay.with(retry(), fallback(step('ask', () => 'a person looks'))),
    );
    const first = stage.orchestra([wf], { lease: 1000 });
    await first.start(wf, undefined, { runId: 'r' });
    await stage.pass(10);
    await stage.kept.release({ runId: 'r', epoch: 1 });
    await stage.orchestra([wf]).recover();
    await stage.pass(10);
    expect(begun).toBe(1);
    expect(stage.kept.get('r')).toMatchObject({ state: 'completed', output: 'a person looks' });
    expect(stage.events('r').find(({ type }) => type === 'step.fallback')).toMatchObject({
      error: { code: 'STEP_INTERRUPTED' },
    });
    expect(checkEvents(stage.events('r'))).toEqual([]);
  });

  it('tells everybody the whole run from any event, and reports it', async () => {
    const stage = new Stage(instant);
    const wf = workflow(
      { name: 'w', version: '1' },
      sequence(
        noting([])('a', (n: number) => n + 1),
        waitFor('go'),
      ),
    );
    const orchestra = stage.orchestra([wf]);
    const handle = await orchestra.start(wf, 1, { runId: 'r' });
    const seen: number[][] = [[], [], []];
    handle.events$.subscribe(({ seq }) => seen[0]?.push(seq));
    await stage.pass(10);
    stage
      .orchestra([wf])
      .handle('r')
      .eventsFrom(2)
      .subscribe(({ seq }) => seen[1]?.push(seq));
    await stage.pass(60_000);
    await handle.signal('go', 'x');
    await stage.pass(10);
    handle.events$.subscribe(({ seq }) => seen[2]?.push(seq));
    await stage.pass(10);
    const all = stage.events('r').map(({ seq }) => seq);
    expect(seen).toEqual([all, all.slice(2), all]);
    const report = await settled(stage, handle.report());
    expect(report).toMatchObject({ success: true, finalResponse: 'x', totalSteps: 2 });
    expect(report.branchResults.map(({ branchId, stepCount }) => [branchId, stepCount])).toEqual([
      ['/a', 1],
      ['/go', 1],
    ]);
    expect(await settled(stage, handle.result())).toMatchObject({ state: 'completed', output: 'x' });
    await orchestra.delete('r');
    await expect(handle.status()).rejects.toBeInstanceOf(UnknownRunError);
    await expect(settled(stage, lastValueFrom(handle.events$))).rejects.toBeInstanceOf(UnknownRunError);
  });
});

/** What was given for completed steps. */
function sources(stage: Stage, runId: string): string[] {
  return stage
    .events(runId)
    .flatMap((event) => (event.type === 'step.completed' ? [`${event.path} ${event.source}`] : []));
}

async function settled<T>(stage: Stage, given: Promise<T>): Promise<T> {
  given.catch(() => {});
  await stage.pass(10);
  return given;
}
