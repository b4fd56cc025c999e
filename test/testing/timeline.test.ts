import type { RunEvent } from 'tutti';
import { timeline } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { timelineMarks } from '../../src/testing/timeline-marks.ts';
import { happened, stream } from './happened.ts';

describe('timeline', () => {
  it('puts what happens at one time in parentheses, and the time between groups', () => {
    const events = stream(
      happened('run.started'),
      happened('step.started', '/a'),
      happened('step.partial', '/a', { at: 5 }),
      happened('step.completed', '/a', { at: 10 }),
      happened('step.started', '/b'),
      happened('step.failed', '/b', { at: 1010 }),
      happened('run.failed'),
    );
    expect(timeline(events)).toBe('(run> a>) 5ms a. 5ms (a| b>) 1000ms (b# run#)');
  });

  it('counts from the start of the run', () => {
    const events = [
      happened('run.started', '', { at: 1_700_000_000_000 }),
      happened('step.started', '/a', { at: 1_700_000_000_007 }),
    ];
    expect(timeline(events)).toBe('run> 7ms a>');
  });

  it('counts from the first event when the start is not among them', () => {
    expect(
      timeline([happened('step.started', '/a', { at: 7 }), happened('step.skipped', '/b', { at: 9 })]),
    ).toBe('a> 2ms b-');
  });

  it('is empty without events', () => {
    expect(timeline([])).toBe('');
  });

  it('writes paths as they are, so that the mark is what ends a token', () => {
    const paths = ['/x/a', '/review[doc-7]/b', '/draft#2', '/a/!fallback:basic', '/a~2'];
    expect(timeline(paths.map((path) => happened('step.completed', path)))).toBe(
      '(x/a| review[doc-7]/b| draft#2| a/!fallback:basic| a~2|)',
    );
  });

  it('tells a step called run from the run', () => {
    expect(timeline([happened('run.started'), happened('step.started', '/run')])).toBe('(run> /run>)');
  });

  it('encodes blanks and parentheses in paths', () => {
    expect(timeline([happened('step.started', '/items[a (b)\n]')])).toBe('items[a%20%28b%29%0A]>');
  });

  it('has a mark for every type, and one meaning for each mark of a step', () => {
    const types = Object.keys(timelineMarks) as RunEvent['type'][];
    const ofSteps = types.filter((type) => !type.startsWith('run.'));
    expect(types.every((type) => /^(\W|:[a-z-]+)$/.test(timelineMarks[type]))).toBe(true);
    expect(new Set(ofSteps.map((type) => timelineMarks[type])).size).toBe(ofSteps.length);
  });
});
