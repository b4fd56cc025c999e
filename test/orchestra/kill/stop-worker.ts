import { appendFileSync } from 'node:fs';
import { step } from 'tutti';
import { Orchestra } from 'tutti/orchestra';
import { openStore } from './open-store.ts';
import type { Place } from './plan.ts';

/** Takes runs of one step that ends when it is told to, and says what becomes of it. */
const [, , text = '', leaseMs = ''] = process.argv;
const place = JSON.parse(text) as Place;
const say = (line: string): void => appendFileSync(place.ledger, `${process.pid} ${line}\n`);
const stay = step('stay', async (_: number, { signal }) => {
  say('starts');
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  say('aborted');
});
const orchestra = new Orchestra({
  store: openStore(place),
  workflows: [stay],
  lease: Number(leaseMs),
  recoverEvery: 20,
});
orchestra.troubles$.subscribe(({ error }) => say((error as Error).name));
say('ready');
