import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeKills, undisturbed } from './judge-kills.ts';
import type { Place } from './plan.ts';
import { untilItEnds } from './until-it-ends.ts';
import { Workers } from './workers.ts';

// The long form, of hundreds of kills, is `npm run test:crash`.
describe('a run whose processes are killed', () => {
  it('loses nothing, repeats nothing that completed, and comes to the same end', {
    timeout: 300_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tutti-kill-'));
    const place: Place = {
      store: { kind: 'sqlite', file: join(folder, 'runs.db'), durability: 'process' },
      ledger: join(folder, 'ledger'),
    };
    const workers = new Workers(place);
    const chronicle = await untilItEnds(place, workers, 3);
    await workers.close();
    expect(chronicle.kills.length).toBeGreaterThan(9);
    expect(judgeKills(chronicle, await undisturbed())).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
