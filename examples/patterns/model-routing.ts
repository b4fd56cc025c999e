// A model says who should answer; who is not on the list goes to the first.
import { outputOf, run, step } from 'tutti';
import { assign, route, sequence } from 'tutti/operators';

interface Request {
  readonly message: string;
}

const technical = step('technical', ({ message }: Request) => `Read the manual on “${message}”`);
const sales = step('sales', ({ message }: Request) => `An offer for “${message}”`);
const support = step('support', ({ message }: Request) => `A ticket for “${message}”`);

// A model's answers, as they come: with blanks, in capitals, or with a name that nobody has.
const model = (message: string): string => {
  if (/price/.test(message)) return ' Sales\n';
  return /broken/.test(message) ? 'SUPPORT' : 'the wizard';
};
const choose = step('choose', ({ message }: Request) => model(message).trim().toLowerCase());

const answer = sequence(
  assign({ agent: choose }),
  route<Request & { readonly agent: string }>()
    .case({ agent: 'sales' }, sales)
    .case({ agent: 'support' }, support)
    .otherwise(technical),
);

for (const message of ['the price of ten seats', 'it is broken', 'how to install it'])
  console.log(await outputOf(run(answer, { message })));
