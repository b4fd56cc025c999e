// Tries again, then asks others; the events say who answered, after how many attempts, and what was wrong at first.
import { lastValueFrom, toArray } from 'rxjs';
import { type RunEvent, run, step } from 'tutti';
import { fallback, retry, timeout } from 'tutti/operators';

const primary = step('primary', (question: string, { attempt }) => {
  if (question.length > 10) throw new RangeError('the question is too long');
  if (attempt < 3) throw new RangeError('busy');
  return `primary on “${question}”`;
});
const second = step('second', (): string => {
  throw new RangeError('out of order');
});
const third = step('third', (question: string) => `third on “${question}”`);

const robust = primary.with(
  timeout('10s'),
  retry({ maxRetries: 2, delay: '10ms', factor: 1 }), // three attempts in all
  fallback(second, third),
);

function provenance(events: readonly RunEvent[]) {
  const fallbacks = events.filter((event) => event.type === 'step.fallback');
  return {
    result: events.flatMap((event) => (event.type === 'run.completed' ? [event.output] : []))[0],
    agent: fallbacks.at(-1)?.to ?? primary.id,
    attempts: events.filter(({ type, step }) => type === 'step.started' && step === primary.id).length,
    originalError: fallbacks[0]?.error.message,
  };
}

for (const question of ['why?', 'why on earth?'])
  console.log(provenance(await lastValueFrom(run(robust, question).pipe(toArray()))));
