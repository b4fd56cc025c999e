import { of } from 'rxjs';
import { NonSerializableOutputError, type RunEvent, run, step } from 'tutti';
import { background, followUps, loop, named, parallel, sequence } from 'tutti/operators';
import { OrchestraResult } from 'tutti/orchestra';
import { describe, expect, it } from 'vitest';
import { told } from './told.ts';

const call = step('call', (n: number, { cost }) => {
  cost({ usd: 0.5, inputTokens: 10, outputTokens: 4 });
  return n + 1;
});
const bad = step('bad', (): number => {
  throw new RangeError('no');
});

/** The events of a run that ends at once. */
function eventsOf<I>(made: Parameters<typeof run<I, unknown, unknown>>[0], input: I): RunEvent[] {
  const events: RunEvent[] = [];
  run(made, input as never).subscribe((event) => events.push(event));
  return events;
}

describe('OrchestraResult', () => {
  it('tells how a run ended, and what it used', () => {
    const events = eventsOf(sequence(call, named('both', sequence(call, call))), 1);
    const result = new OrchestraResult<number>(events, 's');
    expect(result).toMatchObject({
      runId: events[0]?.runId,
      sessionId: 's',
      success: true,
      state: 'completed',
      finalResponse: 4,
      totalSteps: 4,
      error: undefined,
      checkpointIds: [],
      metadata: { workflow: 'sequence', version: '', input: 1 },
      text: '4',
    });
    expect(result.metrics).toMatchObject({
      costUsd: 1.5,
      steps: 4,
      failedSteps: 0,
      attempts: 4,
      apiCalls: 3,
      inputTokens: 30,
      outputTokens: 12,
      totalTokens: 42,
    });
  });

  it('counts the steps inside of an outermost step as its branch', () => {
    const wf = parallel({ left: named('left', sequence(call, call)), right: bad }, { failure: 'settle' });
    const result = new OrchestraResult(eventsOf(wf, 1));
    expect(
      result.branchResults.map(({ branchId, status, stepCount }) => [branchId, status, stepCount]),
    ).toEqual([
      ['/left', 'completed', 3],
      ['/right', 'failed', 1],
    ]);
    expect(result.branch('/right')).toMatchObject({ error: { message: 'no' } });
    expect(result.branch('/none')).toBeUndefined();
    expect(result.successfulBranches.map(({ branchId }) => branchId)).toEqual(['/left']);
    expect(result.failedBranches.map(({ branchId }) => branchId)).toEqual(['/right']);
    expect(result.success).toBe(true);
  });

  it('says which steps were begun, and how often', () => {
    const result = new OrchestraResult(eventsOf(loop(call, { max: 3 }), 1));
    expect([result.wasInvoked('call'), result.invocationCount('call'), result.wasInvoked('bad')]).toEqual([
      true,
      3,
      false,
    ]);
  });

  it('tells the error of a run that failed', () => {
    const result = new OrchestraResult(eventsOf(sequence(call, bad), 1));
    expect(result).toMatchObject({
      success: false,
      state: 'failed',
      finalResponse: undefined,
      error: { name: 'RangeError', message: 'no' },
      text: '',
    });
    expect(result.metrics.failedSteps).toBe(1);
  });

  it('gives the latest answer while a further question is waited for, and not that of another step', () => {
    const chat = step('chat', (question: string) => `You ask: ${question}`);
    const aside = background(step('log', (text: string) => of(text)));
    const events = eventsOf(sequence(aside, followUps(chat, { timeout: '1h' })), 'why');
    expect(new OrchestraResult(events)).toMatchObject({ state: 'running', finalResponse: 'You ask: why' });
    expect(new OrchestraResult(events.slice(0, 2)).finalResponse).toBeUndefined();
  });

  it('lists checkpoints, and what happened without what it was about', () => {
    const events = told(
      { type: 'run.started', path: '', workflow: 'w', version: '2', input: 1 },
      { type: 'checkpoint.saved', path: '', checkpointId: 'c1', name: 'before' },
    );
    const result = new OrchestraResult(events);
    expect(result.checkpointIds).toEqual(['c1']);
    expect(result.metadata.version).toBe('2');
    expect(result.trace).toEqual([
      { seq: 0, at: 0, type: 'run.started', path: '', step: '', attempt: 1 },
      { seq: 1, at: 10, type: 'checkpoint.saved', path: '', step: '', attempt: 1 },
    ]);
  });

  it('is JSON, with values as the codec writes them, and refuses what cannot be written', () => {
    const at = new Date(0);
    const result = new OrchestraResult(
      eventsOf(
        step('now', () => at),
        1,
      ),
    );
    const json = JSON.parse(JSON.stringify(result)) as Record<string, unknown>;
    expect(json).toMatchObject({ success: true, metadata: { input: 1 }, metrics: { steps: 1 } });
    expect(json).not.toHaveProperty('error');
    expect(JSON.stringify(json.finalResponse)).toContain('1970-01-01');
    const unwritable = new OrchestraResult(
      eventsOf(
        step('f', () => () => 1),
        1,
      ),
    );
    expect(() => JSON.stringify(unwritable)).toThrow(NonSerializableOutputError);
  });

  it('says of no events that nothing has happened', () => {
    expect(new OrchestraResult([])).toMatchObject({
      state: 'pending',
      success: false,
      totalSteps: 0,
      runId: '',
    });
  });
});
