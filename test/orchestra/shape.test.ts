import { step, workflow } from 'tutti';
import { graph, parallel, retry, route, sequence } from 'tutti/operators';
import { describe, expect, it } from 'vitest';
import { shapeHashOf } from '../../src/orchestra/shape.ts';

const a = step('a', (n: number) => n + 1);
const b = step('b', (n: number) => n * 2);

describe('shapeHashOf', () => {
  it('is that of the same structure, whatever its steps do', () => {
    const other = step('a', (n: number) => n - 1);
    expect(shapeHashOf(sequence(a, b))).toBe(shapeHashOf(sequence(other, b)));
    expect(shapeHashOf(sequence(a, b))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another for other steps, another order, another composition, other nodes of a graph', () => {
    const built = (last: typeof a) =>
      graph<number>()
        .node('x', a)
        .node('y', last, { after: ['x'], input: ({ x }) => x });
    const hashes = [
      sequence(a, b),
      sequence(b, a),
      sequence(a, b, b),
      sequence(a, sequence(b)),
      parallel({ a, b }),
      workflow({ name: 'w' }, sequence(a, b)),
      workflow({ name: 'v' }, sequence(a, b)),
      route<number>().case(1, a).otherwise(b),
      built(a),
      built(b),
      sequence(a, b.with(retry())),
    ].map(shapeHashOf);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('bears a nesting of ten thousand', () => {
    let deep = sequence(a);
    for (let n = 0; n < 10_000; n++) deep = workflow({ name: 'w' }, deep);
    expect(shapeHashOf(deep)).toMatch(/^[0-9a-f]{64}$/);
  });
});
