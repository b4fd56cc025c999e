import { takeUntil, timer } from 'rxjs';
import { type RunEvent, run, workflow } from 'tutti';
import { checkEvents, fakeStep, marbles } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { happened, stream } from './happened.ts';

/** The events of a run, between its start and its end. */
const within = (...events: RunEvent[]): RunEvent[] =>
  stream(happened('run.started'), ...events, happened('run.completed'));

const started = (path: string, attempt = 1) => happened('step.started', path, { attempt });
const completed = (path: string, attempt = 1) =>
  happened('step.completed', path, { attempt, source: 'live' });
const retrying = (path: string, attempt = 1) =>
  happened('step.retrying', path, { attempt, nextAttempt: attempt + 1, delayMs: 0 });
const partial = (path: string, index: number, attempt = 1) =>
  happened('step.partial', path, { index, attempt });
const cost = (path: string, usd: number, facts = {}) => happened('step.cost', path, { usd, ...facts });
const ended = (costUsd: number) => happened('run.completed', '', { costUsd });

describe('checkEvents', () => {
  it(
    'finds nothing wrong with runs, however they end',
    marbles((m) => {
      const scripts = ['(a|)', '-a-b-|', '--#', '|', '---'];
      const runs = scripts.map((script) => {
        const inner = workflow({ name: 'inner' }, fakeStep(m, 'a', script));
        const events: RunEvent[] = [];
        const controller = new AbortController();
        timer(20).subscribe(() => controller.abort('enough'));
        run(workflow({ name: 'w' }, inner), 'x', { signal: controller.signal }).subscribe((e) =>
          events.push(e),
        );
        return events;
      });
      m.flush();
      expect(runs.map((events) => events.at(-1)?.type)).toEqual([
        'run.completed',
        'run.completed',
        'run.failed',
        'run.completed',
        'run.cancelled',
      ]);
      expect(runs.map((events) => checkEvents(events))).toEqual(runs.map(() => []));
    }),
  );

  it(
    'lets a stream that was cut be unfinished',
    marbles((m) => {
      const events: RunEvent[] = [];
      run(fakeStep(m, 'a', '---|'), 'x')
        .pipe(takeUntil(timer(1)))
        .subscribe((event) => events.push(event));
      m.flush();
      expect(checkEvents(events, { cut: true })).toEqual([]);
      expect(checkEvents([], { cut: true })).toEqual([]);
      expect(checkEvents(events)).toEqual(['the run does not end', '/a does not end']);
    }),
  );

  it('accepts retries, late costs, and children that begin anew with their step', () => {
    const events = within(
      started('/w'),
      started('/w/a'),
      partial('/w/a', 0),
      retrying('/w/a'),
      cost('/w/a', 0.5, { late: true }),
      started('/w/a', 2),
      partial('/w/a', 0, 2),
      partial('/w/a', 1, 2),
      completed('/w/a', 2),
      retrying('/w'),
      started('/w', 2),
      started('/w/a'),
      completed('/w/a'),
      completed('/w', 2),
      happened('step.skipped', '/b'),
    );
    expect(checkEvents([...events.slice(0, -1), { ...ended(0.5), seq: events.length - 1 }])).toEqual([]);
  });

  it('accepts items and passes beside a step of their name, and compensations after the end', () => {
    const paths = ['/draft', '/draft#2', '/draft[a/1]', '/draft/!compensate'];
    expect(checkEvents(within(...paths.flatMap((path) => [started(path), completed(path)])))).toEqual([]);
  });

  it('accepts results that a fork keeps', () => {
    const kept = happened('step.completed', '/a', { source: 'journal', costUsd: 1 });
    expect(checkEvents(stream(happened('run.started'), kept, ended(1)))).toEqual([]);
  });

  it('stays quick on deep and on long runs', () => {
    const paths = Array.from({ length: 2000 }, (_, depth) => '/s'.repeat(depth + 1));
    const deep = within(
      ...paths.map((path) => started(path)),
      ...paths.toReversed().map((path) => completed(path)),
    );
    expect(checkEvents(deep)).toEqual([]);
    const long = within(
      ...Array.from({ length: 20_000 }, (_, i) => [started(`/s#${i}`), completed(`/s#${i}`)]).flat(),
    );
    expect(checkEvents(long)).toEqual([]);
  });

  const a = [started('/a'), completed('/a')];

  it.each<[string, RunEvent[], string[]]>([
    [
      'a gap in seq',
      within(...a).filter(({ seq }) => seq !== 1),
      [
        'event 2, step.completed of /a: its seq should be 1',
        'event 2, step.completed of /a: it has not started',
        'event 3, run.completed: its seq should be 2',
      ],
    ],
    [
      'another runId',
      within(started('/a'), { ...completed('/a'), runId: 'r2' }).slice(0, 3),
      ['event 2, step.completed of /a: its runId is r2, before it was r1', 'the run does not end'],
    ],
    [
      'time that goes back',
      stream(happened('run.started', '', { at: 5 }), { ...ended(0), at: 4 }),
      ['event 1, run.completed: time goes back from 5 to 4 ms'],
    ],
    [
      'a run that does not start first',
      stream(...a, happened('run.started'), ended(0)),
      [
        'event 0, step.started of /a: the first event should be run.started',
        'event 2, run.started: the run had started already',
      ],
    ],
    [
      'an event after the end',
      stream(happened('run.started'), ended(0), happened('custom', '/a')),
      [
        'event 2, custom of /a: the run had ended with run.completed',
        'event 2, custom of /a: it has not started',
      ],
    ],
    [
      'two ends',
      stream(happened('run.started'), ended(0), ended(0)),
      ['event 2, run.completed: the run had ended with run.completed'],
    ],
    ['no end', within().slice(0, 1), ['the run does not end']],
    [
      'an event of the run with a path',
      stream(happened('run.started', '/a'), ended(0)),
      ['event 0, run.started of /a: an event of the run should have no path'],
    ],
    ['a step that does not end', within(started('/a')), ['event 2, run.completed: /a has not ended']],
    [
      'a step that ends twice',
      within(...a, completed('/a')),
      ['event 3, step.completed of /a: attempt 1 has ended'],
    ],
    [
      'a step that fails after it was to be retried',
      within(started('/a'), retrying('/a'), happened('step.failed', '/a')),
      ['event 3, step.failed of /a: attempt 1 has ended'],
    ],
    [
      'a step that starts twice',
      within(started('/a'), started('/a'), completed('/a')),
      [
        'event 2, step.started of /a: it has started and not ended',
        'event 2, step.started of /a: it is attempt 1, and should be 2',
      ],
    ],
    [
      'a step that starts again',
      within(...a, started('/a', 2), completed('/a', 2)),
      ['event 3, step.started of /a: it had ended'],
    ],
    [
      'attempts that do not count up',
      within(started('/a', 2), retrying('/a', 2), started('/a', 4), completed('/a', 4)),
      [
        'event 1, step.started of /a: it is attempt 2, and should be 1',
        'event 3, step.started of /a: it is attempt 4, and should be 3',
      ],
    ],
    [
      'a retry that announces another attempt',
      within(started('/a'), happened('step.retrying', '/a', { nextAttempt: 3 })),
      ['event 2, step.retrying of /a: the next attempt is 3, and should be 2'],
    ],
    [
      'an event of another attempt',
      within(started('/a'), retrying('/a'), started('/a', 2), partial('/a', 0), completed('/a', 2)),
      ['event 4, step.partial of /a: it speaks of attempt 1, but 2 is under way'],
    ],
    [
      'partials that do not count up',
      within(started('/a'), partial('/a', 0), partial('/a', 2), completed('/a')),
      ['event 3, step.partial of /a: its index is 2, and should be 1'],
    ],
    [
      'partials, progress, logs and custom events outside of their attempt',
      within(
        partial('/a', 0),
        ...a,
        happened('step.progress', '/a'),
        happened('step.log', '/a'),
        happened('custom', '/a'),
      ),
      [
        'event 1, step.partial of /a: it has not started',
        'event 4, step.progress of /a: attempt 1 has ended',
        'event 5, step.log of /a: attempt 1 has ended',
        'event 6, custom of /a: attempt 1 has ended',
      ],
    ],
    [
      'a cost after the end that is not marked late, or of a step that never was',
      stream(happened('run.started'), ...a, cost('/a', 1), cost('/b', 1, { late: true }), ended(2)),
      ['event 3, step.cost of /a: attempt 1 has ended', 'event 4, step.cost of /b: it never started'],
    ],
    [
      'a cost that is lost',
      stream(happened('run.started'), started('/a'), cost('/a', 1), completed('/a'), ended(0)),
      ['event 4, run.completed: it cost 0, but its steps said 1'],
    ],
    [
      'a step that ends before what it holds',
      within(started('/w'), started('/w/x/a'), completed('/w'), completed('/w/x/a')),
      ['event 3, step.completed of /w: /w/x/a, which it holds, has not ended'],
    ],
    [
      'a step that starts after what holds it has ended',
      within(started('/w'), completed('/w'), started('/w/a'), completed('/w/a')),
      ['event 3, step.started of /w/a: /w, which holds it, has ended'],
    ],
    [
      'a step that is skipped while it is open',
      within(started('/a'), happened('step.skipped', '/a'), completed('/a')),
      ['event 2, step.skipped of /a: it has started and not ended'],
    ],
  ])('reports %s', (_, events, violations) => {
    expect(checkEvents(events)).toEqual(violations);
  });
});
