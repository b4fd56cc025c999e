// A conversation that remembers: the last five exchanges of each user's conversation are context.
import { outputOf, run, step } from 'tutti';
import { assign, sequence } from 'tutti/operators';

interface Message {
  readonly user: string;
  readonly conversation: string;
  readonly text: string;
}
interface Exchange {
  readonly text: string;
  readonly reply: string;
}

const memory = new Map<string, readonly Exchange[]>();
const keyOf = ({ user, conversation }: Message): string => `${user}:${conversation}`;

const recall = step('recall', (message: Message) => memory.get(keyOf(message)) ?? []);
const respond = step('respond', ({ text, past }: Message & { past: readonly Exchange[] }) => {
  const context = past.map((exchange) => exchange.text).join(', ');
  return past.length === 0 ? `Hello! “${text}”?` : `After ${context}: “${text}”?`;
});
const remember = step('remember', (turn: Message & Exchange & { past: readonly Exchange[] }) => {
  memory.set(keyOf(turn), [...turn.past, { text: turn.text, reply: turn.reply }].slice(-5));
  return turn.reply;
});

const chat = sequence(assign({ past: recall }), assign({ reply: respond }), remember);

for (const text of ['one', 'two', 'three', 'four', 'five', 'six', 'seven'])
  console.log(await outputOf(run(chat, { user: 'ada', conversation: '1', text })));
console.log(await outputOf(run(chat, { user: 'bob', conversation: '1', text: 'one' })));
