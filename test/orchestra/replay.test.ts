import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replay } from '../../src/orchestra/replay.ts';

/** A replay, and what it let go on. */
function setUp() {
  const replay = new Replay();
  const gone: string[] = [];
  const go = (name: string) => () => void gone.push(name);
  const all = (goings: readonly (() => void)[]): void => {
    for (const going of goings) going();
  };
  return { replay, gone, go, all };
}

describe('Replay', () => {
  it('gives ends again in the order of their numbers, however they were put', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000)), (seqs) => {
        const { replay, gone, go } = setUp();
        for (const seq of seqs) replay.giveAgain(seq, go(String(seq)));
        for (let next = replay.next(); next !== undefined; next = replay.next()) next();
        expect(gone.map(Number)).toEqual(seqs.toSorted((a, b) => a - b));
      }),
    );
  });

  it('takes ends that come while others are given, in their turn', () => {
    const { replay, gone, go } = setUp();
    replay.giveAgain(1, () => {
      gone.push('1');
      replay.giveAgain(2, go('2'));
    });
    replay.giveAgain(3, go('3'));
    for (let next = replay.next(); next !== undefined; next = replay.next()) next();
    expect(gone).toEqual(['1', '2', '3']);
  });

  it('begins nothing before all ends are given, then all in the order in which it was put off', () => {
    const { replay, gone, go, all } = setUp();
    const [a, b] = [{}, {}];
    replay.begin(a, go('a'));
    replay.goOn(b, go('b'));
    expect(gone).toEqual([]);
    expect([replay.isParked(a), replay.live]).toEqual([true, false]);
    all(replay.enliven());
    expect(gone).toEqual(['a', 'b']);
    expect([replay.isParked(a), replay.live]).toEqual([false, true]);
  });

  it('lets everything go at once when it is live', () => {
    const { replay, gone, go, all } = setUp();
    all(replay.enliven());
    replay.begin({}, go('begin'));
    replay.goOn({}, go('on'));
    expect(gone).toEqual(['begin', 'on']);
  });

  it('gives again what a live run comes to, in its order, before anything begins', () => {
    const { replay, gone, go, all } = setUp();
    all(replay.enliven());
    replay.giveAgain(7, go('7'));
    replay.begin({}, go('begin'));
    replay.goOn({}, go('on'));
    replay.giveAgain(6, go('6'));
    expect([gone, replay.nextPutOff()]).toEqual([[], undefined]);
    const next = (): (() => void) | undefined => replay.next() ?? replay.nextPutOff();
    for (let going = next(); going !== undefined; going = next()) going();
    expect(gone).toEqual(['6', '7', 'begin', 'on']);
    replay.begin({}, go('later'));
    expect(gone.at(-1)).toBe('later');
  });

  it('begins nothing new while it is paused, but lets go on what has begun', () => {
    const { replay, gone, go, all } = setUp();
    all(replay.enliven());
    replay.pause();
    const who = {};
    replay.begin(who, go('new'));
    replay.goOn({}, go('begun'));
    expect([gone, replay.paused, replay.isParked(who)]).toEqual([['begun'], true, true]);
    all(replay.unpause());
    expect(gone).toEqual(['begun', 'new']);
    expect(replay.paused).toBe(false);
  });

  it('holds all that is put off when it comes alive paused, until the pause is over', () => {
    const { replay, gone, go, all } = setUp();
    replay.pause();
    replay.begin({}, go('a'));
    all(replay.enliven());
    expect(gone).toEqual([]);
    all(replay.unpause());
    expect(gone).toEqual(['a']);
  });

  it('gives nothing when a pause is over before it is live', () => {
    const { replay, gone, go, all } = setUp();
    replay.pause();
    replay.begin({}, go('a'));
    all(replay.unpause());
    expect(gone).toEqual([]);
    all(replay.enliven());
    expect(gone).toEqual(['a']);
  });
});
