import { of } from 'rxjs';
import { DefinitionError, run, type Step, start, step, workflow } from 'tutti';
import { background, compensate, named, parallel, retry, sequence, sleep, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';
import { Timers } from '../timers.ts';

describe('background', () => {
  it(
    'gives what it took at once, and keeps the run open until its step has ended',
    marbles((m) => {
      const notify = fakeStep(m, 'notify', '-----(n|)');
      const ship = fakeStep(m, 'ship', '--(s|)');
      const done = record(run(sequence(background(notify), ship), 'order'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> background/notify> ship>) 2ms (ship. ship|) 3ms (background/notify. background/notify| run|)',
      );
      expect(done.output).toBe('s');
      expect(done.started).toEqual(['/background/notify', '/ship']);
      expect(ship.calls.map(({ input }) => input)).toEqual(['order']);
      expect(notify.calls.map(({ input }) => input)).toEqual(['order']);
    }),
  );

  it(
    'does no harm to the run by failing, at once or late, before or after the end of the rest',
    marbles((m) => {
      const ship = () => fakeStep(m, 'ship', '--(s|)');
      for (const script of ['#', '-#', '--#', '----#']) {
        const done = record(run(sequence(background(fakeStep(m, 'notify', script)), ship()), 'order'));
        m.flush();
        expect(done.output).toBe('s');
        expect(done.all('step.failed').map(({ path }) => path)).toEqual(['/background/notify']);
      }
    }),
  );

  it(
    'counts what its step costs, at the end of the run too',
    marbles((m) => {
      const notify = step('notify', (_: unknown, { cost }) => {
        cost({ usd: 2 });
        return of('n');
      });
      const slow = sequence(sleep<unknown>(5), notify);
      const done = record(run(sequence(background(slow), fakeStep(m, 'ship', '-(s|)')), 'order'));
      m.flush();
      expect(done.end).toMatchObject({ type: 'run.completed', costUsd: 2, durationMs: 5 });
    }),
  );

  it(
    'is ended when the run fails or is cancelled, and left when it is unsubscribed',
    marbles((m) => {
      const scheduler = new Timers();
      const beside = background(sleep<unknown>(100));
      const failing = sequence(beside, fakeStep(m, 'ship', '--#'));
      m.expectRun(run(failing, 'x', { scheduler })).toBe(
        '(run> background/sleep> background/sleep= ship>) 2ms (ship# background/sleep! run#)',
      );
      m.expectRun(run(beside, 'x', { scheduler, signal: abortAfter(3) })).toBe(
        '(run> sleep> sleep=) 3ms (sleep! run!)',
      );
      m.expectRun(run(beside, 'x', { scheduler }), '^--!').toBe('(run> sleep> sleep=)');
      m.flush();
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    'runs beside what runs side by side, several at once, one in another',
    marbles((m) => {
      const inner = sequence(background(fakeStep(m, 'late', '-----(l|)')), fakeStep(m, 'early', '-(e|)'));
      const both = parallel([background(inner), background(fakeStep(m, 'c', '--(c|)'))]);
      const done = record(run(both, 'x'));
      m.flush();
      expect(done.output).toEqual(['x', 'x']);
      expect(done.end.durationMs).toBe(5);
      expect(done.all('step.completed').map(({ step }) => step)).toEqual(['early', 'c', 'late']);
    }),
  );

  it(
    'keeps its own policies, and is not stopped by those around the step that began it',
    marbles((m) => {
      const flaky = fakeStep(m, 'flaky', ['-#', '-(f|)']).with(retry({ delay: 1 }));
      const done = record(run(sequence(background(flaky), fakeStep(m, 'a', '-(a|)')), 'x'));
      m.flush();
      expect(done.output).toBe('a');
      expect(done.all('step.completed').map(({ step, attempt }) => `${step} ${attempt}`)).toEqual([
        'a 1',
        'flaky 2',
      ]);
    }),
  );

  it(
    'is waited for by the step around it, so that children end before who holds them',
    marbles((m) => {
      const beside = background(fakeStep(m, 'notify', '---(n|)'));
      const inner = named('inner', sequence(beside, fakeStep(m, 'a', '-(a|)')));
      const done = record(run(sequence(inner, fakeStep(m, 'b', '-(b|)')), 'x'));
      m.expect(of('x').pipe(inner, values())).toBeObservable('---(a|)');
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> inner> inner/background/notify> inner/a>) 1ms (inner/a. inner/a|) 2ms (inner/background/notify. inner/background/notify| inner| b>) 1ms (b. b| run|)',
      );
      expect(done.output).toBe('b');
    }),
  );

  it(
    'begins again with an attempt that is tried again, which ends the one before',
    marbles((m) => {
      const beside = background(fakeStep(m, 'notify', '---(n|)'));
      const flaky = named('flaky', sequence(beside, fakeStep(m, 'a', ['-#', '-(a|)'])));
      const done = record(run(flaky.with(retry({ delay: 1 })), 'x'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> flaky> notify> a>) 1ms (a# notify! flaky~) 1ms (flaky> notify> a>) 1ms (a. a|) 2ms (notify. notify| flaky| run|)'
          .replaceAll('notify', 'flaky/background/notify')
          .replaceAll(/(?<!\w)a(?=\W)/g, 'flaky/a'),
      );
    }),
  );

  it('is refused in a bare pipe, which could not wait for it', async () => {
    const failures: unknown[] = [];
    of('x')
      .pipe(background(step('a', (text: string) => text)), values())
      .subscribe({ error: (error: unknown) => failures.push(error) });
    expect(failures).toEqual([expect.any(DefinitionError)]);
  });

  it('refuses what is no step', () => {
    expect(() => background('notify' as never)).toThrow(DefinitionError);
  });

  it('gives the type that it takes', () => {
    const notify = step('notify', (order: { id: number }) => String(order.id));
    expectTypeOf(background(notify)).toEqualTypeOf<Step<{ id: number }, { id: number }>>();
    // @ts-expect-error: the step takes an order
    () => background(notify) satisfies Step<string, string>;
  });

  it('is undone by nothing and undoes nothing of the run when it fails', async () => {
    const undone: unknown[] = [];
    const undo = step('undo', ({ output }: { output: string }) => void undone.push(output));
    const book = step('book', () => 'booked').with(compensate(undo));
    const failing = step('failing', (): string => {
      throw new RangeError('no');
    });
    const wf = workflow(
      { name: 'w' },
      sequence(
        book,
        background(failing),
        step('ship', () => 'shipped'),
      ),
    );
    expect(await start(wf, 'x').result()).toMatchObject({ state: 'completed', output: 'shipped' });
    expect(undone).toEqual([]);
  });

  it('is stopped with the run when it spends the budget of the run while that runs', async () => {
    const dear = step('dear', (_: unknown, { cost }) => cost({ usd: 5 }));
    const ship = step('ship', () => 'shipped');
    const wf = workflow({ name: 'w', budget: { usd: 1 } }, sequence(background(dear), ship));
    expect(await start(wf, 'x').result()).toMatchObject({
      state: 'failed',
      error: { code: 'BUDGET_EXCEEDED' },
      costUsd: 5,
    });
  });

  it('begins before what comes next does, so that a failure there does not forestall it', async () => {
    const begun: string[] = [];
    const notify = step('notify', () => void begun.push('notify'));
    const failing = step('failing', (): string => {
      begun.push('failing');
      throw new RangeError('no');
    });
    expect(await start(sequence(background(notify), failing), 'x').result()).toMatchObject({
      state: 'failed',
    });
    expect(begun).toEqual(['notify', 'failing']);
  });
});
