// A run that survives its process: stop this with Ctrl-C while it works, start it again, and it goes on where it was.
import { setTimeout } from 'node:timers/promises';
import { step, workflow } from 'tutti';
import { mapEach, sequence } from 'tutti/operators';
import { Orchestra } from 'tutti/orchestra';
import { sqliteStore } from 'tutti/store/sqlite';

const [file = 'invitations.db'] = process.argv.slice(2);

const write = step('write', async (guest: string, { signal }) => {
  console.log(`writing to ${guest}`);
  await setTimeout(700, undefined, { signal }); // as a language model would take its time
  return `Dear ${guest}, you are invited.`;
});
const post = step('post', (letters: readonly string[]) => `${letters.length} letters are in the post`);
const invite = workflow(
  { name: 'invite', version: '1' },
  sequence(mapEach(write, { keyBy: (guest) => guest, concurrency: 2 }), post),
);

// Another process may take the run up 2 seconds after the one that ran it has died.
const orchestra = new Orchestra({ store: sqliteStore(file), workflows: [invite], lease: '2s' });

// The same key gives the same run, however often this is started.
const guests = ['Ada', 'Grace', 'Hedy', 'Joan', 'Katherine', 'Mary', 'Radia', 'Sophie'];
const handle = await orchestra.start(invite, guests, { idempotencyKey: 'the party' });

const { completedSteps, seq } = await handle.status();
if (completedSteps.length > 0) console.log(`going on; done already: ${completedSteps.join(' ')}`);
handle.eventsFrom(seq + 1).subscribe((event) => {
  if (event.type === 'step.completed') console.log(`done: ${event.path}`);
});

const result = await handle.result();
console.log(result.state === 'completed' ? result.output : result);
console.log(`To begin anew, delete ${file}`);
await orchestra.close();
