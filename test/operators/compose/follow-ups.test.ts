import { map, of } from 'rxjs';
import { DefinitionError, run, type Step, step } from 'tutti';
import { followUps, outputs, sequence, values } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { abortAfter } from '../abort-after.ts';
import { record } from '../record.ts';
import { sent } from '../sent.ts';
import { Timers } from '../timers.ts';

/** Answers with the question and with what is in the context. */
const chat = step('chat', (question: string, { context }) => of(`${question} ${JSON.stringify(context)}`));

describe('followUps', () => {
  it(
    'gives the first answer when nobody asks on in time',
    marbles((m) => {
      const done = record(run(followUps(fakeStep(m, 'chat', '--(a|)'), { timeout: 4 }), 'why'));
      m.flush();
      expect(done.events).toBeTimeline(
        '(run> chat#1>) 2ms (chat#1. chat#1| followUp#1> followUp#1=) 4ms (followUp#1| run|)',
      );
      expect(done.all('step.waiting')).toMatchObject([
        { wait: { kind: 'followUp', name: 'followUp', dueAt: 6 } },
      ]);
      expect(done.output).toBe('a');
    }),
  );

  it(
    'answers each question, with the answer before in the context, and waits anew after each',
    marbles((m) => {
      const signals$ = sent([3, 'followUp', 'two'], [6, 'followUp', 'three']);
      const done = record(
        run(followUps(chat, { timeout: 4 }), 'one', { signals$, context: { user: 'Ann' } }),
      );
      m.flush();
      const one = 'one {"user":"Ann"}';
      const two = `two ${JSON.stringify({ user: 'Ann', previous: one })}`;
      const three = `three ${JSON.stringify({ user: 'Ann', previous: two })}`;
      const answers = done.all('step.completed').filter((event) => event.step === 'chat');
      expect(answers.map(({ at, path, output }) => [at, path, output])).toEqual([
        [0, '/chat#1', one],
        [3, '/chat#2', two],
        [6, '/chat#3', three],
      ]);
      expect(done.end).toMatchObject({ type: 'run.completed', output: three, durationMs: 10 });
    }),
  );

  it.each([
    [undefined, '{"previous":"one undefined"}'],
    ['Ann', '{"context":"Ann","previous":"one \\"Ann\\""}'],
    [['Ann'], '{"context":["Ann"],"previous":"one [\\"Ann\\"]"}'],
    [null, '{"previous":"one null"}'],
  ])('puts the answer beside a context that is %j', (context, found) =>
    marbles((m) => {
      const signals$ = sent([1, 'followUp', 'two']);
      const done = record(run(followUps(chat, { timeout: 4 }), 'one', { signals$, context }));
      m.flush();
      expect(done.output).toBe(`two ${found}`);
    })(),
  );

  it(
    'answers questions that came too early, in order',
    marbles((m) => {
      const slow = fakeStep(m, 'chat', ['---(a|)', '-(b|)', '-(c|)']);
      const signals$ = sent([0, 'followUp', 'two'], [1, 'followUp', 'three']);
      const done = record(run(followUps(slow, { timeout: 4 }), 'one', { signals$ }));
      m.flush();
      expect(slow.calls.map(({ input }) => input)).toEqual(['one', 'two', 'three']);
      expect(done.output).toBe('c');
    }),
  );

  it(
    'fails with the answer that fails',
    marbles((m) => {
      const broken = fakeStep(m, 'chat', ['-(a|)', '-#']);
      const done = record(
        run(followUps(broken, { timeout: 4 }), 'one', { signals$: sent([2, 'followUp', 'two']) }),
      );
      m.flush();
      expect(done.end).toMatchObject({ type: 'run.failed', durationMs: 3 });
    }),
  );

  it(
    'streams each answer, and gives all of them to who listens for its step',
    marbles((m) => {
      const two = fakeStep(m, 'chat', ['-(a|)', '-(b|)']);
      const answers$ = run(followUps(two, { timeout: 4 }), 'x', {
        signals$: sent([2, 'followUp', 'y']),
      }).pipe(outputs(two), map(String));
      m.expect(answers$).toBeObservable('-a-b---|');
    }),
  );

  it(
    'stops waiting when it is cancelled or unsubscribed',
    marbles((m) => {
      const scheduler = new Timers();
      const asked = followUps(fakeStep(m, 'chat', '-(a|)'), { timeout: 100 });
      m.expectRun(run(asked, 'x', { scheduler, signal: abortAfter(3) })).toBe(
        '(run> chat#1>) 1ms (chat#1. chat#1| followUp#1> followUp#1=) 2ms (followUp#1! run!)',
      );
      m.expectRun(run(asked, 'x', { scheduler }), '^--!').toBe(
        '(run> chat#1>) 1ms (chat#1. chat#1| followUp#1> followUp#1=)',
      );
      m.flush();
      expect(scheduler.pending).toBe(0);
    }),
  );

  it(
    'is a part of a sequence, and works in a bare pipe, where nobody asks',
    marbles((m) => {
      const asked = followUps(fakeStep(m, 'chat', '-(a|)'), { timeout: 3 });
      const done = record(run(sequence(asked, fakeStep(m, 'b', '-(b|)')), 'x'));
      m.expect(of('x').pipe(asked, values())).toBeObservable('----(a|)');
      m.flush();
      expect(done.started).toEqual(['/followUps/chat#1', '/followUps/followUp#1', '/b']);
      expect(done.output).toBe('b');
    }),
  );

  it('refuses what is no step, and options that mean nothing', () => {
    expect(() => followUps('chat' as never, { timeout: 1 })).toThrow(DefinitionError);
    expect(() => followUps(chat, {} as never)).toThrow(DefinitionError);
    expect(() => followUps(chat, { timeout: 'soon' })).toThrow(DefinitionError);
    expect(() => followUps(chat, { timeout: 1, max: 2 } as never)).toThrow(DefinitionError);
  });

  it('has the types of its step', () => {
    expectTypeOf(followUps(chat, { timeout: 1 })).toEqualTypeOf<Step<string, string>>();
    // @ts-expect-error: a time-out is needed, as it would never end
    () => followUps(chat);
  });
});
