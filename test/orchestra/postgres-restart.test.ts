import { step, workflow } from 'tutti';
import { mapEach, retry, sequence } from 'tutti/operators';
import { Orchestra } from 'tutti/orchestra';
import { checkEvents } from 'tutti/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresPlace } from '../store/postgres/postgres-place.ts';
import { serverFolder, TestServer } from '../store/postgres/server.ts';

const server = new TestServer(serverFolder(), process.pid);

beforeAll(() => server.start());
afterAll(() => server.remove());

const runs = 200;

const add = (more: number) => step(`add${more}`, (n: number) => n + more);

it('finishes 200 runs whose PostgreSQL is killed and started again under them, and begins no body twice', {
  timeout: 180_000,
}, async () => {
  const bodies = new Map<string, number>();
  const work = step('work', async (n: number, ctx) => {
    const body = `${ctx.runId}${ctx.path} ${ctx.attempt}`;
    bodies.set(body, (bodies.get(body) ?? 0) + 1);
    if (ctx.path === '/work' && ctx.attempt === 1) throw new RangeError('the first attempt fails');
    return n + 1;
  });
  const long = workflow(
    { name: 'long', version: '1' },
    sequence(
      work.with(retry({ delay: 1 })),
      mapEach(work, { over: (n: number) => [n, n + 1, n + 2], concurrency: 2 }),
      step('sum', (items: readonly number[]) => items.reduce((sum, n) => sum + n, 0)),
      add(0),
      add(1),
      add(2),
      add(3),
      add(4),
    ),
  );
  const place = await postgresPlace({}, server.url);
  const orchestra = new Orchestra({ store: place.open(), workflows: [long] });
  const troubles: unknown[] = [];
  orchestra.troubles$.subscribe((trouble) => troubles.push(trouble));
  const handles = await Promise.all(
    Array.from({ length: runs }, (_, i) => orchestra.start(long, i, { runId: `r${i}` })),
  );
  const results = handles.map((handle) => handle.result());
  for (let kills = 0; kills < 3; kills++) {
    await server.kill();
    await server.start();
  }
  const outputs = (await Promise.all(results)).map((result) => result.state === 'completed' && result.output);
  // (i+2)+(i+3)+(i+4) of the items, and 0 to 4 of the steps.
  expect(outputs).toEqual(Array.from({ length: runs }, (_, i) => 3 * i + 9 + 10));
  expect([...bodies.values()].every((times) => times === 1)).toBe(true);
  expect(bodies.size).toBe(runs * 5);
  for (const runId of ['r0', 'r99', 'r199'])
    expect(checkEvents(await place.open().events(runId))).toEqual([]);
  await orchestra.close();
});
