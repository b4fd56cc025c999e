import { merge, mergeMap, of, Subject, timer } from 'rxjs';
import { type RunEvent, run, start, step } from 'tutti';
import { ofType, onEach, retry } from 'tutti/operators';
import { fakeStep, marbles } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { watch } from './watch-runs.ts';

const broken = new RangeError('broken');

describe('many runs as one stream', () => {
  it(
    'is what merge gives, and a run that fails ends none of the others',
    marbles((m) => {
      const quick = run(fakeStep(m, 'quick', '--(a|)'), 'x', { runId: 'quick' });
      const failing = run(fakeStep(m, 'failing', '---#', { error: broken }), 'x', { runId: 'failing' });
      const slow = start(fakeStep(m, 'slow', '-----(c|)'), 'x', { runId: 'slow' });
      const again = fakeStep(m, 'again', ['-#', '---(d|)'], { error: broken }).with(retry({ delay: 2 }));
      const runs = watch(m, merge(quick, failing, slow.events$, run(again, 'x', { runId: 'again' })));
      m.flush();
      expect(runs.text).toBe(
        '(quick> failing> slow> again>) 2ms quick| 1ms failing# 2ms slow| 1ms (again| |)',
      );
      expect(runs.runs.get('again')).toBeTimeline(
        '(run> again>) 1ms again~ 2ms again> 3ms (again. again| run|)',
      );
    }),
  );

  it(
    'takes in runs while it is live, triggered ones too',
    marbles((m) => {
      const five = fakeStep(m, 'five', '5ms (y|)');
      const started = new Subject<string>();
      const live$ = merge(
        started.pipe(mergeMap((runId) => run(five, 'x', { runId }))),
        m.cold('--t|').pipe(onEach(five, { options: (runId) => ({ runId }) })),
      );
      const runs = watch(m, live$);
      timer(1).subscribe(() => started.next('a'));
      timer(4).subscribe(() => {
        started.next('b');
        started.complete();
      });
      m.flush();
      expect(runs.text).toBe('1ms a> 1ms t> 2ms b> 2ms a| 1ms t| 2ms (b| |)');
    }),
  );

  it(
    'is stopped as a whole when it is unsubscribed',
    marbles((m) => {
      const body = m.cold('---------(y|)');
      const slow = step('slow', (_: number) => body);
      const runs = watch(m, merge(run(slow, 1), of(2, 3).pipe(onEach(slow, { strategy: 'merge' }))));
      timer(4).subscribe(() => runs.subscription.unsubscribe());
      m.flush();
      m.has(body, ['^---!', '^---!', '^---!']);
      expect(runs.runs.size).toBe(3);
    }),
  );

  it('survives 2,000 runs of which every second fails', () => {
    const odd = step('odd', (n: number) => {
      if (n % 2 === 0) throw broken;
      return n;
    });
    const ends: RunEvent['type'][] = [];
    let completed = false;
    merge(...Array.from({ length: 2000 }, (_, n) => run(odd, n)))
      .pipe(ofType('run.completed', 'run.failed'))
      .subscribe({
        next: ({ type }) => ends.push(type),
        complete: () => {
          completed = true;
        },
      });
    expect(ends.filter((type) => type === 'run.failed')).toHaveLength(1000);
    expect(ends).toHaveLength(2000);
    expect(completed).toBe(true);
  });
});
