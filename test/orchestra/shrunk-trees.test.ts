import type { TestScheduler } from 'rxjs/testing';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { build } from '../laws/build.ts';
import type { Tree } from '../laws/tree.ts';
import { World } from '../laws/world.ts';
import { livesOf } from './lives.ts';

const value: Tree = { kind: 'leaf', acts: [{ ends: 'value' }] };
const failing: Tree = { kind: 'leaf', acts: [{ ends: 'failure' }] };
const slow = (ms: number, partials = 0): Tree => ({ kind: 'leaf', acts: [{ ms, ends: 'value', partials }] });

/** What random trees have shown to go wrong: the smallest of each. */
const cases: readonly (readonly [string, Tree])[] = [
  [
    'goes on with all attempts of a hedge, though in the first a fallback has taken over',
    {
      kind: 'policed',
      inner: failing,
      policies: [
        { policy: 'fallback', acts: [{ ms: 1, ends: 'value', partials: 0 }] },
        { policy: 'hedge', after: 0, max: 2 },
      ],
    },
  ],
  [
    'begins no attempt of a hedge again that had lost',
    {
      kind: 'policed',
      inner: slow(3, 2),
      policies: [
        { policy: 'timeout', ms: 3 },
        { policy: 'hedge', after: 0, max: 3 },
      ],
    },
  ],
  [
    'counts no try that a hedge has refused',
    {
      kind: 'policed',
      inner: { kind: 'leaf', acts: [{ ms: 1, ends: 'failure', partials: 0 }] },
      policies: [
        { policy: 'fallback', acts: [{ ends: 'failure' }] },
        { policy: 'retry', maxRetries: 1, delay: 0 },
        { policy: 'hedge', after: 0, max: 2 },
      ],
    },
  ],
  [
    'ends the losers of a race again, also for an item that is streamed again',
    {
      kind: 'stream',
      producer: [{ ms: 1, ends: 'value', partials: 1 }],
      retries: 0,
      each: { kind: 'race', parts: [value, slow(1)], settle: false },
      settle: false,
    },
  ],
  [
    'ends what was made of an item that is not streamed again',
    {
      kind: 'stream',
      producer: [{ ms: 1, ends: 'failure', partials: 1 }],
      retries: 0,
      each: { kind: 'saga', inner: slow(1), undo: { ends: 'value' } },
      settle: false,
    },
  ],
  [
    'does not try again what was cancelled while it waited for that',
    {
      kind: 'parallel',
      parts: [
        { kind: 'timeout', ms: 1, inner: slow(2) },
        {
          kind: 'named',
          inner: {
            kind: 'sequence',
            parts: [
              { kind: 'policed', inner: failing, policies: [{ policy: 'retry', maxRetries: 1, delay: 2 }] },
              value,
            ],
          },
        },
        { kind: 'saga', inner: value, undo: { ends: 'value' } },
      ],
      settle: false,
      limit: 99,
    },
  ],
];

/** Later commits than these are not made. */
const commits = 14;

describe('a run that is taken up again', () => {
  it.each(cases)('%s', async (_, tree) => {
    const making = (_: unknown, scheduler: TestScheduler) => build(tree, new World(scheduler));
    const again = { commit: 1, side: 'before' } as const;
    for (let commit = 1; commit <= commits; commit++)
      for (const side of ['before', 'after'] as const) {
        const { events } = await livesOf(making, 0, [{ commit, side }, again], { instant: false, downMs: 3 });
        expect([commit, side, checkEvents(events)]).toEqual([commit, side, []]);
      }
  });
});
