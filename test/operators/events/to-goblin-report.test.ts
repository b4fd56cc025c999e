import { map } from 'rxjs';
import { run, step } from 'tutti';
import { type GoblinReport, type RunReport, sequence, toGoblinReport, toReport } from 'tutti/operators';
import { marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';

describe('toGoblinReport', () => {
  it(
    "writes the report of the seed's page",
    marbles((m) => {
      const write = step('Write function', (_: string, { cost }) => {
        cost({ usd: 0.04, provider: 'openai', model: 'gpt-4' });
        return m.cold('2300ms |');
      });
      const test = step('Test function', (_: unknown, { cost }) => {
        cost({ usd: 0.02, provider: 'anthropic', model: 'claude-3' });
        return m.cold('1800ms |');
      });
      const report$ = run(sequence(write, test), 'x', { runId: 'wf_12345' }).pipe(
        toReport(),
        map(toGoblinReport),
      );
      m.expect(report$).toBeObservable('4100ms (r|)', {
        r: {
          workflow_id: 'wf_12345',
          steps: [
            {
              task: 'Write function',
              provider: 'openai.gpt-4',
              duration: 2.3,
              cost: 0.04,
              status: 'success',
            },
            {
              task: 'Test function',
              provider: 'anthropic.claude-3',
              duration: 1.8,
              cost: 0.02,
              status: 'success',
            },
          ],
          total_cost: 0.06,
          total_duration: 4.1,
        },
      });
    }),
  );

  it('names what is known of the provider, and every other end as it is', () => {
    const step = { task: 'a', path: '/a', durationMs: 1, costUsd: 0 } as const;
    const report: RunReport = {
      workflowId: 'r',
      workflow: 'w',
      status: 'failed',
      steps: [
        { ...step, status: 'failed' },
        { ...step, status: 'cancelled', provider: 'p' },
        { ...step, status: 'skipped', model: 'm' },
      ],
      totalCostUsd: 0,
      totalDurationMs: 1500,
    };
    const before = structuredClone(report);
    expect(toGoblinReport(report)).toStrictEqual({
      workflow_id: 'r',
      steps: [
        { task: 'a', duration: 0.001, cost: 0, status: 'failed' },
        { task: 'a', provider: 'p', duration: 0.001, cost: 0, status: 'cancelled' },
        { task: 'a', provider: 'm', duration: 0.001, cost: 0, status: 'skipped' },
      ],
      total_cost: 0,
      total_duration: 1.5,
    });
    expect(report).toEqual(before);
  });

  it('has types', () => {
    expectTypeOf(toGoblinReport).toEqualTypeOf<(report: RunReport) => GoblinReport>();
  });
});
