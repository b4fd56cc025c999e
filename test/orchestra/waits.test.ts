import { step } from 'tutti';
import { background, named, waitFor } from 'tutti/operators';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Scene } from './scene.ts';

describe.each([true, false])('a kept run (over a store that answers at once: %s)', (instant) => {
  it('checks a signal again whose check was under way when its process ended', async () => {
    const scene = new Scene(instant);
    const never = z.string().refine(() => new Promise<boolean>(() => {}));
    const tick = background(scene.work('tick', 20));
    await scene.start(tick, waitFor('go', { schema: never }));
    await scene.ask(scene.handle.signal('go', 'yes'));
    await scene.pass(100);
    await scene.restart(background(scene.work('tick', 20)), waitFor('go', { schema: z.string() }));
    await scene.ask(scene.orchestra.recover());
    await scene.pass(100);
    expect(scene.state).toBe('completed');
    expect(scene.events.at(-1)).toMatchObject({ output: 'yes' });
  });

  it('goes on with what ran in the background of the run, and of a step', async () => {
    const scene = new Scene(instant);
    const steps = () => [
      background(scene.work('outer', 100)),
      named('n', background(scene.work('inner', 100))),
      step('last', () => 'done'),
    ];
    await scene.start(...steps());
    await scene.restart(...steps());
    await scene.ask(scene.orchestra.recover());
    await scene.pass(1000);
    expect(scene.state).toBe('completed');
    const ends = scene.events.filter(({ type }) => type === 'step.completed');
    expect(ends.map(({ path }) => path)).toEqual(['/background/outer', '/n/inner', '/n', '/last']);
    expect(scene.wrong).toEqual([]);
  });
});
