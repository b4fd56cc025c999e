// Events trigger skills, and what skills give is an event again; the bus keeps the history.
import { step } from 'tutti';
import { eventBus, ofType, onEach } from 'tutti/operators';

interface Events {
  readonly 'user.message': { readonly text: string };
  readonly 'agent.response': { readonly text: string };
}

const respond = step('respond', ({ text }: { text: string }) => {
  if (text === '') throw new RangeError('there is nothing to respond to');
  return { text: `You said “${text}”` };
});

const bus = eventBus<Events>({ history: 100 });

bus.on('agent.response', ({ data }) => console.log(`agent: ${data.text}`));

const runs$ = bus.events$.pipe(ofType('user.message'), onEach(respond, { input: ({ data }) => data }));
runs$.pipe(ofType('run.completed')).subscribe(({ output }) => bus.emit('agent.response', output));

await bus.emit('user.message', { text: 'Hello!' });
await bus.emit('user.message', { text: '' }); // a run that fails ends neither the stream nor the bus
await bus.emit('user.message', { text: 'Anyone there?' });

console.log(bus.history.map(({ type, data }) => `${type} “${data.text}”`).join('\n'));
