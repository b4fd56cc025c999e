import { lastValueFrom, tap } from 'rxjs';
import { run, step } from 'tutti';
import { fallback } from 'tutti/operators';
import { describe, expect, it } from 'vitest';
import { Failures } from '../../../src/cli/run/failures.ts';
import type { RunEnded } from '../../../src/core/events.ts';

const failing = step('carrier', (): never => {
  throw new RangeError('it is down');
});

async function failuresOf(work: typeof failing): Promise<{ failures: Failures; end: RunEnded }> {
  const failures = new Failures();
  const end = await lastValueFrom(run(work, undefined).pipe(tap((event) => failures.add(event))));
  return { failures, end: end as RunEnded };
}

describe('Failures', () => {
  it('names the step with which a run failed', async () => {
    const { failures, end } = await failuresOf(failing);
    expect(failures.stepOf(end)).toBe('carrier');
    expect(failures.behind(end).map(({ step }) => step)).toEqual(['carrier']);
  });

  it('leaves out failures that are handled', async () => {
    const { failures, end } = await failuresOf(
      failing.with(fallback(step('other', () => 1))) as unknown as typeof failing,
    );
    expect(end.type).toBe('run.completed');
    expect(failures.behind(end)).toEqual([]);
    expect(failures.stepOf(end)).toBeUndefined();
  });
});
