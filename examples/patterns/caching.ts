// Remembers what a skill gave for the same input, in whatever order the input's keys are.
import { run, step } from 'tutti';
import { cache, ofType } from 'tutti/operators';

interface Request {
  readonly text: string;
  readonly target: string;
}

const translate = step('translate', ({ text, target }: Request, { cost }) => {
  cost({ usd: 0.01 });
  return `${text} (${target})`;
}).with(cache({ max: 1000, ttl: '1h' }));

const requests: readonly Request[] = [
  { text: 'hello', target: 'fr' },
  { target: 'fr', text: 'hello' },
  { text: 'hello', target: 'de' },
];

for (const request of requests)
  run(translate, request)
    .pipe(ofType('step.completed'))
    .subscribe(({ output, source, costUsd }) => console.log(`${output}: ${source}, $${costUsd}`));
