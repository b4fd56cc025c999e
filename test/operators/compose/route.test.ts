import { of } from 'rxjs';
import { P } from 'ts-pattern';
import { DefinitionError, run, type Step, step } from 'tutti';
import { named, parallel, route, sequence, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';

type Bug = { readonly kind: 'bug'; readonly trace: string };
type Idea = { readonly kind: 'idea'; readonly text: string };
type Ticket = Bug | Idea;

const fix = step('fix', (bug: Bug) => `fixed ${bug.trace}`);
const discuss = step('discuss', (idea: Idea) => idea.text.length);
const bug: Ticket = { kind: 'bug', trace: 'at x' };
const idea: Ticket = { kind: 'idea', text: 'abc' };
const triage = route<Ticket>().case({ kind: 'bug' }, fix).case({ kind: 'idea' }, discuss).exhaustive();
const broken = new RangeError('broken');

describe('route', () => {
  it(
    'runs the step whose pattern the input matches',
    marbles((m) => {
      m.expect(of(bug, idea).pipe(triage, values())).toBeObservable('(ab|)', { a: 'fixed at x', b: 3 });
    }),
  );

  it(
    'completes when the step taken does',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '---(s|)');
      const slowly = route<Ticket>().case({ kind: 'bug' }, slow).otherwise(discuss);
      m.expectRun(run(slowly, bug)).toBe('(run> slow>) 3ms (slow. slow| run|)');
      m.expectRun(run(slowly, idea)).toBe('(run> discuss> discuss| run|)');
    }),
  );

  it('takes the first of several patterns that match', () => {
    const named = (id: string) => step(id, (_: number) => id);
    const size = route<number>()
      .case(0, named('zero'))
      .case(P.number.positive(), named('positive'))
      .case(P.number.gt(100), named('large'))
      .otherwise(named('other'));
    const taken = (n: number) => record(run(size, n)).output;
    expect([0, 500, -1].map(taken)).toEqual(['zero', 'positive', 'other']);
  });

  it('takes the patterns of ts-pattern', () => {
    const id = (name: string) => step(name, (_: unknown) => name);
    const kind = route<unknown>()
      .case(P.string.startsWith('http'), id('url'))
      .case(P.union('yes', 'no'), id('answer'))
      .case([], id('nothing'))
      .case(P.array(P.number), id('numbers'))
      .case({ user: { admin: true } }, id('admin'))
      .case(
        P.when((value) => value instanceof Date),
        id('date'),
      )
      .otherwise(id('other'));
    const taken = (input: unknown) => record(run(kind, input)).output;
    const inputs = ['https://x', 'no', [], [1, 2], { user: { admin: true, name: 'a' } }, new Date(0), null];
    expect(inputs.map(taken)).toEqual(['url', 'answer', 'nothing', 'numbers', 'admin', 'date', 'other']);
  });

  it(
    'has a place of its own below the root, with the id of the step taken',
    marbles(() => {
      const twice = route<Ticket>()
        .case({ kind: 'bug' }, fix)
        .otherwise(fix.using((_: Ticket) => ({ kind: 'bug', trace: '' })));
      const done = record(
        run(
          sequence(
            triage,
            step('back', (_: unknown) => idea),
            twice,
          ),
          bug,
        ),
      );
      expect(done.events).toBeTimeline(
        '(run> route/fix> route/fix| back> back| route~2/fix~2> route~2/fix~2| run|)',
      );
    }),
  );

  it('fails for an input that no pattern matches, which types let through only where they are wrong', () => {
    const wrong = JSON.parse('{ "kind": "question" }') as Ticket;
    const done = record(run(named('n', triage), wrong));
    expect(done.error).toBeInstanceOf(DefinitionError);
    expect(done.error).toMatchObject({ message: 'route: no pattern matches {"kind":"question"}' });
  });

  it('fails so for an input that JSON cannot hold, too', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const never = route<object>()
      .case(
        { kind: 'bug' },
        step('s', (_: unknown) => 1),
      )
      .exhaustive({});
    expect(record(run(never, circle)).error).toBeInstanceOf(DefinitionError);
    expect(record(run(never, { n: 1n })).error).toBeInstanceOf(DefinitionError);
  });

  it(
    'fails with the failure of the step taken',
    marbles((m) => {
      const failing = fakeStep(m, 'failing', '--#', { error: broken });
      const done = record(run(route<Ticket>().case({ kind: 'bug' }, failing).otherwise(discuss), bug));
      m.flush();
      expect(done.events).toBeTimeline('(run> failing>) 2ms (failing# run#)');
      expect(done.error).toBe(broken);
    }),
  );

  it('fails with what a pattern throws', () => {
    const throwing = (): boolean => {
      throw broken;
    };
    const any = step('any', (_: unknown) => 1);
    expect(record(run(route<string>().case(P.when(throwing), any).otherwise(any), 'x')).error).toBe(broken);
  });

  it(
    'ends the step taken when it is unsubscribed, and when it is cancelled',
    marbles((m) => {
      const slow = fakeStep(m, 'slow', '----(s|)');
      const slowly = parallel({ a: route<Ticket>().case({ kind: 'bug' }, slow).otherwise(discuss) });
      m.expectRun(run(slowly, bug), '^--!').toBe('(run> a/slow>)');
      m.expectRun(run(slowly, bug, { signal: abortAfter(1) })).toBe('(run> a/slow>) 1ms (a/slow! run!)');
      m.flush();
      expect(slow.calls.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    }),
  );

  it('may be shared while it is being listed: each case makes a new route', () => {
    const bugs = route<Ticket>().case({ kind: 'bug' }, fix);
    const ideas = bugs.case({ kind: 'idea' }, discuss).exhaustive();
    const others = bugs.otherwise(step('zero', (_: Idea) => 0));
    expect(record(run(ideas, idea)).output).toBe(3);
    expect(record(run(others, idea)).output).toBe(0);
  });

  it('gives each step what its pattern leaves of the input, and demands that all of it is covered', () => {
    expectTypeOf(triage).toEqualTypeOf<Step<Ticket, string | number>>();
    const bugs = route<Ticket>().case({ kind: 'bug' }, fix);
    expectTypeOf(bugs.otherwise(discuss)).toEqualTypeOf<Step<Ticket, string | number>>();
    // @ts-expect-error: ideas are not covered
    () => bugs.exhaustive();
    // @ts-expect-error: discuss takes no bugs
    () => route<Ticket>().case({ kind: 'bug' }, discuss);
    // @ts-expect-error: there are no questions
    () => route<Ticket>().case({ kind: 'question' }, fix);
    // @ts-expect-error: fix takes no ideas, which are left
    () => bugs.otherwise(fix);
    // @ts-expect-error: a question is no ticket
    () => run(triage, { kind: 'question' });
  });
});
