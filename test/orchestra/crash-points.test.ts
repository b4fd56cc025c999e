import fc from 'fast-check';
import { of, VirtualTimeScheduler } from 'rxjs';
import { outputOf, run } from 'tutti';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import type { Crash } from './crashing-store.ts';
import { livesOf, settle } from './lives.ts';
import { answer, longWorkflow } from './long-workflow.ts';

describe('a run that is killed', () => {
  const undisturbed = (async () => {
    const starts: string[] = [];
    const scheduler = new VirtualTimeScheduler();
    const workflow = longWorkflow({ started: (path, attempt) => starts.push(`${path} ${attempt}`) });
    const output = outputOf(run(workflow as never, 3 as never, { scheduler, signals$: of(answer) }));
    let over = false;
    output.finally(() => (over = true));
    await settle(scheduler, () => over);
    return { output: await output, starts };
  })();

  const living = (crashes: readonly Crash[], instant: boolean) =>
    livesOf((started) => longWorkflow({ started }), 3, crashes, { instant, signal: answer });

  it.each([true, false])(
    'gives what it gives without a journal (a store that answers at once: %s)',
    async (instant) => {
      const { stored, starts, events } = await living([], instant);
      const expected = await undisturbed;
      expect(stored).toMatchObject({ state: 'completed', output: expected.output });
      expect(starts.toSorted()).toEqual(expected.starts.toSorted());
      expect(checkEvents(events)).toEqual([]);
    },
  );

  it.each([
    [true, 'before'],
    [true, 'after'],
    [false, 'before'],
    [false, 'after'],
  ] as const)(
    'comes to the same end, whichever commit it is killed at (at once: %s, %s writing)',
    async (instant, side) => {
      const expected = await undisturbed;
      const whole = await living([], instant);
      const last = whole.stored?.commits ?? 0;
      expect(last).toBeGreaterThan(30);
      for (let commit = 1; commit <= last; commit++) {
        const { stored, again, events } = await living([{ commit, side }], instant);
        expect
          .soft({ commit, stored: stored?.state, output: stored?.output, again, laws: checkEvents(events) })
          .toEqual({ commit, stored: 'completed', output: expected.output, again: [], laws: [] });
      }
    },
  );

  it.each([true, false])(
    'comes to the same end, however often it is killed (at once: %s)',
    { timeout: 600_000 },
    async (instant) => {
      const expected = await undisturbed;
      const crash = fc.record({
        commit: fc.integer({ min: 1, max: 9 }),
        side: fc.constantFrom('before' as const, 'after' as const),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(crash, { minLength: 2, maxLength: 20 }), async (crashes) => {
          const { stored, again, events } = await living(crashes, instant);
          expect({ state: stored?.state, output: stored?.output, again, laws: checkEvents(events) }).toEqual({
            state: 'completed',
            output: expected.output,
            again: [],
            laws: [],
          });
        }),
        { numRuns: Number(process.env.TUTTI_PROPERTY_RUNS ?? 30), seed: 7 },
      );
    },
  );
});
