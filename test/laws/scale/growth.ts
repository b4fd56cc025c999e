import { Session } from 'node:inspector/promises';
import { NEVER } from 'rxjs';
import { run, start, step, workflow } from 'tutti';
import {
  compensate,
  graph,
  graphOf,
  loop,
  mapEach,
  named,
  parallel,
  race,
  retry,
  sequence,
} from 'tutti/operators';

const add = step('add', (n: number) => n + 1);
const never = step('never', (_: number) => NEVER);
const failing = step('failing', (_: number): number => {
  throw new TypeError('fails');
});
const many = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Work of a size, of which double the size should be double the work. */
const works: Readonly<Record<string, (size: number) => void>> = {
  'assembling and running a sequence': (n) => void run(sequence(...many(n).map(() => add)), 0).subscribe(),
  'growing a pipe': (n) => {
    let grown = sequence(add);
    for (let i = 0; i < n; i++) grown = sequence(grown, add);
    run(grown, 0).subscribe();
  },
  'a parallel that completes': (n) => void run(parallel(many(n).map(() => add)), 0).subscribe(),
  'a parallel that fails': (n) => void run(parallel([...many(n).map(() => never), failing]), 0).subscribe(),
  'a parallel that is unsubscribed': (n) =>
    run(parallel(many(n).map(() => never)), 0)
      .subscribe()
      .unsubscribe(),
  'a parallel that is cancelled': (n) => start(parallel(many(n).map(() => never)), 0).cancel(),
  'a parallel, ten at once': (n) =>
    void run(
      parallel(
        many(n).map(() => add),
        { concurrency: 10 },
      ),
      0,
    ).subscribe(),
  'a race': (n) => void run(race([never, ...many(n).map(() => never), add]), 0).subscribe(),
  'a mapEach': (n) => void run(mapEach(add, { keyBy: String }), many(n)).subscribe(),
  'a loop': (n) => void run(loop(add, { max: n }), 0).subscribe(),
  'a retry': (n) => void run(failing.with(retry({ maxRetries: n, delay: 0 })), 0).subscribe(),
  'a nest that completes': (n) => void run(nested(n), 0).subscribe(),
  'a nest that is unsubscribed': (n) => run(nested(n, never), 0).subscribe().unsubscribe(),
  'assembling and running a graph of data': (n) =>
    void run(graphOf(Object.fromEntries(chain(n))), 0).subscribe(),
  'growing a graph node by node': (n) => {
    let grown = graph<number>().node('n0', add);
    for (let i = 1; i < n; i++) grown = grown.node(`n${i}`, add) as unknown as typeof grown;
    run(grown, 0).subscribe();
  },
  'steps with compensations, undone': (n) => {
    const undone = add.with(compensate(step('undo', (_: unknown) => 0)));
    void run(sequence(...many(n).map(() => undone), failing), 0).subscribe();
  },
  'the status of a run, once it has ended': (n) =>
    void start(sequence(...many(n).map(() => add)), 0).status().steps,
};

/** How often any piece of Tutti's code runs for a work of 400 and for one of 800. */
export async function growth(): Promise<Readonly<Record<string, readonly [number, number]>>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const counted: Record<string, [number, number]> = {};
  for (const [name, work] of Object.entries(works)) {
    work(8);
    counted[name] = [await count(session, () => work(400)), await count(session, () => work(800))];
  }
  session.disconnect();
  return counted;
}

async function count(session: Session, work: () => void): Promise<number> {
  await session.post('Profiler.takePreciseCoverage');
  work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const ours = result.filter(({ url }) => /\/(src\/core|operators)\//.test(url));
  const ranges = ours.flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
  return ranges.reduce((sum, range) => sum + range.count, 0);
}

const nested = (levels: number, core = add) => {
  let outer = named('n', core);
  for (let level = 0; level < levels; level++)
    outer =
      level % 2 === 0
        ? named('n', outer)
        : workflow(
            { name: 'w' },
            parallel([outer]).map(([n]) => n),
          );
  return outer;
};

const chain = (count: number) =>
  many(count).map(
    (i) => [`n${i}`, { step: add, after: i === 0 ? [] : [`n${i - 1}`], input: () => i }] as const,
  );
