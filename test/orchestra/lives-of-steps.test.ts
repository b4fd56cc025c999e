import { describe, expect, it } from 'vitest';
import { Facts } from '../../src/orchestra/facts.ts';
import { Lives } from '../../src/orchestra/lives.ts';

describe('Lives', () => {
  it('says since when the present life of all around a place is', () => {
    const lives = new Lives();
    expect(lives.since('/a/b')).toBe(-1);
    lives.begin('/a', 5);
    expect([lives.since('/a/b'), lives.since('/a'), lives.since('/ab'), lives.since('/c')]).toEqual([
      5, -1, -1, -1,
    ]);
    lives.begin('/a/b', 9);
    expect([lives.since('/a/b/c'), lives.since('/a/b'), lives.since('/a/x')]).toEqual([9, 5, 5]);
    lives.begin('', 12);
    expect([lives.since('/a/b/c'), lives.since('/c')]).toEqual([12, 12]);
  });

  it('counts the place itself when it is asked to', () => {
    const lives = new Lives();
    lives.begin('/a', 5);
    expect([lives.since('/a', true), lives.since('/a')]).toEqual([5, -1]);
  });

  it('knows what is of the present life', () => {
    const lives = new Lives();
    expect(lives.isOfNow('/a/b', 0)).toBe(true);
    lives.begin('/a', 5);
    expect([lives.isOfNow('/a/b', 4), lives.isOfNow('/a/b', 6), lives.isOfNow('/a', 4)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('Facts', () => {
  it('notes once, and recalls what was noted first', () => {
    const facts = new Facts(new Lives());
    expect(facts.has('/a', 'choice')).toBe(false);
    expect(facts.note('/a', 'choice', 1, 7)).toEqual({
      type: 'fact',
      path: '/a',
      name: 'choice',
      value: 1,
      seq: 7,
    });
    expect(facts.note('/a', 'choice', 2, 8)).toBeUndefined();
    expect([facts.recall('/a', 'choice'), facts.has('/a', 'choice'), facts.recall('/b', 'choice')]).toEqual([
      1,
      true,
      undefined,
    ]);
  });

  it('remembers a fact that is undefined', () => {
    const facts = new Facts(new Lives());
    facts.note('/a', 'choice', undefined, 0);
    expect(facts.has('/a', 'choice')).toBe(true);
  });

  it('forgets what is of an earlier attempt, of the step itself or of one around it', () => {
    const lives = new Lives();
    const facts = new Facts(lives);
    facts.note('/a/b', 'choice', 'old', 1);
    lives.begin('/a', 5);
    expect(facts.has('/a/b', 'choice')).toBe(false);
    expect(facts.note('/a/b', 'choice', 'new', 6)).toMatchObject({ pass: '5', value: 'new' });
    lives.begin('/a/b', 8);
    expect(facts.has('/a/b', 'choice')).toBe(false);
    expect([...facts.ofNow()]).toEqual([]);
  });

  it('keeps what policies note over the attempts of their own step, and not over those around', () => {
    const lives = new Lives();
    const facts = new Facts(lives);
    facts.note('/a/b', 'retry@1', 'tries', 1);
    lives.begin('/a/b', 5);
    expect(facts.recall('/a/b', 'retry@1')).toBe('tries');
    lives.begin('/a', 6);
    expect(facts.has('/a/b', 'retry@1')).toBe(false);
  });

  it('reads again what a store has kept of it', () => {
    const lives = new Lives();
    const facts = new Facts(lives);
    lives.begin('/a', 5);
    facts.read({ type: 'fact', path: '/a/b', name: 'choice', value: 'of now', seq: 6, pass: '5' });
    facts.read({ type: 'fact', path: '/a/b', name: 'choice', value: 'of before', seq: 2 });
    expect(facts.recall('/a/b', 'choice')).toBe('of now');
    expect([...facts.ofNow()].map(({ value }) => value)).toEqual(['of now']);
  });

  it('does not take one name at one place for another', () => {
    const facts = new Facts(new Lives());
    facts.note('/a', 'b c', 1, 0);
    expect([facts.has('/a b', 'c'), facts.has('/a', 'b')]).toEqual([false, false]);
  });
});
