// A quick draft at once, a better version when there is one: the reader never waits for the best.
import { share } from 'rxjs';
import { outputOf, run, step } from 'tutti';
import { ofType, sequence } from 'tutti/operators';

const draft = step('draft', (topic: string, { cost }) => {
  cost({ usd: 0.01, model: 'cheap' });
  return `${topic} is good, it is fast.`;
});
const polish = step('polish', (text: string, { cost }) => {
  cost({ usd: 0.05, model: 'expensive' });
  return text.replace('good, it is', 'good because it is');
});
const validate = step('validate', (text: string, { cost }) => {
  cost({ usd: 0, model: 'free local' });
  if (!text.endsWith('.')) throw new RangeError('a sentence ends with a full stop');
  return text;
});

const write = sequence(draft, polish, validate);

const events$ = run(write, 'RxJS').pipe(share());
events$.pipe(ofType('step.completed')).subscribe(({ step, output }) => console.log(`${step}: ${output}`));
events$.pipe(ofType('run.completed')).subscribe(({ costUsd }) => console.log(`for $${costUsd.toFixed(2)}`));
await outputOf(events$);
