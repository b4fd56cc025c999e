import { readFile } from 'node:fs/promises';
import { timeline } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { root } from '../house/docs.ts';
import { allOperators } from '../house/operators-page.ts';
import { playApart } from './play.ts';

const page = await readFile(`${root}docs/policies.md`, 'utf8');
const diagrams = [...page.matchAll(/^## (.+?)$|```text\n(.*?)\n```/gms)].reduce<[string, string[]][]>(
  (all, [, title, text]) => {
    if (title !== undefined) all.push([title, []]);
    else all.at(-1)?.[1].push(text ?? '');
    return all;
  },
  [],
);

describe('docs/policies.md', () => {
  it.each(diagrams)('draws what happens: %s', (_, texts) => {
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      const played = playApart(text.split('\n'));
      expect(played.length).toBeGreaterThanOrEqual(2);
      for (const { code, drawn, events } of played)
        expect({ code, timeline: drawn.replace(/\s+/g, ' ') }).toEqual({ code, timeline: timeline(events) });
    }
  });

  it('speaks of every policy', () => {
    const policies = allOperators(root).filter(({ file }) => file.startsWith('operators/policies/'));
    const missing = policies.map(({ name }) => name).filter((name) => !page.includes(`${name}(`));
    expect(policies.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it('has at most 220 lines', () => expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(220));
});
