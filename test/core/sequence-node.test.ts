import { run, step } from 'tutti';
import { sequence } from 'tutti/operators';
import { describe, expect, it } from 'vitest';
import { nodeOf } from '../../src/core/as-step.ts';
import { SequenceNode } from '../../src/core/sequence-node.ts';
import { TransformNode } from '../../src/core/transform-node.ts';
import { listen, told } from './support.ts';

const [a, b, c] = ['a', 'b', 'c'].map((id) => nodeOf(step(id, (n: number) => n)));
const pathsIn = ({ parts, places }: SequenceNode) => parts.map((_, position) => places.at('', position));
const parts = [a, b, c].filter((node) => node !== undefined);

describe('SequenceNode', () => {
  it('is one with the sequences directly inside it', () => {
    const inner = new SequenceNode(parts.slice(1));
    const outer = new SequenceNode([new SequenceNode([]), ...parts.slice(0, 1), new SequenceNode([inner])]);
    expect(outer.parts).toEqual(parts);
    expect(outer.parts[0]).toBe(a);
    expect(pathsIn(outer)).toEqual(['/a', '/b', '/c']);
  });

  it('numbers what comes again over all of it', () => {
    const twice = new SequenceNode([new SequenceNode(parts), new SequenceNode(parts)]);
    expect(pathsIn(twice)).toEqual(['/a', '/b', '/c', '/a~2', '/b~2', '/c~2']);
  });

  it('gives no place to a transformation', () => {
    const node = new SequenceNode([new TransformNode((n) => n, 'transform'), ...parts]);
    expect(pathsIn(node)).toEqual(['', '/a', '/b', '/c']);
  });

  it('is put together when it is first asked for, however deep', () => {
    let node = new SequenceNode(parts.slice(0, 1));
    for (let level = 0; level < 100_000; level++) node = new SequenceNode([node]);
    expect(node.parts).toEqual(parts.slice(0, 1));
    expect(node.parts).toBe(node.parts);
  });

  it('of nothing gives what it is given', () => {
    const events = listen(run(sequence(), 7 as never));
    expect(told(events)).toBe('run> run|');
    expect(events.at(-1)).toMatchObject({ output: 7 });
  });
});
