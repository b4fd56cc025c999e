import fc from 'fast-check';
import { DefinitionError, type RunEvent, run, step } from 'tutti';
import { mapEach, parallel, sequence } from 'tutti/operators';
import { describe, expect, it } from 'vitest';
import { checkId, encodeKey, keysOf, segmentsOf } from '../../src/core/path.ts';
import { anyText, listen, ofType } from './support.ts';

describe('checkId', () => {
  it('gives back a name without marks', () => {
    expect(checkId('translate', 'a step')).toBe('translate');
  });

  it('refuses marks, saying what is refused and why', () => {
    expect(() => checkId('a/b', 'a step')).toThrow(DefinitionError);
    expect(() => checkId('a/b', 'a step')).toThrow('a step "a/b" must not contain "/"');
    expect(() => checkId('', 'a workflow')).toThrow('a workflow needs a name');
  });
});

describe('encodeKey', () => {
  it.each([
    ['plain', 'plain'],
    ['a/b', 'a%2Fb'],
    ['100%', '100%25'],
    ['[x]#~!', '%5Bx%5D%23%7E%21'],
    ['größe 1', 'größe 1'],
    ['', ''],
  ])('%j becomes %j', (key, encoded) => {
    expect(encodeKey(key)).toBe(encoded);
  });

  it('leaves no mark, and loses nothing', () => {
    fc.assert(
      fc.property(anyText, (key) => {
        const encoded = encodeKey(key);
        expect(encoded).not.toMatch(/[/[\]#~!]/);
        expect(encoded.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))).toBe(
          key,
        );
      }),
    );
  });
});

describe('keysOf', () => {
  it('gives the keys of items in a path, outermost first', () => {
    expect(keysOf('/mapEach/file[a%2Fb]/line[%5B7%5D]/read')).toEqual(['a/b', '[7]']);
    expect(keysOf('/file[]')).toEqual(['']);
    expect(keysOf('/a/b#2')).toEqual([]);
  });

  it('gives back any key', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, two) => {
        expect(keysOf(`/a[${encodeKey(one)}]/b[${encodeKey(two)}]`)).toEqual([one, two]);
      }),
    );
  });
});

describe('segmentsOf', () => {
  it('makes a segment of each name, and numbers those that come again', () => {
    expect(segmentsOf(['a', 'b', 'a', 'a', 'b'])).toEqual(['/a', '/b', '/a~2', '/a~3', '/b~2']);
  });

  it('gives no place to what has no name', () => {
    expect(segmentsOf(['', 'a', ''])).toEqual(['', '/a', '']);
    expect(segmentsOf([])).toEqual([]);
  });

  it('minds no name, however it is called', () => {
    expect(segmentsOf(['__proto__', 'constructor', '__proto__'])).toEqual([
      '/__proto__',
      '/constructor',
      '/__proto__~2',
    ]);
  });

  it('makes every segment another', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (names) => {
        expect(new Set(segmentsOf(names)).size).toBe(names.length);
      }),
    );
  });
});

describe('the path of a step', () => {
  const pathsIn = (events: readonly RunEvent[]) => ofType(events, 'step.started').map(({ path }) => path);
  const a = step('a', (n: number) => n);

  it('comes from the structure', () => {
    expect(pathsIn(listen(run(sequence(a, a, sequence(a, a)), 1)))).toEqual(['/a', '/a~2', '/a~3', '/a~4']);
    const both = sequence(
      parallel({ x: a }).map(({ x }) => x),
      parallel({ x: a }),
    );
    expect(pathsIn(listen(run(both, 1)))).toEqual(['/parallel/x', '/parallel~2/x']);
  });

  it('has its keys encoded', () => {
    expect(pathsIn(listen(run(parallel({ 'a/b': a, '~': a }), 1)))).toEqual(['/a%2Fb', '/%7E']);
    const keyed = mapEach(
      step('item', (text: string) => text),
      { keyBy: (text) => text },
    );
    expect(pathsIn(listen(run(keyed, ['x/y', '[z]'])))).toEqual(['/item[x%2Fy]', '/item[%5Bz%5D]']);
  });
});
