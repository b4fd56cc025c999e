import { type AnyStep, DefinitionError, step, workflow } from 'tutti';
import { sequence, waitFor } from 'tutti/operators';
import { UnknownWorkflowError } from 'tutti/orchestra';
import { describe, expect, it } from 'vitest';
import { Stage } from './stage.ts';

/** A workflow that is data: a word, which it says when it is told to. */
function made(definition: unknown): AnyStep {
  if (definition === 'lost') throw new DefinitionError('there is no skill lost');
  const say = step('say', () => definition);
  return workflow({ name: 'saying', version: '1' }, sequence(waitFor('go'), say));
}

describe.each([true, false])('reopen, over a store (that answers at once: %s)', (instant) => {
  it('makes each run its own workflow again, though both have one name', async () => {
    const stage = new Stage(instant);
    const calls: unknown[] = [];
    const reopen = ({ definition }: { definition?: unknown }): AnyStep => {
      calls.push(definition);
      return made(definition);
    };
    const first = stage.orchestra([], { reopen });
    for (const word of ['ciao', 'salve'])
      await first.start(made(word) as ReturnType<typeof step>, undefined, { runId: word, definition: word });
    await stage.pass(60_000);
    expect(calls).toEqual([]);
    const second = stage.orchestra([], { reopen });
    for (const word of ['ciao', 'salve']) await second.handle(word).signal('go');
    await stage.pass(10);
    expect([stage.kept.get('ciao')?.output, stage.kept.get('salve')?.output]).toEqual(['ciao', 'salve']);
    expect(calls).toEqual(['ciao', 'salve']);
    const fork = await second.fork('ciao', { from: '/say' });
    await stage.pass(10);
    expect(stage.kept.get(fork.runId)).toMatchObject({ output: 'ciao', definition: 'ciao' });
    expect(stage.troubles).toEqual([]);
  });

  it('leaves a run as it is whose workflow cannot be made again, and says why', async () => {
    const stage = new Stage(instant);
    const first = stage.orchestra([], { reopen: () => made('x') });
    await first.start(made('x') as ReturnType<typeof step>, undefined, { runId: 'r', definition: 'lost' });
    await stage.pass(60_000);
    const second = stage.orchestra([], { reopen: ({ definition }) => made(definition) });
    expect(await second.take('r')).toBe(false);
    expect(stage.troubles).toMatchObject([{ message: 'there is no skill lost' }]);
    expect(stage.kept.get('r')).toMatchObject({ state: 'waiting' });
    expect(stage.kept.get('r')?.owner).toBeUndefined();
    const third = stage.orchestra([]);
    expect(await third.take('r')).toBe(false);
    await expect(third.fork('r', { from: '/go' })).rejects.toBeInstanceOf(UnknownWorkflowError);
  });
});
