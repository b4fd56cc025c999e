// Events trigger skills, and what skills give is an event again; the bus keeps the history.
import { setTimeout } from 'node:timers/promises';
import { outputOf, run, step } from 'tutti';
import { eventBus } from 'tutti/operators';

interface Events {
  readonly 'user.message': { readonly text: string };
  readonly 'agent.response': { readonly text: string };
}

const respond = step('respond', async ({ text }: { text: string }, { signal }) => {
  if (text === '') throw new RangeError('there is nothing to respond to');
  await setTimeout(5, undefined, { signal }); // as a language model would take its time
  return { text: `You said “${text}”` };
});

const bus = eventBus<Events>({ history: 100 });

bus.on('user.message', async ({ data }) => {
  const response = await outputOf(run(respond, data));
  await bus.emit('agent.response', response);
});
bus.on('agent.response', ({ data }) => console.log(`agent: ${data.text}`));
bus.failures$.subscribe(({ event, error }) => console.log(`${event.type}: ${error.message}`));

await bus.emit('user.message', { text: 'Hello!' }); // waits for the run, and for the response to be handled
await bus.emit('user.message', { text: '' }); // a run that fails ends neither the handler nor the bus
await bus.emit('user.message', { text: 'Anyone there?' });

console.log(bus.history.map(({ type, data }) => `${type} “${data.text}”`).join('\n'));
