import { NEVER, Observable, Subject } from 'rxjs';
import { type RunEvent, run, step } from 'tutti';
import { named, parallel, race } from 'tutti/operators';
import { checkEvents } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { listen, told } from './support.ts';

const broken = new Error('broken');

/** A step that waits, and says when it is torn down. */
function waiting(id: string, torn: string[]) {
  return step(id, (_: unknown) => new Observable<never>(() => () => torn.push(id)));
}

describe('what runs', () => {
  it('is ended innermost first, earlier siblings first', () => {
    const torn: string[] = [];
    const tree = parallel({
      a: named('a', parallel({ a1: waiting('a1', torn), a2: waiting('a2', torn) })),
      b: waiting('b', torn),
    });
    const controller = new AbortController();
    const events = listen(run(tree, 1, { signal: controller.signal }));
    const before = events.length;
    controller.abort('enough');
    expect(told(events.slice(before))).toBe('a/a1! a/a2! a! b! run!');
    expect(torn).toEqual(['a1', 'a2', 'b']);
    expect(checkEvents(events)).toEqual([]);
  });

  it('is ended before the failure of its sibling goes up', () => {
    const torn: string[] = [];
    const gate = new Subject<never>();
    const inner = named('inner', parallel({ w: waiting('w', torn), f: step('f', () => gate) }));
    const events = listen(run(named('outer', parallel({ inner, late: waiting('late', torn) })), 1));
    const before = events.length;
    gate.error(broken);
    expect(told(events.slice(before))).toBe(
      'outer/inner/f# outer/inner/w! outer/inner# outer/late! outer# run#',
    );
    expect(torn).toEqual(['w', 'late']);
  });

  it('does not begin what was to begin when something else has ended it all', () => {
    const begun: string[] = [];
    const noting = (id: string, work: () => unknown) =>
      step(id, (_: unknown) => {
        begun.push(id);
        return work();
      });
    const failing = noting('failing', () => {
      throw broken;
    });
    const events = listen(run(parallel([failing, noting('never', () => 1)]), 1));
    expect(begun).toEqual(['failing']);
    expect(events.at(-1)).toMatchObject({ type: 'run.failed' });
    const winner = noting('winner', () => 1);
    listen(run(race([winner, noting('late', () => NEVER)]), 1));
    expect(begun).toEqual(['failing', 'winner']);
  });

  it('ends once, though a teardown would end it again', () => {
    const gate = new Subject<number>();
    const stubborn = step(
      'stubborn',
      (_: unknown) =>
        new Observable<number>((subscriber) => {
          subscriber.add(() => {
            gate.error(broken);
            subscriber.next(1);
            subscriber.complete();
          });
        }),
    );
    const events: RunEvent[] = [];
    const controller = new AbortController();
    run(parallel({ stubborn, gate: step('gate', () => gate) }), 1, { signal: controller.signal }).subscribe(
      (event) => events.push(event),
    );
    controller.abort('enough');
    expect(checkEvents(events)).toEqual([]);
    expect(told(events)).toBe('run> stubborn> gate> stubborn! gate! run!');
  });
});
