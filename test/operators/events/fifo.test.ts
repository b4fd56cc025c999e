import { describe, expect, it } from 'vitest';
import { Fifo } from '../../../operators/events/fifo.ts';

describe('Fifo', () => {
  it('gives what was put in first, first', () => {
    const queue = new Fifo<number>();
    queue.put(1);
    queue.put(2);
    expect(queue.take()).toBe(1);
    queue.put(3);
    expect([queue.size, queue.take(), queue.take(), queue.size]).toEqual([2, 2, 3, 0]);
    queue.put(4);
    expect(queue.take()).toBe(4);
  });

  it('forgets all of it', () => {
    const queue = new Fifo<number>();
    queue.put(1);
    queue.clear();
    expect(queue.size).toBe(0);
    queue.put(2);
    expect(queue.take()).toBe(2);
  });
});
