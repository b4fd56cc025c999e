// Kills runs until so many kills are made: `npm run test:crash [sqlite-power|sqlite-process|postgres] [kills] [seed]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverFolder, TestServer } from '../../store/postgres/server.ts';
import { judgeKills, undisturbed } from './judge-kills.ts';
import type { Place } from './plan.ts';
import { untilItEnds } from './until-it-ends.ts';
import { Workers } from './workers.ts';

const folder = mkdtempSync(join(tmpdir(), 'tutti-kill-'));
const server = new TestServer(serverFolder(), process.pid);
const ledger = (kind: string): string => join(folder, `${kind}.ledger`);

const kinds: Readonly<Record<string, { kills: number; place: () => Promise<Place> }>> = {
  'sqlite-power': {
    kills: 150,
    place: async () => ({
      store: { kind: 'sqlite', file: join(folder, 'power.db'), durability: 'power' },
      ledger: ledger('power'),
    }),
  },
  'sqlite-process': {
    kills: 150,
    place: async () => ({
      store: { kind: 'sqlite', file: join(folder, 'process.db'), durability: 'process' },
      ledger: ledger('process'),
    }),
  },
  postgres: {
    kills: 100,
    place: async () => {
      await server.start();
      return { store: { kind: 'postgres', url: server.url, schema: 'killed' }, ledger: ledger('postgres') };
    },
  },
};

/** Gives how many runs were not as they should be. */
async function killing(kind: string, kills: number, firstSeed: number): Promise<number> {
  const place = await kinds[kind]?.place();
  if (place === undefined) throw new Error(`there is no ${kind}; there are ${Object.keys(kinds)}`);
  const workers = new Workers(place);
  const expected = await undisturbed();
  const points = new Map<string, number>();
  let failures = 0;
  let made = 0;
  let seed = firstSeed;
  for (; made < kills; seed++) {
    const chronicle = await untilItEnds(place, workers, seed);
    for (const { plan } of chronicle.kills) points.set(plan.point, (points.get(plan.point) ?? 0) + 1);
    made += chronicle.kills.length;
    const wrong = judgeKills(chronicle, expected);
    if (wrong.length > 0) failures++;
    const verdict = wrong.length === 0 ? 'as it should be' : `WRONG:\n  ${wrong.join('\n  ')}`;
    console.log(`${kind} seed ${seed}: ${chronicle.kills.length} kills, ${verdict}`);
  }
  await workers.close();
  console.log(`${kind}: ${made} kills of ${seed - firstSeed} runs, ${failures} wrong`);
  for (const [point, count] of points) console.log(`  ${point}: ${count}`);
  return failures;
}

const [only, kills, seed] = process.argv.slice(2);
let failures = 0;
try {
  for (const [kind, { kills: usual }] of Object.entries(kinds))
    if (only === undefined || only === kind)
      failures += await killing(kind, Number(kills ?? usual), Number(seed ?? 1));
} finally {
  if (only === undefined || only === 'postgres') await server.remove();
  rmSync(folder, { recursive: true });
}
process.exit(failures === 0 ? 0 : 1);
