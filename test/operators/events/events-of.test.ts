import { EMPTY, NEVER, type Observable, throwError } from 'rxjs';
import { type RunEvent, run, type StepCompleted, type StepPartial, step, workflow } from 'tutti';
import { type EventsOf, eventsOf, mapEach, named, parallel, retry, sequence } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';

const broken = new RangeError('broken');

/** What is told, in short. */
const told = (events$: Observable<RunEvent>): string[] => {
  const lines: string[] = [];
  events$.subscribe(({ path, type, attempt }) => lines.push(`${path} ${type} ${attempt}`));
  return lines;
};

describe('eventsOf', () => {
  it(
    'gives what happens to one step, as it happens',
    marbles((m) => {
      const a = fakeStep(m, 'a', ['-a#', '-(b|)']);
      const b = fakeStep(m, 'b', '--(b|)');
      const all = parallel({ a: a.with(retry({ delay: 3 })), b });
      const lines = told(run(all, 'x').pipe(eventsOf(a)));
      m.flush();
      expect(lines).toEqual([
        '/a step.started 1',
        '/a step.partial 1',
        '/a step.retrying 1',
        '/a step.started 2',
        '/a step.partial 2',
        '/a step.completed 2',
      ]);
    }),
  );

  it(
    'gives those of the step wherever it is, but not of what runs inside it',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-(a|)');
      const n = named('n', mapEach(a));
      const lines = told(run(n, ['x', 'y']).pipe(eventsOf(n)));
      const each = told(run(n, ['x', 'y']).pipe(eventsOf(a)));
      m.flush();
      expect(lines).toEqual(['/n step.started 1', '/n step.completed 1']);
      expect(each.filter((line) => line.includes('completed'))).toEqual([
        '/n/a[0] step.completed 1',
        '/n/a[1] step.completed 1',
      ]);
    }),
  );

  it(
    'gives no events of a run, even where the run has the name of the step',
    marbles(() => {
      const a = step('a', (_: string) => 1);
      expect(told(run(a, 'x').pipe(eventsOf(a)))).toEqual(['/a step.started 1', '/a step.completed 1']);
      const whole = workflow({ name: 'whole' }, a);
      expect(told(run(whole, 'x').pipe(eventsOf(whole)))).toEqual([]);
      expect(told(run(sequence(whole), 'x').pipe(eventsOf(whole)))).toEqual([
        '/whole step.started 1',
        '/whole step.completed 1',
      ]);
    }),
  );

  it(
    'completes when the run does, and passes on an error of the stream',
    marbles((m) => {
      const a = fakeStep(m, 'a', '--#');
      const types$ = run(a, 'x').pipe(eventsOf(a));
      m.expect(EMPTY.pipe(eventsOf(a))).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(eventsOf(a))).toBeObservable('#', undefined, broken);
      let completed = false;
      types$.subscribe({
        complete: () => {
          completed = true;
        },
      });
      m.flush();
      expect(completed).toBe(true);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      m.expectRun(run(a, 'x').pipe(eventsOf(a)), '^--!').toBe('a> 1ms a.');
      m.has(source, '                             ^--!');
    }),
  );

  it('knows the types of output and chunks', () => {
    const a = step('a', async function* (_: string) {
      yield { delta: 'x' };
      return 5;
    });
    const events$ = NEVER.pipe(eventsOf(a));
    expectTypeOf(events$).toEqualTypeOf<Observable<EventsOf<number, { delta: string }>>>();
    type Of<T> = Extract<EventsOf<number, { delta: string }>, { type: T }>;
    expectTypeOf<Of<'step.completed'>>().toEqualTypeOf<StepCompleted<number>>();
    expectTypeOf<Of<'step.partial'>>().toEqualTypeOf<StepPartial<{ delta: string }>>();
    expectTypeOf<Of<'run.completed'>>().toEqualTypeOf<never>();
    // @ts-expect-error: it gives no text
    () => events$ satisfies Observable<EventsOf<string, { delta: string }>>;
    // @ts-expect-error: an id is no step
    () => eventsOf('a');
  });
});
