import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory/memory-store.ts';
import type { Awaitable, RunStore } from '../../src/store/run-store.ts';
import type { StorePlace } from '../../src/testing/store-suite/store-place.ts';
import { events, newRun, refusal, result } from '../../src/testing/store-suite/store-place.ts';
import { reusedPlace } from './postgres/postgres-place.ts';
import { sqlitePlace } from './sqlite/sqlite-place.ts';
import {
  committed,
  created,
  hasEnded,
  type Model,
  type ModelRun,
  type SmallBatch,
  taken,
} from './store-model.ts';

/** The handles of one place, and the clock that they read. */
interface Real {
  readonly stores: readonly RunStore[];
  readonly clock: { ms: number };
}

type Play = (model: Model, store: RunStore) => Promise<void>;

/** A command by a function; `handle` says which of the place's stores does it. */
class Command implements fc.AsyncCommand<Model, Real> {
  readonly #text: string;
  readonly #handle: number;
  readonly #play: Play;

  constructor(text: string, handle: number, play: Play) {
    this.#text = `${text} by ${handle}`;
    this.#handle = handle;
    this.#play = play;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, { stores, clock }: Real): Promise<void> {
    clock.ms = model.ms;
    await this.#play(model, stores[this.#handle % stores.length]!);
    for (const [runId, run] of model.runs) await compare(stores[0]!, runId, run);
  }

  toString(): string {
    return this.#text;
  }
}

async function compare(store: RunStore, runId: string, run: ModelRun): Promise<void> {
  const row = await store.get(runId);
  expect([row?.state, row?.owner, row?.epoch, row?.commits, row?.nextSeq]).toEqual([
    ...[run.state, run.owner, run.epoch, run.commits, run.events],
  ]);
  const { entries, signals } = await store.journal(runId);
  expect(new Set(entries.map(({ path }) => path))).toEqual(run.results);
  expect(signals.map(({ consumedSeq }) => consumedSeq !== undefined)).toEqual(run.signals);
  expect((await store.events(runId)).map(({ seq }) => seq)).toEqual([...Array(run.events).keys()]);
}

/** What a call answers, as the model says it: the name of an error, or a text made of the answer. */
async function answer<T>(call: () => T | Promise<T>, text: (value: T) => string): Promise<string> {
  let said = '';
  const error = await refusal(async () => {
    said = text(await call());
  });
  return error instanceof Error ? error.name : said;
}

const runId = fc.constantFrom('r1', 'r2');
const handle = fc.nat(1);
const owner = fc.constantFrom('a', 'b');

const creates = fc.record({
  runId,
  handle,
  request: fc.nat(1),
  key: fc.option(fc.constant('k')),
  input: fc.nat(1),
});
const create = creates.map(({ runId: id, handle: by, request, key, input }) => {
  const made = { requestId: `${id} ${request}`, ...(key && { idempotencyKey: key }), input, runId: id };
  return new Command(`create ${JSON.stringify(made)}`, by, async (model, store) => {
    const run: ModelRun = {
      ...{ requestId: made.requestId, key: key ?? undefined, input, state: 'pending', owner: undefined },
      ...{ until: 0, epoch: 0, commits: 0, last: '', events: 0, results: new Set(), signals: [] },
    };
    const expected = created(model, id, run);
    expect(
      await answer(
        () => store.create(newRun(made)),
        (made) => String(made.created),
      ),
    ).toBe(expected);
  });
});

/** Mostly what follows on what there is, at times something else. */
const skew = fc.constantFrom(0, 0, 0, 0, -1, 1);
const commits = fc.record({
  ...{ runId, handle, epochSkew: skew, numberSkew: skew, firstSkew: skew, count: fc.nat(2) },
  results: fc.array(fc.constantFrom('/a', '/b', '/c', '/d'), { maxLength: 2 }),
  consumes: fc.array(fc.nat(2), { maxLength: 1 }),
  state: fc.option(fc.constantFrom('running', 'running', 'waiting', 'paused', 'completed'), {
    nil: undefined,
  }),
  release: fc.boolean(),
});
const commit = commits.map(({ runId: id, handle: by, epochSkew, numberSkew, firstSkew, ...rest }) => {
  const text = JSON.stringify({ id, epochSkew, numberSkew, firstSkew, ...rest });
  return new Command(`commit ${text}`, by, async (model, store) => {
    const run = model.runs.get(id);
    const epoch = (run?.epoch ?? 1) + epochSkew;
    const first = Math.max(0, (run?.events ?? 0) + firstSkew);
    const batch: SmallBatch = { ...rest, first, number: (run?.commits ?? 0) + 1 + numberSkew };
    const expected = committed(run, epoch, batch);
    const give = () => store.commit({ runId: id, epoch }, toBatch(id, batch));
    expect(await answer(give, () => 'ok')).toBe(expected);
    if (expected === 'ok') expect(await answer(give, () => 'ok')).toBe('ok');
  });
});

function toBatch(id: string, { first, count, results, consumes, state, release, number }: SmallBatch) {
  return {
    number,
    events: events(first, count, id),
    entries: results.map((path) => result({ path })),
    consumes: consumes.map((signal) => ({ number: signal, seq: first })),
    ...(state && { run: { state } }),
    ...(release && { release }),
  };
}

const take = fc.record({ runId, handle, owner }).map(
  ({ runId: id, handle: by, owner: who }) =>
    new Command(`take ${id} for ${who}`, by, async (model, store) => {
      const expected = taken(model, id, who, 10);
      const got = await answer(
        () => store.take(id, { owner: who, ms: 10 }),
        (l) => String(l?.epoch ?? 'held'),
      );
      expect(got).toBe(expected);
    }),
);

const send = fc.record({ runId, handle }).map(
  ({ runId: id, handle: by }) =>
    new Command(`signal ${id}`, by, async (model, store) => {
      const run = model.runs.get(id);
      const number = run?.signals.length ?? 0;
      const signal = { id: `s${number}`, channel: 'event', name: 'n', payload: 1 } as const;
      const expected = !run ? 'UnknownRunError' : hasEnded(run) ? 'RunEndedError' : String(number);
      if (run && !hasEnded(run)) run.signals.push(false);
      expect(
        await answer(
          () => store.signal(id, signal),
          (kept) => String(kept.number),
        ),
      ).toBe(expected);
    }),
);

const remove = fc.record({ runId, handle }).map(
  ({ runId: id, handle: by }) =>
    new Command(`delete ${id}`, by, async (model, store) => {
      expect(await store.delete(id)).toBe(model.runs.delete(id));
    }),
);

const pass = fc.nat(12).map(
  (ms) =>
    new Command(`${ms} ms pass`, 0, async (model) => {
      model.ms += ms;
    }),
);

const numRuns = Number(process.env.TUTTI_PROPERTY_RUNS ?? 40);

it.each<[string, () => Awaitable<StorePlace>, number]>([
  ['memoryStore', () => ({ open: memoryStore }), 1],
  ['sqliteStore, by two handles,', () => sqlitePlace({ durability: 'process' }), 2],
  ['postgresStore, by two handles,', reusedPlace, 2],
])('%s does what the model does', { timeout: 60_000 + numRuns * 200 }, async (_, makePlace, handles) => {
  const plays = fc.commands([create, commit, commit, commit, take, take, send, remove, pass], {
    maxCommands: 40,
    size: 'max',
  });
  const property = fc.asyncProperty(plays, async (commands) => {
    const place = await makePlace();
    const clock = { ms: 0, now: () => clock.ms };
    const stores = Array.from({ length: handles }, () => place.open({ clock }));
    try {
      await fc.asyncModelRun(
        () => ({ model: { ms: 0, runs: new Map() }, real: { stores, clock } }),
        commands,
      );
    } finally {
      for (const store of stores) await store.close();
      await place.remove?.();
    }
  });
  await fc.assert(property, { numRuns, seed: 6 });
});
