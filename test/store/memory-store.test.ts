import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory/memory-store.ts';
import { runStoreSuite } from '../../src/testing/store-suite/run-store-suite.ts';

runStoreSuite('memoryStore', () => ({ open: memoryStore }), { shared: false });

describe('memoryStore', () => {
  it('has written when it returns, and gives no promise', () => {
    const store = memoryStore();
    const run = { runId: 'r1', requestId: 'q', workflow: 'w', version: '1', input: 1, createdAt: 0 };
    const { lease } = store.create({ ...run, lease: { owner: 'me', ms: 10 } });
    expect(store.commit(lease!, { number: 1, run: { state: 'running' } })).toBeUndefined();
    expect(store.get('r1')?.state).toBe('running');
  });

  it('keeps nothing that the caller can still change', () => {
    const store = memoryStore();
    const input = { list: [1] };
    store.create({ runId: 'r1', requestId: 'q', workflow: 'w', version: '1', input, createdAt: 0 });
    input.list.push(2);
    expect(store.get('r1')?.input).toEqual({ list: [1] });
  });
});
