import { DefinitionError } from 'tutti';
import { parse, type TextWorkflow } from 'tutti/text';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { examples, providers } from './examples.ts';
import { shape } from './shape.ts';

const names = providers.map(({ name }) => name);
const read = (text: string): string => shape(parse(text, { providers: names }));

describe('parse', () => {
  it.each(examples)('reads: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('gives a tree of plain data', () => {
    const tree = parse(
      'writer: draft it with GPT-4 (retry up to 1 time) AND b THEN IF_SUCCESS c IF_CONTAINS("ok") ELSE d',
      {
        providers: names,
      },
    );
    expect(tree).toStrictEqual({
      type: 'workflow',
      phases: [
        {
          type: 'group',
          tasks: [
            {
              type: 'task',
              agent: 'writer',
              text: 'draft it',
              provider: { type: 'named', name: 'GPT-4', phrase: 'with GPT-4' },
              retries: 1,
            },
            { type: 'task', text: 'b' },
          ],
        },
        {
          type: 'conditional',
          when: 'success',
          group: {
            type: 'group',
            tasks: [{ type: 'task', text: 'c', when: { type: 'contains', text: 'ok' } }],
          },
          otherwise: { type: 'group', tasks: [{ type: 'task', text: 'd' }] },
        },
      ],
    });
    expectTypeOf(tree).toEqualTypeOf<TextWorkflow>();
  });

  describe('keywords', () => {
    it.each([
      ['edit and polish then publish', 'edit and polish then publish'],
      ['ANDROID app THEN IFfy thing', 'ANDROID app; IFfy thing'],
      ['say "this AND that THEN stop"', 'say "this AND that THEN stop"'],
      ['explain (a AND b (or c THEN d))', 'explain (a AND b (or c THEN d))'],
      ['call print("x AND y") THEN b', 'call print("x AND y"); b'],
      ['say "(" THEN b', 'say "("; b'],
      ['a) first THEN b) second', 'a) first; b) second'],
      ['tell MEANDER apart', 'tell MEANDER apart'],
      ['set IF_X to 1', 'set IF_X to 1'],
    ])('are whole words in upper case outside quotes and parentheses: %s', (text, expected) => {
      expect(read(text)).toBe(expected);
    });

    it('stand between any spaces', () => {
      expect(read('\n a \t b\u00a0THEN\r\n c \n')).toBe('a b; c');
    });

    it('leave the spaces in quotes and parentheses alone', () => {
      expect(read('say  "a   b"  (c   d)')).toBe('say "a   b" (c   d)');
    });
  });

  describe('conditions', () => {
    it.each([
      ['a THEN b IF_SUCCESS', 'a; b ?success'],
      ['a THEN b IF_FAILURE AND c THEN d', 'a; b ?failure ‖ c; d'],
      ['a THEN deploy IF passing', 'a; deploy ?success'],
      ['a THEN deploy IF success', 'a; deploy ?success'],
      ['a THEN fix IF failing', 'a; fix ?failure'],
      ['a THEN fix IF  failure', 'a; fix ?failure'],
      ['a THEN b IF_CONTAINS("x THEN (y)")', 'a; b ?"x THEN (y)"'],
      ['a THEN IF_SUCCESS b IF_FAILURE ELSE c', 'a; ?S b ?failure : c'],
      ['a THEN IF_ANY_FAILED b AND c ELSE d AND e', 'a; ?A b ‖ c : d ‖ e'],
      ['a AND b AND IF_ANY_FAILED c', 'a ‖ b ! c'],
      ['a THEN IF_SUCCESS b AND IF_ANY_FAILED c ELSE d AND IF_ANY_FAILED e', 'a; ?S b ! c : d ! e'],
    ])('%s', (text, expected) => {
      expect(read(text)).toBe(expected);
    });
  });

  describe('retries', () => {
    it.each([
      ['a (retry up to 1 time)', 'a x1'],
      ['a (retry up to 2 times) THEN b', 'a x2; b'],
      ['a (retry up to 0 times on failure)', 'a x0'],
      ['a (retry  up to 2\n times)', 'a x2'],
      ['a with GPT-4 (retry up to 2 times)', 'a @GPT-4 x2'],
      ['a THEN b (retry up to 2 times) IF_SUCCESS', 'a; b x2 ?success'],
      ['a (retry logic) in b', 'a (retry logic) in b'],
    ])('%s', (text, expected) => {
      expect(read(text)).toBe(expected);
    });
  });

  describe('providers', () => {
    it.each([
      ['a with gpt-4', 'a @gpt-4'],
      ['a using Claude', 'a @Claude'],
      ['a use Claude', 'a @Claude'],
      ['a with GPT-5', 'a with GPT-5'],
      ['a with cheap tricks', 'a with cheap tricks'],
      ['a with cheap', 'a with cheap'],
      ['a with free local provider', 'a @free+local'],
      ['a with cheap cheap model', 'a @cheap'],
      ['deal with Claude using GPT-4', 'deal with Claude @GPT-4'],
      ['with GPT-4 do it', 'with GPT-4 do it'],
      ['talk with "Claude"', 'talk with "Claude"'],
    ])('%s', (text, expected) => {
      expect(read(text)).toBe(expected);
    });

    it('are only those that are named', () => {
      expect(shape(parse('a with GPT-4 THEN b with cheap model'))).toBe('a with GPT-4; b @cheap');
    });

    it('may have names of several words', () => {
      const tree = parse('deal with it with the very  big model of ours', {
        providers: ['The very big model of ours'],
      });
      expect(shape(tree)).toBe('deal with it @the very big model of ours');
    });
  });

  describe('agents', () => {
    it.each([
      ['writer: draft it', 'writer> draft it'],
      ['a.b_c-1: draft it', 'a.b_c-1> draft it'],
      ['Jürgen: draft it', 'Jürgen> draft it'],
      ['writer: use GPT-4', 'writer> @GPT-4'],
      ['a: b: c', 'a> b: c'],
      ['see http://x.y THEN read:it', 'see http://x.y; read:it'],
      ['"note: x" is text', '"note: x" is text'],
      ['1st: is text', '1st: is text'],
      [`${'a'.repeat(31)}: is text`, `${'a'.repeat(31)}: is text`],
      [`${'a'.repeat(30)}: has an agent`, `${'a'.repeat(30)}> has an agent`],
    ])('%s', (text, expected) => {
      expect(read(text)).toBe(expected);
    });
  });

  it('refuses what is no text', () => {
    expect(() => parse(7 as never)).toThrow(DefinitionError);
  });
});
