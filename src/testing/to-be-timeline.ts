import { expect } from 'vitest';
import type { RunEvent } from '../core/events.ts';
import { formatGroup, groupsOf, parseTimeline } from './timeline-groups.ts';

/** What importing `tutti/testing` adds to vitest's `expect`. */
export interface TimelineMatchers<R = unknown> {
  /**
   * The events have this timeline; blanks do not count, and a line may be broken anywhere between two tokens.
   *
   * expect(events).toBeTimeline('(run> a>) 5ms (a| run|)');
   *
   * Errors: the two timelines, one group per line; `TestingError` for one that cannot be read.
   */
  toBeTimeline(expected: string): R;
}

declare module 'vitest' {
  interface Matchers<T> extends TimelineMatchers<T> {}
}

expect.extend({
  toBeTimeline(received: unknown, expected: string) {
    if (!isEvents(received))
      return {
        pass: this.isNot,
        message: () => `toBeTimeline takes an array of events, not ${String(received)}`,
      };
    const actual = groupsOf(received).map(formatGroup);
    const wanted = parseTimeline(expected).map(formatGroup);
    const pass = this.equals(actual, wanted);
    const difference = () => this.utils.diff(wanted.join('\n'), actual.join('\n')) ?? '';
    const message = () =>
      pass
        ? `expected another timeline than ${actual.join(' ')}`
        : `the timeline is another than expected\n\n${difference()}\n\nIt is: ${actual.join(' ')}`;
    return { pass, message };
  },
});

function isEvents(received: unknown): received is readonly RunEvent[] {
  return (
    Array.isArray(received) &&
    received.every((item) => typeof item === 'object' && 'at' in item && 'path' in item)
  );
}
