import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { root } from '../house/docs.ts';
import { refusals } from './refusals.ts';
import { Scene } from './scene.ts';
import { transitions } from './transitions.ts';

/** The rows of a table of docs/orchestra.md, by its heading. */
async function tableOf(heading: string): Promise<string[]> {
  const page = await readFile(`${root}docs/orchestra.md`, 'utf8');
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [table = ''] = /(^\|.*\n)+/m.exec(section) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) => row.replace(/^\| | \|$/g, ''));
}

describe('docs/orchestra.md', () => {
  it('has the transitions that are tested here, and no others', async () => {
    expect(await tableOf('States')).toEqual(
      transitions.map(({ from, when, to }) => `${from} | ${when} | ${to}`),
    );
  });

  it('has the refusals that are tested here, and no others', async () => {
    expect(await tableOf('What is refused')).toEqual(
      refusals.map(({ states, what, error }) => `${states.join(', ')} | ${what} | ${error}`),
    );
  });
});

describe.each([true, false])('a kept run (over a store that answers at once: %s)', (instant) => {
  it.each(transitions)('is $from; $when; is $to', async ({ from, to, play }) => {
    const scene = new Scene(instant);
    const act = await play(scene);
    expect(scene.state).toBe(from === 'none' ? undefined : from);
    await act();
    await scene.pass();
    expect(scene.state).toBe(to);
    expect(scene.wrong).toEqual([]);
  });

  it.each(refusals.flatMap(({ states, ...rest }) => states.map((state) => ({ state, ...rest }))))(
    'is $state, which refuses $what',
    async ({ state, error, asks }) => {
      const scene = new Scene(instant);
      await scene.bring(state);
      expect(scene.state).toBe(state);
      for (const ask of asks) {
        const refusal = await ask(scene).catch((failure: unknown) => failure);
        expect(refusal).toMatchObject({ name: error.replaceAll('`', '') });
      }
      await scene.pass();
      expect(scene.state).toBe(state);
    },
  );
});
