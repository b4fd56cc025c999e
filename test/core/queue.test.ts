import { describe, expect, it } from 'vitest';
import { Queue } from '../../src/core/queue.ts';

describe('Queue', () => {
  it('gives what was put in first, first', () => {
    const queue = new Queue<number>();
    queue.put(1);
    queue.put(2);
    expect(queue.take()?.value).toBe(1);
    queue.put(3);
    expect([queue.size, queue.take()?.value, queue.take()?.value, queue.size]).toEqual([2, 2, 3, 0]);
    queue.put(4);
    expect(queue.take()?.value).toBe(4);
  });

  it('tells nothing from what is put in and undefined', () => {
    const queue = new Queue<undefined>();
    expect(queue.take()).toBeUndefined();
    queue.put(undefined);
    expect(queue.take()).toMatchObject({ value: undefined });
    expect([queue.take(), queue.size]).toEqual([undefined, 0]);
  });

  it('forgets all of it', () => {
    const queue = new Queue<number>();
    queue.put(1);
    queue.clear();
    expect(queue.size).toBe(0);
    queue.put(2);
    expect(queue.take()?.value).toBe(2);
  });
});
