import { describe, expect, it } from 'vitest';
import { Loop } from '../../src/core/loop.ts';

describe('Loop', () => {
  it('goes on at once, and with what is pushed meanwhile, the last first', () => {
    const loop = new Loop();
    const order: string[] = [];
    const work = (name: string, ...more: readonly { advance(): void }[]) => ({
      advance: () => {
        order.push(name);
        for (const one of more) loop.push(one);
        order.push(`/${name}`);
      },
    });
    loop.push(work('a', work('b', work('c')), work('d')));
    expect(order).toEqual(['a', '/a', 'd', '/d', 'b', '/b', 'c', '/c']);
  });

  it('goes on with what is pushed last when nothing else is left', () => {
    const loop = new Loop();
    const order: string[] = [];
    const work = (name: string) => ({ advance: () => void order.push(name) });
    loop.push({
      advance: () => {
        loop.pushLast(work('last'));
        loop.push(work('a'));
        loop.pushLast(work('very last'));
        loop.push(work('b'));
      },
    });
    loop.pushLast(work('alone'));
    expect(order).toEqual(['b', 'a', 'last', 'very last', 'alone']);
  });

  it('says whether it runs', () => {
    const loop = new Loop();
    const seen: boolean[] = [loop.running];
    loop.push({ advance: () => seen.push(loop.running) });
    expect([...seen, loop.running]).toEqual([false, true, false]);
  });

  it('has a stack of its own, which does not overflow', () => {
    const loop = new Loop();
    let left = 100_000;
    const work = {
      advance: () => {
        if (--left > 0) loop.push(work);
      },
    };
    loop.push(work);
    expect(left).toBe(0);
  });

  it('works on after something has thrown through it', () => {
    const loop = new Loop();
    const broken = new Error('broken');
    const order: string[] = [];
    expect(() =>
      loop.push({
        advance: () => {
          throw broken;
        },
      }),
    ).toThrow(broken);
    loop.push({ advance: () => order.push('on') });
    expect(order).toEqual(['on']);
    expect(loop.running).toBe(false);
  });
});

describe('loop.enter', () => {
  it('does what comes from outside, and then what that pushed', () => {
    const loop = new Loop();
    const order: string[] = [];
    loop.enter(() => {
      loop.push({ advance: () => order.push('pushed') });
      loop.enter(() => order.push('entered'));
      order.push('done');
    });
    expect(order).toEqual(['entered', 'done', 'pushed']);
    expect(loop.running).toBe(false);
  });

  it('goes on with what was pushed when it throws', () => {
    const loop = new Loop();
    const order: string[] = [];
    const broken = new Error('broken');
    const entering = () =>
      loop.enter(() => {
        loop.push({ advance: () => order.push('pushed') });
        throw broken;
      });
    expect(entering).toThrow(broken);
    expect(order).toEqual(['pushed']);
  });
});

describe('loop.unwind', () => {
  it('lets what must not come in between wait until the outermost is done', () => {
    const loop = new Loop();
    const order: string[] = [];
    const result = loop.unwind(() => {
      loop.whenUnwound(() => {
        order.push('first');
        loop.whenUnwound(() => order.push('at once'));
      });
      loop.whenUnwound(() => order.push('second'));
      loop.unwind(() => order.push('inner'));
      order.push('outer');
      return 7;
    });
    expect(result).toBe(7);
    expect(order).toEqual(['inner', 'outer', 'first', 'at once', 'second']);
    loop.whenUnwound(() => order.push('later'));
    expect(order.at(-1)).toBe('later');
  });
});
