import { afterEach, describe, expect, it, vi } from 'vitest';
import { newId } from '../../src/core/new-id.ts';

const many = (count: number): string[] => Array.from({ length: count }, () => newId());

describe('newId', () => {
  afterEach(() => void vi.useRealTimers());

  it('makes UUIDs of version 7', () => {
    for (const id of many(10_000))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('makes ids that are all others, and sort by the time of making, also many in one millisecond', () => {
    vi.useFakeTimers({ now: Date.now() + 1000 });
    const ids = many(10_000);
    vi.advanceTimersByTime(1);
    ids.push(...many(10));
    expect(new Set(ids).size).toBe(10_010);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('begins with the time', () => {
    const now = Date.now() + 10_000;
    vi.useFakeTimers({ now });
    expect(Number.parseInt(newId().replace('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('goes on where it was when the clock is set back', () => {
    vi.useFakeTimers({ now: Date.now() + 20_000 });
    const before = newId();
    vi.setSystemTime(Date.now() - 5000);
    expect(newId() > before).toBe(true);
  });
});
