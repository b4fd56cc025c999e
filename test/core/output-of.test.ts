import { EMPTY, EmptyError, firstValueFrom, NEVER, of, Subject, take, throwError } from 'rxjs';
import { outputOf, RunCancelledError, type RunEvent, run, StepFailedError, start, step } from 'tutti';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { isEnd } from '../../src/core/output-of.ts';
import { happened } from '../testing/happened.ts';
import { listen, settled } from './support.ts';

const double = step('double', (n: number) => 2 * n);

describe('outputOf', () => {
  it('resolves to the output of a run, of a handle, of one that has ended', async () => {
    expect(await outputOf(run(double, 2))).toBe(4);
    const handle = start(
      step('later', async (n: number) => n),
      3,
    );
    expect(await outputOf(handle.events$)).toBe(3);
    expect(await outputOf(handle.events$)).toBe(3);
    expect(
      await outputOf(
        run(
          step('none', () => undefined),
          1,
        ),
      ),
    ).toBeUndefined();
  });

  it('rejects with the very error that the run failed with', async () => {
    const broken = new TypeError('broken');
    const failing = step('s', () => throwError(() => broken));
    await expect(outputOf(run(failing, 1))).rejects.toBe(broken);
    await expect(outputOf(start(failing, 1).events$)).rejects.toBe(broken);
  });

  it('rejects with what is known of a failure elsewhere', async () => {
    const error = { name: 'TypeError', code: 'X', message: 'broken' };
    const rejected = await outputOf(of(happened('run.failed', '', { error }))).catch((e: unknown) => e);
    expect(rejected).toBeInstanceOf(StepFailedError);
    expect(rejected).toMatchObject({ message: 'broken', cause: error });
  });

  it('rejects with RunCancelledError, which says the reason', async () => {
    const handle = start(
      step('endless', () => NEVER),
      1,
    );
    const output = outputOf(handle.events$);
    handle.cancel('enough');
    const error = await output.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RunCancelledError);
    expect(error).toMatchObject({ code: 'RUN_CANCELLED', message: 'enough' });
  });

  it('rejects with EmptyError when the stream ends before the run', async () => {
    await expect(outputOf(EMPTY)).rejects.toBeInstanceOf(EmptyError);
    await expect(outputOf(run(double, 1).pipe(take(3)))).rejects.toBeInstanceOf(EmptyError);
  });

  it('rejects with the error of a stream that ends in one', async () => {
    const broken = new Error('broken');
    await expect(outputOf(throwError(() => broken))).rejects.toBe(broken);
  });

  it('waits for the end of the stream', async () => {
    const events = new Subject<RunEvent>();
    const then = vi.fn();
    outputOf(events).then(then);
    events.next(happened('run.started'));
    await settled();
    expect(then).not.toHaveBeenCalled();
    events.next(happened('run.completed', '', { output: 7 }));
    events.complete();
    await settled();
    expect(then).toHaveBeenCalledWith(7);
  });

  it('is typed by the output', () => {
    expectTypeOf(outputOf(run(double, 1))).toEqualTypeOf<Promise<number>>();
    // @ts-expect-error: these are no events
    () => outputOf(of(1));
  });
});

describe('isEnd', () => {
  it('tells the last event of a run, in all its forms', async () => {
    expect(listen(run(double, 1)).map(isEnd)).toEqual([false, false, false, true]);
    expect(isEnd(happened('run.failed'))).toBe(true);
    expect(isEnd(happened('run.cancelled'))).toBe(true);
    expect(isEnd(happened('run.paused'))).toBe(false);
    const event = await firstValueFrom(run(double, 1));
    if (isEnd(event) && event.type === 'run.completed') expectTypeOf(event.output).toEqualTypeOf<number>();
  });
});
