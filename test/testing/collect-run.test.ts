import { concat, EMPTY, NEVER, of, throwError } from 'rxjs';
import { type RunEvent, run, start, step } from 'tutti';
import { checkEvents, collectRun } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { happened } from './happened.ts';

const length = step('length', async (text: string) => text.length);

describe('collectRun', () => {
  it('resolves to all events, the last one and the output', async () => {
    const { events, ended, output } = await collectRun(run(length, 'abc'));
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'step.started',
      'step.completed',
      'run.completed',
    ]);
    expect(checkEvents(events)).toEqual([]);
    expect(ended).toBe(events.at(-1));
    expect(output).toBe(3);
    expectTypeOf(output).toEqualTypeOf<number | undefined>();
  });

  it('takes the events of a handle, before and after its end', async () => {
    const handle = start(length, 'abc');
    const during = collectRun(handle.events$);
    await handle.result();
    expect(await collectRun(handle.events$)).toEqual(await during);
  });

  it('resolves when the run fails, and when it is cancelled', async () => {
    const failing = step('failing', () => throwError(() => new TypeError('no')));
    const failed = await collectRun(run(failing, undefined));
    expect(failed.ended).toMatchObject({ type: 'run.failed', error: { name: 'TypeError', message: 'no' } });
    expect(failed).not.toHaveProperty('output');
    const handle = start(
      step('endless', () => NEVER),
      undefined,
    );
    const collected = collectRun(handle.events$);
    handle.cancel('enough');
    expect((await collected).ended).toMatchObject({ type: 'run.cancelled', reason: 'enough' });
  });

  it('resolves when the stream goes on after the end, with what wrongly follows in the same turn', async () => {
    const end = happened('run.completed');
    const { events } = await collectRun(concat(of<RunEvent[]>(end, happened('custom', '/a')), NEVER));
    expect(events.map(({ type }) => type)).toEqual(['run.completed', 'custom']);
  });

  it('rejects when the stream ends in an error', async () => {
    const broken = new Error('broken');
    await expect(collectRun(throwError(() => broken))).rejects.toBe(broken);
  });

  it('rejects when the stream completes before the run has ended', async () => {
    await expect(collectRun(EMPTY)).rejects.toMatchObject({ name: 'EmptyError' });
    await expect(collectRun(of(happened('run.started')))).rejects.toMatchObject({
      name: 'EmptyError',
    });
  });
});
