import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { format } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { root } from '../house/docs.ts';
import { allOperators, operatorsPage } from '../house/operators-page.ts';

const operators = allOperators(root);

describe('docs/operators.md', () => {
  it('is what `npm run docs` makes of the sources', async () => {
    expect(await readFile(`${root}docs/operators.md`, 'utf8')).toBe(operatorsPage(root));
  });

  it('has a section for every operator', async () => {
    const page = await readFile(`${root}docs/operators.md`, 'utf8');
    const doors = { ...(await import('tutti/operators')), ...(await import('tutti/triggers')) };
    const names = Object.entries(doors)
      .filter(([, value]) => !(value.prototype instanceof Error))
      .map(([name]) => name);
    const sections = [...page.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
    expect(sections.sort()).toEqual(names.sort());
  });
});

describe('the doc comment', () => {
  it.each(operators)(
    'of $name says all there is to say',
    ({ sentence, diagram, errors, events, example }) => {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(diagram).not.toEqual([]);
      expect(errors).toMatch(/\.$/);
      expect(events).toMatch(/\.$/);
      expect(example).toMatch(/from 'tutti/);
    },
  );

  it.each(operators.flatMap(({ name, options }) => options.map((option) => ({ of: name, ...option }))))(
    'of $of says what the option $name is',
    ({ text }) => expect(text).toMatch(/\.$/),
  );

  it('is read for options of all kinds: inherited, of a union, inside another', () => {
    const namesOf = (of: string) =>
      operators.find(({ name }) => name === of)?.options.map(({ name }) => name);
    expect(namesOf('toReadableStream')).toEqual(['highWaterMark', 'buffer', 'overflow']);
    expect(namesOf('circuitBreaker')).toEqual(expect.arrayContaining(['failures', 'sampling.window']));
    const required = operators.flatMap(({ name, options }) =>
      options.filter((one) => one.required).map((one) => `${name} ${one.name}`),
    );
    expect(required).toEqual([
      'approval name',
      'followUps timeout',
      'bulkhead concurrency',
      'circuitBreaker name',
      'hedge after',
      'rateLimit limit',
      'rateLimit per',
    ]);
  });
});

/** What an example says that it prints: `console.log(x); // this, and in one line with blanks`. */
function saidToPrint(example: string): string {
  const printing = example.split('\n').filter((line) => line.includes('console.log('));
  return printing.map((line) => /; \/\/ (.+)$/.exec(line)?.[1] ?? 'it does not say').join(', ');
}

describe('the example', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(operators)('of $name prints what it says', async ({ name, example }) => {
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((...words) => {
      lines.push(format(...words));
    });
    await mkdir(`${root}.cache/operator-examples`, { recursive: true });
    const file = `${root}.cache/operator-examples/${name}.ts`;
    await writeFile(file, `${example}\nexport {};\n`);
    await import(file);
    await vi.waitFor(() => expect(lines.join(', ')).toBe(saidToPrint(example)));
  });
});
