import { TestingError } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { happened, stream } from './happened.ts';
import { messageOf } from './thrown-by.ts';

const events = stream(
  happened('run.started'),
  happened('step.started', '/a'),
  happened('step.partial', '/a', { at: 5 }),
  happened('step.completed', '/a', { at: 1505 }),
  happened('run.completed'),
);

describe('toBeTimeline', () => {
  it('passes for the timeline of the events', () => {
    expect(events).toBeTimeline('(run> a>) 5ms a. 1500ms (a| run|)');
    expect(events).not.toBeTimeline('(run> a>) 5ms a. 1501ms (a| run|)');
    expect([]).toBeTimeline('');
    expectTypeOf(expect(events).toBeTimeline).parameters.toEqualTypeOf<[string]>();
  });

  it('does not mind blanks, line breaks, units and needless parentheses', () => {
    expect(events).toBeTimeline(`
      ( run>  a> )
      5ms  (a.)
      1s 500ms (a| run|)
    `);
    expect(events).toBeTimeline('(run> a>) 5ms a. 1.5s (a| run|)');
  });

  it('minds the order within a group', () => {
    expect(events).not.toBeTimeline('(a> run>) 5ms a. 1500ms (a| run|)');
  });

  it('shows what is different, one group per line', () => {
    const message = messageOf(() => expect(events).toBeTimeline('(run> a>) 6ms a. 1500ms (a| run|)'));
    expect(message).toBe(
      [
        'the timeline is another than expected',
        '',
        '- Expected',
        '+ Received',
        '',
        '  (run> a>)',
        '- 6ms a.',
        '+ 5ms a.',
        '  1500ms (a| run|)',
        '',
        'It is: (run> a>) 5ms a. 1500ms (a| run|)',
      ].join('\n'),
    );
  });

  it('shows the timeline that was not to be', () => {
    const same = '(run> a>) 5ms a. 1500ms (a| run|)';
    expect(messageOf(() => expect(events).not.toBeTimeline(same))).toBe(
      `expected another timeline than ${same}`,
    );
  });

  it.each([
    ['(run> a>', 'has a parenthesis without its other, at "(run> a>" in "(run> a>"'],
    ['run> 5ms a>)', 'has a parenthesis without its other, at ")" in'],
    ['run> 5ms ()', 'has an empty group, at "()" in'],
    ['run> a>', 'puts what happens at one time outside parentheses, at "a>" in "run> a>"'],
    ['run> 5ms', 'ends in a time'],
  ])('refuses %j, which cannot be read', (text, why) => {
    const compare = () => expect(events).toBeTimeline(text);
    expect(compare).toThrow(TestingError);
    expect(compare).toThrow(why);
  });

  it('fails for what is no array of events, with not too', () => {
    expect(() => expect('x').toBeTimeline('')).toThrow('toBeTimeline takes an array of events, not x');
    expect(() => expect([1]).not.toBeTimeline('')).toThrow('toBeTimeline takes an array of events');
  });
});
