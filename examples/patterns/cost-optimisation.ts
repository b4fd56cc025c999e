// A cheap classifier first; the expensive analysis only for what needs it.
import { run, step } from 'tutti';
import { branch, ofType, sequence } from 'tutti/operators';

interface Classified {
  readonly text: string;
  readonly verdict: string;
  readonly needsDepth: boolean;
}

const classify = step('classify', (text: string, { cost }): Classified => {
  cost({ usd: 0.0001, model: 'quick' });
  return { text, verdict: 'praise', needsDepth: text.includes('but') };
});
const analyze = step('analyze', ({ text }: Classified, { cost }) => {
  cost({ usd: 0.01, model: 'deep' });
  return `praise and blame, in ${text.split('but').length} parts`;
});
const keep = step('keep', ({ verdict }: Classified) => verdict);

const judge = sequence(
  classify,
  branch(({ needsDepth }) => needsDepth, analyze, keep),
);

for (const text of ['I love it', 'I love it, but it is slow'])
  run(judge, text)
    .pipe(ofType('run.completed'))
    .subscribe(({ output, costUsd }) => console.log(`${output}: $${costUsd}`));
