import { describe, expect, it } from 'vitest';
import { diagramOfSteps } from '../../../src/cli/graph/diagram-of-steps.ts';
import { diagramOfText } from '../../../src/cli/graph/diagram-of-text.ts';
import { toDot } from '../../../src/cli/graph/to-dot.ts';
import { toMermaid } from '../../../src/cli/graph/to-mermaid.ts';
import { toSvg } from '../../../src/cli/graph/to-svg.ts';
import { readDefinition } from '../../../src/definition/schema/read-definition.ts';
import { Reading } from '../../../src/definition/source/reading.ts';
import { parse } from '../../../src/text/parse.ts';

function diagramOf(yaml: string) {
  const reading = new Reading(yaml, 'x.yaml');
  const located = readDefinition(reading);
  const diagram = located && diagramOfSteps('x', located, reading);
  expect(reading.problems).toEqual([]);
  return diagram ?? expect.fail('not read');
}

describe('diagramOfSteps', () => {
  it('has what steps wait for, and what takes over, reduces and undoes', () => {
    const { nodes, edges } = diagramOf(`
steps:
  - { id: a, uses: x, provider: p, fallback: [y, { id: last, uses: z }] }
  - { id: b, uses: x, input: { v: $.steps.a.output }, condition: $.steps.a.output.ok == true, compensate: undo }
  - { id: c, uses: x, forEach: [1, 2], reduce: sum }
`);
    expect(nodes.map(({ id, label }) => [id, label.join('; ')])).toEqual([
      ['a', 'a; uses x'],
      ['b', 'b; uses x; if $.steps.a.output.ok == true'],
      ['c', 'c; uses x; for each item'],
      ['a!0', 'y'],
      ['a!1', 'last; uses z'],
      ['b!undo', 'undo'],
      ['c!reduce', 'sum'],
    ]);
    expect(edges.map(({ from, to, label = '' }) => `${from} ${to} ${label}`.trim())).toEqual([
      'a b',
      'a a!0 if it fails',
      'a!0 a!1 if it fails',
      'b b!undo undone by',
      'c c!reduce reduced by',
    ]);
  });
});

describe('diagramOfText', () => {
  it('has the tasks of a phase after those of the phase before', () => {
    const { nodes, edges } = diagramOfText('t', parse('a AND b AND IF_ANY_FAILED c THEN d IF_SUCCESS'));
    expect(nodes.map(({ label }) => label[0])).toEqual(['a', 'b', 'c', 'd']);
    expect(edges.map(({ from, to, label }) => [from, to, label])).toEqual([
      ['task1', 'task3', 'if any fails'],
      ['task2', 'task3', 'if any fails'],
      ['task1', 'task4', 'if it succeeds'],
      ['task2', 'task4', 'if it succeeds'],
      ['task3', 'task4', 'if it succeeds'],
    ]);
  });
});

describe('drawings', () => {
  it('hold any text', () => {
    const label = ['"quoted" <b> \\n; [x] {y} #35; & | `z`'];
    const diagram = { name: 'a "b"', nodes: [{ id: 'x', label, kind: 'step' as const }], edges: [] };
    expect(toMermaid(diagram)).toBe(
      'flowchart TD\n  n0["#34;quoted#34; #60;b#62; #92;n#59; #91;x#93; #123;y#125; #35;35#59; #38; #124; #96;z#96;"]\n',
    );
    expect(toDot(diagram)).toContain('"x" [label="\\"quoted\\" <b> \\\\n; [x] {y} #35; & | `z`"];');
  });

  it('show thirty steps as a picture, none over another', { timeout: 30_000 }, async () => {
    const after = (i: number) => (i < 6 ? [] : [`step-${i - 5}`, `step-${i - 6}`]);
    const step = (i: number) => `  - { id: step-${i}, uses: skill, dependsOn: [${after(i)}] }`;
    const steps = Array.from({ length: 30 }, (_, i) => step(i));
    const svg = await toSvg(toDot(diagramOf(`steps:\n${steps.join('\n')}`)));
    const centers = [...svg.matchAll(/<text [^>]*x="([-\d.]+)" y="([-\d.]+)"[^>]*>step&#45;\d+</g)];
    expect(centers).toHaveLength(30);
    const places = centers.map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
    for (const [i, a] of places.entries())
      for (const b of places.slice(i + 1))
        expect(Math.abs(a.x - b.x) > 60 || Math.abs(a.y - b.y) > 20).toBe(true);
  });
});

describe('labels of edges in SVG', () => {
  it('are above all edges and stand out from them, beside letters of the sizes that were asked for', async () => {
    const text = 'a AND b THEN IF_FAILURE c ELSE d THEN e IF_CONTAINS("approved") AND f';
    const svg = await toSvg(toDot(diagramOfText('x', parse(text))));
    const labels = [...svg.matchAll(/<text [^>]*stroke="white"[^>]*font-size="10"[^>]*>([^<]*)</g)];
    expect(
      labels.map(([, label]) => label?.replaceAll('\u00a0', ' ').replaceAll('&#160;', ' ').trim()).sort(),
    ).toEqual([
      ...[
        'else',
        'else',
        'if it contains &quot;approved&quot;',
        'if it contains &quot;approved&quot;',
        'if it fails',
        'if it fails',
      ],
    ]);
    expect(svg.lastIndexOf('<g id="edge')).toBeLessThan(labels[0]?.index ?? 0);
    expect(new Set(svg.match(/font-size="[\d.]+"/g))).toEqual(new Set(['font-size="12"', 'font-size="10"']));
  });

  it('are clear of their edges, also in letters that are wider than Helvetica', async () => {
    const svg = await toSvg(toDot(diagramOfText('x', parse('a THEN IF_SUCCESS b'))));
    const edge = Number(/<path [^>]*d="M([\d.]+)/.exec(svg.slice(svg.indexOf('<g id="edge')))?.[1]);
    const middle = Number(/stroke="white"[^>]* x="([\d.]+)"/.exec(svg)?.[1]);
    // The widest common letters take 0.6 of their size
    const halfWidth = ('if it succeeds'.length * 0.6 * 10) / 2;
    expect(middle - halfWidth).toBeGreaterThan(edge);
  });
});
