import { merge, takeWhile, tap } from 'rxjs';
import { type RunEvent, run, type Step } from 'tutti';
import { inVirtualTime, World } from './world.ts';

/** Two runs that share a step: what is done to one must not harm the other. */
export function shared(
  make: (world: World) => Step<number, number, number>,
  cutAt: number,
  graceful: boolean,
) {
  return inVirtualTime((scheduler) => {
    const world = new World(scheduler);
    const step = make(world);
    const heard: RunEvent[] = [];
    const { signal } = world.controller;
    const one$ = run(step, 1, { runId: 'one', signal }).pipe(
      tap(({ seq }) => graceful && seq === cutAt && world.controller.abort('enough')),
      takeWhile(({ seq }) => graceful || seq < cutAt, true),
    );
    merge(one$, run(step, 1, { runId: 'other' })).subscribe((event) => heard.push(event));
    world.advance();
    const [one = [], other = []] = ['one', 'other'].map((id) => heard.filter(({ runId }) => runId === id));
    return { one, other, held: world.held() };
  });
}
