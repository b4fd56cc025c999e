import { assign, createActor, fromPromise, setup, toPromise } from 'xstate';
import { gate, incrementLater, sum } from '../bodies.ts';
import type { Engine } from '../engine.ts';
import { itemsFrom } from '../engines/plain.ts';
import { silent } from '../outcome.ts';

/** XState, where a state machine is natural: one state after another, each with a promise that it waits for. */
export const xstate: Engine = {
  name: 'xstate',
  packages: ['xstate'],
  tells: false,
  sizes: { concurrent: 1000 },
  tasks: {
    'chain-async': (size) => {
      const chain = chainOf(Array.from({ length: size }, () => incrementLater));
      return (input) => chain(input).then(silent);
    },
    concurrent: (size) => {
      const chain = chainOf(Array.from({ length: 5 }, () => incrementLater));
      return async (input) => silent((await Promise.all(itemsFrom(size, input).map(chain))).reduce(sum, 0));
    },
  },
  suspend: (runs) => {
    const { opened, open } = gate();
    const waiting = (value: number): Promise<number> => opened.then(() => value + 1);
    const chain = chainOf(Array.from({ length: 5 }, (_, index) => (index === 2 ? waiting : incrementLater)));
    const ends = itemsFrom(runs, 0).map(chain);
    return {
      release: async () => {
        open();
        return (await Promise.all(ends)).map(silent);
      },
    };
  },
};

function chainOf(
  bodies: readonly ((value: number) => Promise<number>)[],
): (input: number) => Promise<number> {
  const steps = bodies.map((body) => fromPromise<number, number>(({ input }) => body(input)));
  const states = Object.fromEntries(
    steps.map((src, index) => [
      `s${index}`,
      {
        invoke: {
          src,
          input: ({ context }: { context: { value: number } }) => context.value,
          onDone: {
            target: `s${index + 1}`,
            actions: assign({ value: ({ event }: { event: { output: number } }) => event.output }),
          },
        },
      },
    ]),
  );
  const machine = setup({
    types: { input: 0 as number, context: { value: 0 }, output: 0 as number },
  }).createMachine({
    context: ({ input }) => ({ value: input }),
    initial: 's0',
    states: { ...(states as object), [`s${bodies.length}`]: { type: 'final' } },
    output: ({ context }) => context.value,
  });
  return (input) => {
    const actor = createActor(machine, { input });
    const end = toPromise(actor);
    actor.start();
    return end;
  };
}
