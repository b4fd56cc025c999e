import { EMPTY, from, map, merge, NEVER, type Observable, throwError } from 'rxjs';
import { DefinitionError, type RunEvent, run, step } from 'tutti';
import { retry, sequence, type Verbosity, verbosity } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { makeEvent } from './make-event.ts';

const broken = new RangeError('broken');

/** Every type of event, and at which levels it is told. */
const types: Readonly<Record<RunEvent['type'], readonly Verbosity[]>> = {
  'run.started': ['normal', 'verbose'],
  'run.paused': ['normal', 'verbose'],
  'run.resumed': ['normal', 'verbose'],
  'run.completed': ['quiet', 'normal', 'verbose'],
  'run.failed': ['quiet', 'normal', 'verbose'],
  'run.cancelled': ['quiet', 'normal', 'verbose'],
  'step.started': ['normal', 'verbose'],
  'step.progress': ['normal', 'verbose'],
  'step.partial': ['verbose'],
  'step.cost': ['normal', 'verbose'],
  'step.log': ['normal', 'verbose'],
  custom: ['normal', 'verbose'],
  'step.retrying': ['normal', 'verbose'],
  'step.fallback': ['normal', 'verbose'],
  'step.waiting': ['normal', 'verbose'],
  'step.resumed': ['normal', 'verbose'],
  'step.skipped': ['normal', 'verbose'],
  'step.completed': ['normal', 'verbose'],
  'step.failed': ['quiet', 'normal', 'verbose'],
  'step.cancelled': ['normal', 'verbose'],
  'step.compensated': ['normal', 'verbose'],
  'budget.alert': ['normal', 'verbose'],
  'budget.exceeded': ['quiet', 'normal', 'verbose'],
  'circuit.opened': ['normal', 'verbose'],
  'circuit.closed': ['normal', 'verbose'],
  'tool.called': ['verbose'],
  'tool.completed': ['verbose'],
  'agent.handoff': ['normal', 'verbose'],
  'checkpoint.saved': ['normal', 'verbose'],
};

const told = (level: Verbosity, events: readonly RunEvent[]): RunEvent[] => {
  const out: RunEvent[] = [];
  from(events)
    .pipe(verbosity(level))
    .subscribe((event) => out.push(event));
  return out;
};

describe('verbosity', () => {
  it.each(Object.entries(types))('tells %s at its levels: %s', (type, levels) => {
    const event = makeEvent(type as RunEvent['type']);
    const at = (['quiet', 'normal', 'verbose'] as const).filter((level) => told(level, [event])[0] === event);
    expect(at).toEqual(levels);
  });

  it('tells a log by its level', () => {
    const logs = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
      makeEvent('step.log', { level }),
    );
    const levels = (level: Verbosity) => told(level, logs).map((log) => 'level' in log && log.level);
    expect(levels('quiet')).toEqual(['error']);
    expect(levels('normal')).toEqual(['info', 'warn', 'error']);
    expect(levels('verbose')).toEqual(['debug', 'info', 'warn', 'error']);
  });

  it(
    'tells of a run as it goes',
    marbles((m) => {
      const short$ = (level: Verbosity) => {
        const a = fakeStep(m, 'a', ['6ms a 3ms #', '2ms a 1ms b 1ms |']);
        return run(a.with(retry({ delay: 4 })), 'q').pipe(
          verbosity(level),
          map(({ type }) => type),
        );
      };
      const types = {
        r: 'run.started',
        s: 'step.started',
        p: 'step.partial',
        t: 'step.retrying',
        c: 'step.completed',
        e: 'run.completed',
      } as const;
      m.expect(short$('quiet')).toBeObservable('20ms (e|)', types);
      m.expect(short$('normal')).toBeObservable('(rs) 6ms t 3ms s 5ms (ce|)', types);
      m.expect(short$('verbose')).toBeObservable('(rs) 2ms p 3ms t 3ms s 1ms p 1ms p 1ms (ce|)', types);
    }),
  );

  it(
    'takes many runs',
    marbles((m) => {
      const a = fakeStep(m, 'a', '-a|');
      const failing = fakeStep(m, 'failing', '-a--#', { error: broken });
      const ends$ = merge(run(sequence(a), 'q'), run(failing, 'q')).pipe(
        verbosity('quiet'),
        map(({ type }) => type),
      );
      m.expect(ends$).toBeObservable('--c-(sf|)', { c: 'run.completed', s: 'step.failed', f: 'run.failed' });
    }),
  );

  it(
    'gives nothing on nothing, and passes on an error of the stream',
    marbles((m) => {
      m.expect(EMPTY.pipe(verbosity('quiet'))).toBeObservable('|');
      m.expect(throwError(() => broken).pipe(verbosity('verbose'))).toBeObservable('#', undefined, broken);
    }),
  );

  it(
    'ends the run when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-a-b-c|');
      const a = step('a', (_: string) => source);
      m.expect(run(a, 'q').pipe(verbosity('quiet')), '^--!').toBeObservable('-');
      m.has(source, '                                 ^--!');
    }),
  );

  it('refuses a level that there is not', () => {
    expect(() => verbosity('loud' as Verbosity)).toThrow(DefinitionError);
    expect(() => verbosity('toString' as Verbosity)).toThrow(
      `"toString" is not 'quiet', 'normal' or 'verbose'`,
    );
  });

  it('keeps the type of the events', () => {
    const events$ = NEVER as Observable<RunEvent<number>>;
    expectTypeOf(events$.pipe(verbosity('quiet'))).toEqualTypeOf<Observable<RunEvent<number>>>();
    // @ts-expect-error: texts are no events
    () => (NEVER as Observable<string>).pipe(verbosity('quiet'));
    // @ts-expect-error: levels have names
    () => verbosity(1);
  });
});
