// Writes, has it reviewed, and writes again until the reviewer is content, three times at most.
import { share } from 'rxjs';
import { outputOf, run, step } from 'tutti';
import { eventsOf, loop, named, ofType, sequence } from 'tutti/operators';

interface Work {
  readonly text: string;
  readonly notes: readonly string[];
}

const write = step(
  'write',
  ({ text, notes }: Work): Work => ({
    text: notes.reduce((better, note) => `${better} ${note}.`, text),
    notes: [],
  }),
);
const review = step('review', ({ text }: Work): Work => {
  const missing = ['What it does', 'How to install it'].filter((part) => !text.includes(part));
  return { text, notes: missing.slice(0, 1) };
});

const writeUntilGood = loop(named('pass', sequence(write, review)), {
  until: ({ notes }) => notes.length === 0,
  max: 3,
});

const events$ = run(writeUntilGood, { text: '# Tutti.', notes: [] }).pipe(share());
events$
  .pipe(eventsOf(review), ofType('step.completed'))
  .subscribe(({ path, output }) => console.log(`${path}: ${output.notes[0] ?? 'good'}`));
console.log((await outputOf(events$)).text);
