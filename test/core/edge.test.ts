import { Subject } from 'rxjs';
import { InputValidationError, OutputValidationError, type RunEvent, run, type Schema, step } from 'tutti';
import { named, race, sequence } from 'tutti/operators';
import { checkEvents, collectRun } from 'tutti/testing';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { failureOf, listen, settled, told } from './support.ts';

describe('a step with schemas', () => {
  const input = z.object({ text: z.string(), target: z.string().default('en') });

  it('runs its body on the checked input, defaults filled in', () => {
    const translate = step({ id: 'translate', input, run: ({ text, target }) => `${text} to ${target}` });
    const events = listen(run(translate, { text: 'x' }));
    expect(events[1]).toMatchObject({ type: 'step.started', input: { text: 'x', target: 'en' } });
    expect(events.at(-1)).toMatchObject({ output: 'x to en' });
  });

  it('stays synchronous with synchronous schemas', () => {
    const both = step({ id: 'both', input, output: z.string(), run: ({ text }) => text });
    expect(told(listen(run(both, { text: 'x' })))).toBe('run> both> both| run|');
  });

  it('fails before its body is called when the input is refused', async () => {
    const body = vi.fn();
    const checked = step({ id: 'checked', input, run: body });
    const loose = sequence(
      step('make', (_: void): { text: string } => JSON.parse('{"target":"fr"}')),
      checked,
    );
    const { events } = await collectRun(run(loose, undefined));
    expect(told(events)).toBe('run> make> make| checked> checked# run#');
    expect(events[3]).toMatchObject({ type: 'step.started', input: { target: 'fr' } });
    const error = await failureOf(run(loose, undefined));
    expect(error).toBeInstanceOf(InputValidationError);
    expect(error).toMatchObject({ stepId: 'checked', issues: [{ path: ['text'] }] });
    expect(body).not.toHaveBeenCalled();
  });

  it('waits for asynchronous schemas, of input and output', async () => {
    const slow = step({
      id: 'slow',
      input: z.string().refine(async (text) => text !== 'bad'),
      output: z.string().transform(async (text) => text.length),
      run: (text) => text.toUpperCase(),
    });
    const { events, output } = await collectRun(run(slow, 'abc'));
    expect(told(events)).toBe('run> slow> slow| run|');
    expect(output).toBe(3);
    expectTypeOf(output).toEqualTypeOf<number | undefined>();
    expect(await failureOf(run(slow, 'bad'))).toBeInstanceOf(InputValidationError);
  });

  it('gives what the output schema makes of the output', () => {
    const parsed = step({ id: 'parsed', run: () => '42', output: z.string().transform(Number) });
    const events = listen(run(parsed, undefined));
    expect(events[2]).toMatchObject({ type: 'step.completed', output: 42 });
    expect(events[3]).toMatchObject({ type: 'run.completed', output: 42 });
  });

  it('fails when the output is refused', async () => {
    const wrong = step({ id: 'wrong', run: (n: number) => n, output: z.number().max(3) });
    const error = await failureOf(run(wrong, 4));
    expect(error).toBeInstanceOf(OutputValidationError);
    expect(error).toMatchObject({ stepId: 'wrong', code: 'OUTPUT_VALIDATION' });
    const late = step({ id: 'late', run: () => 'x', output: z.string().refine(async () => false) });
    expect(await failureOf(run(late, undefined))).toBeInstanceOf(OutputValidationError);
  });

  it('takes any Standard Schema', async () => {
    const even: Schema<number, number> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          typeof value === 'number' && value % 2 === 0
            ? { value: value / 2 }
            : { issues: [{ message: 'odd', path: ['a', { key: 'b' }] }] },
      },
    };
    const half = step({ id: 'half', input: even, run: (n) => n });
    expect(listen(run(half, 4)).at(-1)).toMatchObject({ output: 2 });
    expect(() => run(half, 3)).toThrow('input of half: odd (at a.b)');
    const made = step({ id: 'made', output: even, run: (n: number) => n });
    expect(listen(run(made, 4)).at(-1)).toMatchObject({ output: 2 });
    expect(await failureOf(run(made, 3))).toMatchObject({ message: 'output of made: odd (at a.b)' });
  });

  it('starts, and ends, when its schemas have answered', async () => {
    const scheduler = { at: 0, now: () => scheduler.at, schedule: () => expect.fail('no timer is needed') };
    const answers: (() => void)[] = [];
    const waits = z
      .string()
      .refine(() => new Promise<boolean>((resolve) => answers.push(() => resolve(true))));
    const s = step({ id: 's', input: waits, output: waits, run: (text) => text });
    const events = listen(run(named('outer', s), 'x', { scheduler }));
    for (const at of [10, 30]) {
      scheduler.at = at;
      // zod asks twice: it tries to do without a promise first.
      for (const answer of answers.splice(0)) answer();
      await settled();
    }
    expect(told(events)).toBe('run> outer> outer/s> outer/s| outer| run|');
    expect(events.map(({ at }) => at)).toEqual([0, 0, 10, 30, 30, 30]);
  });

  it('fails when its body throws after its schema took its time', async () => {
    const broken = new Error('broken');
    const slow = z.string().refine(async () => true);
    const s = step({
      id: 's',
      input: slow,
      run: () => {
        throw broken;
      },
    });
    expect(await failureOf(run(s, 'x'))).toBe(broken);
    expect(await failureOf(run(named('outer', s), 'x'))).toBe(broken);
  });

  it.each([true, false])('is not heard of when a schema answers (%j) after it lost a race', async (ok) => {
    let answer: (ok: boolean) => void = () => {};
    const check = z.string().refine(
      () =>
        new Promise<boolean>((resolve) => {
          answer = resolve;
        }),
    );
    const body = vi.fn((_: string) => 1);
    const loser = step({ id: 'loser', input: check, run: body });
    const winner = step('winner', (_: string) => 2);
    const gate = new Subject<void>();
    const events = listen(
      run(
        sequence(
          race([loser, winner]),
          step('rest', (_: number) => gate),
        ),
        'x',
      ),
    );
    answer(ok);
    await settled();
    gate.complete();
    expect(told(events)).toBe('run> race/winner> race/winner| rest> rest| run|');
    expect(body).not.toHaveBeenCalled();
  });

  it('ends when it is cancelled while a schema checks', async () => {
    const body = vi.fn();
    const pending = step({
      id: 'pending',
      input: z.string().refine(() => new Promise<boolean>(() => {})),
      run: body,
    });
    const controller = new AbortController();
    const events = listen(run(pending, 'x', { signal: controller.signal }));
    controller.abort('enough');
    expect(checkEvents(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'run.cancelled' });
    expect(body).not.toHaveBeenCalled();
  });

  it('does not go on when a schema answers after the end', async () => {
    let answer: (ok: boolean) => void = () => {};
    const body = vi.fn();
    const check = z.string().refine(
      () =>
        new Promise<boolean>((resolve) => {
          answer = resolve;
        }),
    );
    const events: RunEvent[] = [];
    const subscription = run(step({ id: 's', input: check, run: body }), 'x').subscribe((e) =>
      events.push(e),
    );
    subscription.unsubscribe();
    answer(true);
    await settled();
    expect(told(events)).toBe('run>');
    expect(body).not.toHaveBeenCalled();
  });
});
