import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { firstValueFrom, timer } from 'rxjs';
import { Orchestra } from 'tutti/orchestra';
import { longWorkflow } from '../long-workflow.ts';
import { deadly, Fate } from './deadly-store.ts';
import { Death } from './death.ts';
import { openStore } from './open-store.ts';
import type { Place, Task } from './plan.ts';

/** Longer than any lease here. */
const lifeMs = 3_600_000;

/** Lives one life of a run: starts it, or goes on with it, until it ends or the process does. */
async function live(place: Place, { runId, life, plan }: Task, death: Death): Promise<void> {
  const fate = new Fate(plan, death);
  const write = (what: string, path: string, attempt: number): void =>
    appendFileSync(place.ledger, `${JSON.stringify({ life, what, path, attempt })}\n`);
  const workflow = longWorkflow({
    started: (path, attempt) => write('start', path, attempt),
    ended: (path, attempt) => {
      write('end', path, attempt);
      fate.at('after-body-before-commit');
    },
    rest: async (turns) => void (await firstValueFrom(timer(turns))),
  });
  const store = deadly(openStore(place, life * lifeMs), fate);
  const orchestra = new Orchestra({ store, workflows: [workflow], recoverEvery: 20 });
  orchestra.troubles$.subscribe(({ error }) => process.stderr.write(`${String(error)}\n`));
  for (let nth = plan?.nth ?? 0; nth > 0; nth--) fate.at('any-moment');
  const handle = await orchestra.start(workflow as never, 3 as never, { runId, idempotencyKey: runId });
  const { state } = await handle.result();
  await orchestra.close();
  process.stdout.write(`${state}\n`, () => process.exit(0));
}

const place = JSON.parse(process.argv[2] as string) as Place;
const death = new Death();
await death.ready();
createInterface(process.stdin).once('line', (line) => {
  live(place, JSON.parse(line) as Task, death).catch((error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`, () => process.exit(1));
  });
});
process.stdout.write('ready\n');
