import { describe, expect, it } from 'vitest';
import { fitColumns, padColumns } from '../../examples/content-analysis/columns.ts';
import { Screen } from '../../examples/content-analysis/screen.ts';
import { nameSources } from '../../examples/content-analysis/sources.ts';

/** A screen, and everything that is written on it. */
function fakeScreen(isTTY: boolean): { readonly screen: Screen; readonly written: string[] } {
  const written: string[] = [];
  return { screen: new Screen({ isTTY, columns: 12, write: (text) => written.push(text) }), written };
}

describe('Screen', () => {
  it('draws in the same place on a terminal, below what stays', () => {
    const { screen, written } = fakeScreen(true);
    screen.draw(['one', 'two']);
    screen.draw(['three']);
    screen.print('stays');
    screen.draw([]);
    expect(written.join('')).toBe(
      'one\ntwo\n\u001b[2A\u001b[0Jthree\n\u001b[1A\u001b[0Jstays\nthree\n\u001b[1A\u001b[0J',
    );
  });

  it('draws nothing where there is no terminal', () => {
    const { screen, written } = fakeScreen(false);
    screen.draw(['one']);
    screen.print('stays');
    expect(written).toEqual(['stays\n']);
  });

  it('does not hand on what a terminal would obey', () => {
    const { screen, written } = fakeScreen(false);
    screen.print('a\u001b[2Jb\u202ec');
    expect(written).toEqual(['a [2Jb c\n']);
  });
});

describe('columns', () => {
  it('cuts a line to the columns it takes', () => {
    expect(fitColumns('abcdef', 6)).toBe('abcdef');
    expect(fitColumns('abcdefg', 6)).toBe('abcde…');
    expect(fitColumns('日本語', 6)).toBe('日本語');
    expect(fitColumns('日本語です', 6)).toBe('日本…');
  });

  it('fills a text up', () => {
    expect(padColumns('日本', 6)).toBe('日本  ');
    expect(padColumns('abcdefg', 6)).toBe('abcdefg');
  });
});

describe('nameSources', () => {
  it('calls no two files the same', () => {
    const names = nameSources(['x/a', 'y/a', 'b', 'b', 'b (2)', 'x/a']).map(({ name }) => name);
    expect(names).toEqual(['x/a', 'y/a', 'b', 'b (2)', 'b (2) (2)', 'x/a (2)']);
  });
});
