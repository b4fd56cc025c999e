// Tries again, then asks others; the events say who answered, after how many attempts, and what was wrong at first.
import { run, step } from 'tutti';
import { fallback, provenance, retry, timeout } from 'tutti/operators';

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

for (const question of ['why?', 'why on earth?'])
  await run(robust, question)
    .pipe(provenance(robust))
    .forEach((answer) => {
      if (answer.state === 'completed') console.log(answer.output, 'by', answer.answeredBy);
      console.log(`${answer.attempts} attempts; at first: ${answer.originalError?.message}`);
    });
