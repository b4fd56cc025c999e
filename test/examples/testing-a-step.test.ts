import { run } from 'tutti';
import { retry, timeout } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { expect, it } from 'vitest';

it(
  'asks again, two seconds after no answer came in time',
  marbles((m) => {
    const ask = fakeStep(m, 'ask', ['8s (a|)', '1s a 999ms (b|)']);
    const patient = ask.with(timeout('5s'), retry({ delay: '2s' }));

    m.expectRun(run(patient, 'why?')).toBe('(run> ask>) 5s ask~ 2s ask> 1s ask. 1s (ask. ask| run|)');
    m.flush();
    expect(ask.calls.map((call) => call.outcome)).toEqual(['cancelled', 'completed']);
  }),
);
