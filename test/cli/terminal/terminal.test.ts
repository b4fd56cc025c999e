import { describe, expect, it } from 'vitest';
import { dollars, seconds } from '../../../src/cli/terminal/amounts.ts';
import { clean } from '../../../src/cli/terminal/clean.ts';
import { glyphsFor } from '../../../src/cli/terminal/glyphs.ts';
import { hasColors } from '../../../src/cli/terminal/has-colors.ts';
import { truncate } from '../../../src/cli/terminal/truncate.ts';
import { wrap } from '../../../src/cli/terminal/wrap.ts';

describe('truncate', () => {
  it('cuts by the columns that characters take', () => {
    expect(truncate('abcdef', 6)).toBe('abcdef');
    expect(truncate('abcdefg', 6)).toBe('abcde…');
    expect(truncate('日本語です', 7)).toBe('日本語…');
    expect(truncate('👩‍👩‍👧 family', 4)).toBe('👩‍👩‍👧…');
    expect(truncate('abcdef', 4, '...')).toBe('a...');
    expect(truncate('abc', 0)).toBe('');
  });
});

describe('wrap', () => {
  it('breaks between words, by the columns that they take', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('日本 日本 日本', 9)).toEqual(['日本 日本', '日本']);
    expect(wrap('unbreakable a b', 3)).toEqual(['unbreakable', 'a b']);
    expect(wrap('', 3)).toEqual(['']);
  });
});

describe('hasColors', () => {
  it('goes by NO_COLOR, then by FORCE_COLOR, then by the terminal', () => {
    expect(hasColors({}, true)).toBe(true);
    expect(hasColors({}, false)).toBe(false);
    expect(hasColors({ TERM: 'dumb' }, true)).toBe(false);
    expect(hasColors({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(hasColors({ FORCE_COLOR: '0' }, true)).toBe(false);
    expect(hasColors({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
    expect(hasColors({ NO_COLOR: '' }, true)).toBe(true);
  });
});

describe('glyphsFor', () => {
  it('keeps to ASCII where a console has no more', () => {
    expect(glyphsFor({}, 'linux').completed).toBe('✔');
    expect(glyphsFor({ TERM: 'linux' }, 'linux').completed).toBe('+');
    expect(glyphsFor({}, 'win32').completed).toBe('+');
    expect(glyphsFor({ WT_SESSION: 'x' }, 'win32').completed).toBe('✔');
    const ascii = Object.values(glyphsFor({}, 'win32')).join('');
    expect(ascii).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe('amounts', () => {
  it('are short', () => {
    expect([0, 940, 59_960, 125_000].map(seconds)).toEqual(['0.0 s', '0.9 s', '1 min 00 s', '2 min 05 s']);
    expect([0, 0.0000012, 0.05, 0.123, 12.5].map(dollars)).toEqual([
      '$0',
      '$0.0000012',
      '$0.050',
      '$0.12',
      '$12.50',
    ]);
  });
});

describe('clean', () => {
  it('takes away what a terminal would obey', () => {
    expect(clean('a\u001b[2Jb\u202ec\nd')).toBe('a [2Jb c d');
  });
});
