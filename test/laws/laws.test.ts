import { map, merge, timer } from 'rxjs';
import { P } from 'ts-pattern';
import { workflow } from 'tutti';
import {
  approval,
  assign,
  background,
  branch,
  compensate,
  fallback,
  fold,
  followUps,
  graph,
  loop,
  mapEach,
  mapReduce,
  named,
  parallel,
  patched,
  race,
  recover,
  retry,
  route,
  sequence,
  sleep,
  timeout,
  transform,
  waitFor,
} from 'tutti/operators';
import { z } from 'zod';
import { laws } from './laws.ts';
import { subject } from './subject.ts';
import type { Act, World } from './world.ts';

const quick: Act = { costUsd: 1 };
const slow: Act = { ms: 3, partials: 2, costUsd: 2, abortUsd: 4 };
const late: Act = { ms: 2, lateUsd: 8 };
/** Signals at times, in milliseconds. */
const sent = (w: World, ...all: readonly (readonly [at: number, name: string, payload: unknown])[]) =>
  merge(...all.map(([at, name, payload]) => timer(at, w.scheduler).pipe(map(() => ({ name, payload })))));

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Three steps: one at once, one that streams and charges when stopped, one that charges late. */
const trio = (w: World) => ({ a: w.probe('a', slow), b: w.probe('b', quick), c: w.probe('c', late) });

laws(
  'a step',
  (w) =>
    subject(
      w
        .probe('a', slow)
        .using((n: number) => n * 10)
        .map((n) => n * 10),
      1,
    ),
  { output: 110 },
);

laws('a step whose Observable completes empty', (w) => subject(w.probe('a', { ms: 2, ends: 'empty' }), 1), {
  output: undefined,
});

laws(
  'a step whose input is refused',
  (w) => {
    const refusing = w.probe('a', quick).using((n: number) => z.number().max(0).parse(n));
    return subject(named('n', sequence(w.probe('b', slow), refusing)), 1);
  },
  { ends: 'run.failed' },
);

laws(
  'sequence',
  (w) => {
    const { a, b, c } = trio(w);
    return subject(sequence(a, b, c, a), 1);
  },
  { output: 5 },
);

laws('sequence without steps', () => subject(sequence(), 1), { output: 1 });

laws('parallel', (w) => subject(parallel({ ...trio(w), d: w.probe('d', slow) }), 1), {
  output: { a: 2, b: 2, c: 2, d: 2 },
});

laws(
  'parallel, settling, two at once',
  (w) => {
    const { a, b, c } = trio(w);
    const bad = w.probe('bad', { ms: 2, ends: 'failure', costUsd: 16 });
    const settled = parallel([a, bad, b, c], { failure: 'settle', concurrency: 2 });
    return subject(
      settled.map((all) => all.map(({ status }) => status)),
      1,
    );
  },
  { output: ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'] },
);

laws('parallel without branches', () => subject(parallel({}), 1), { output: {} });

laws(
  'race',
  (w) =>
    subject(
      sequence(race([w.probe('a', slow), w.probe('c', late), w.probe('d', slow)]), w.probe('b', quick)),
      1,
    ),
  { output: 3 },
);

laws(
  'race, settling',
  (w) => {
    const bad = w.probe('bad', { ms: 1, ends: 'failure', lateUsd: 16 });
    return subject(race([bad, w.probe('a', slow), w.probe('d', slow)], { failure: 'settle' }), 1);
  },
  { output: 2 },
);

laws(
  'race that nobody wins',
  (w) => {
    const bad = w.probe('bad', { ms: 1, ends: 'failure' });
    return subject(race([bad, bad, w.probe('sync', { ends: 'failure' })], { failure: 'settle' }), 1);
  },
  { ends: 'run.failed' },
);

laws('mapEach over an array', (w) => subject(mapEach(w.probe('a', slow)), [1, 2, 3]), { output: [2, 3, 4] });

laws('mapEach over nothing', (w) => subject(mapEach(w.probe('a', slow)), []), { output: [] });

laws(
  'mapEach over an iterable, two at once, as they come',
  (w) => {
    const each = mapEach(sequence(w.probe('a', slow), w.probe('b', { ms: 3 }, { ms: 1 })), {
      keyBy: (n) => `k/${n}`,
      concurrency: 2,
      order: 'completion',
    });
    return subject(each, new Set([1, 2, 3]));
  },
  { output: [4, 3, 5] },
);

laws(
  'mapEach, settling',
  (w) => {
    const each = w.probe('a', { ms: 1 }, { ms: 2, ends: 'failure', costUsd: 1 }, { ms: 3 });
    const settled = mapEach(each, { failure: 'settle', concurrency: 2 });
    return subject(
      settled.map((all) => all.map(({ status }) => status)),
      [1, 2, 3],
    );
  },
  { output: ['fulfilled', 'rejected', 'fulfilled'] },
);

laws(
  'mapEach over an Observable',
  (w) =>
    subject(
      mapEach(w.probe('a', slow), { over: (n: number) => w.source(n, 2), keyBy: String, concurrency: 1 }),
      3,
    ),
  { output: [2, 3, 4] },
);

laws(
  'mapEach over an Observable that fails',
  (w) =>
    subject(
      mapEach(w.probe('a', slow), { over: (n: number) => w.source(n, 2, 'failure'), keyBy: String }),
      2,
    ),
  { ends: 'run.failed' },
);

laws(
  'mapEach over the partials of a step',
  (w) => {
    const items = w.probe('items', { ms: 4, partials: 2, costUsd: 1 });
    return subject(mapEach(w.probe('a', slow), { over: items, keyBy: String }), 5);
  },
  { output: [0, -1, 7] },
);

laws(
  'mapEach over the partials of a step that is tried again',
  (w) => {
    const items = w.probe(
      'items',
      { ms: 6, partials: 2, costUsd: 1, ends: 'failure' },
      { ms: 4, partials: 1, lateUsd: 1 },
    );
    return subject(mapEach(w.probe('a', slow), { over: items.with(retry({ delay: 1 })), keyBy: String }), 5);
  },
  { output: [0, 7] },
);

laws(
  'mapEach over the partials of a step that is tried again, with items of several steps',
  (w) => {
    const items = w.probe(
      'items',
      { ms: 9, partials: 2, ends: 'failure' },
      { ms: 4, partials: 1, costUsd: 1 },
    );
    const a = w.probe('a', { ms: 1, ends: 'failure', lateUsd: 2 }, { ms: 5 }, { ms: 1, costUsd: 4 });
    const item = sequence(a.with(retry({ delay: 1 })), w.probe('b', late), named('c', w.probe('d', quick)));
    return subject(mapEach(item, { over: items.with(retry({ delay: 1 })), keyBy: String }), 5);
  },
  { output: [2, 9] },
);

laws(
  'mapReduce with a step',
  (w) => {
    const reduce = w.probe('reduce', slow).using(sum);
    return subject(mapReduce(w.probe('a', late), reduce), [1, 2, 3]);
  },
  { output: 10 },
);

laws(
  'mapReduce with a fold',
  (w) => {
    const each = w.probe('a', { ms: 3 }, { ms: 1, costUsd: 1 }, { ms: 2 });
    const joined = fold(
      (text: string, n: number) => text + n,
      () => '',
    );
    return subject(mapReduce(each, joined, { concurrency: 2 }), [1, 2, 3]);
  },
  { output: '234' },
);

laws(
  'mapReduce over nothing',
  (w) =>
    subject(
      mapReduce(
        w.probe('a', slow),
        fold(
          (a: number, b: number) => a + b,
          () => 0,
        ),
      ),
      [],
    ),
  { output: 0 },
);

laws(
  'branch',
  (w) => {
    const { a, b, c } = trio(w);
    const odd = (n: number): boolean => n % 2 === 1;
    return subject(sequence(branch(odd, a, b), branch(odd, c, b), branch(odd, a), branch(odd, c)), 1);
  },
  { output: 4 },
);

laws(
  'route',
  (w) => {
    const { a, b, c } = trio(w);
    const routed = route<number>().case(1, a).case(P.number.gt(2), b).otherwise(c);
    return subject(sequence(routed, routed, routed), 1);
  },
  { output: 4 },
);

laws(
  'loop until',
  (w) => subject(loop(w.probe('a', slow, quick, late), { until: (n) => n > 3, max: 9 }), 1),
  { output: 4 },
);

laws(
  'loop that reaches its max',
  (w) => subject(loop(w.probe('a', slow), { until: () => false, max: 2 }), 1),
  {
    ends: 'run.failed',
  },
);

laws(
  'graph',
  (w) => {
    const { a, b, c } = trio(w);
    const built = graph<number>({ concurrency: 2 })
      .node('a', a)
      .node('b', b)
      .node('d', w.probe('d', slow))
      .node('skipped', a, { when: () => false })
      .node('c', c, {
        after: ['a', 'b', 'skipped'],
        input: (given) => given.a + given.b + (given.skipped ?? 0),
      });
    return subject(built, 1);
  },
  { output: { d: 2, c: 5 } },
);

laws('graph without nodes', () => subject(graph<number>(), 1), { output: {} });

laws(
  'assign',
  (w) => {
    const of = (id: string, act: Act) => w.probe(id, act).using(({ n }: { n: number }) => n);
    return subject(sequence(assign({ a: of('a', slow), b: of('b', quick) }), assign({ c: of('c', late) })), {
      n: 1,
    });
  },
  { output: { n: 1, a: 2, b: 2, c: 2 } },
);

laws(
  'transform',
  (w) =>
    subject(
      sequence(
        w.probe('a', slow),
        transform((n: number) => -n),
      ),
      1,
    ),
  { output: -2 },
);

laws(
  'transform that throws',
  (w) =>
    subject(
      sequence(
        w.probe('a', slow),
        transform(() => z.string().parse(1)),
      ),
      1,
    ),
  { ends: 'run.failed' },
);

laws('named', (w) => subject(named('n', named('m', parallel(trio(w)))), 1), { output: { a: 2, b: 2, c: 2 } });

laws('sleep', (w) => subject(sequence(w.probe('a', slow), sleep(3), w.probe('b', quick)), 1), { output: 3 });

laws(
  'waitFor, answered',
  (w) => {
    const paid = waitFor('paid', { schema: z.number(), timeout: 99 }).map(Number);
    const both = sequence(w.probe('a', slow), paid, w.probe('b', late));
    return subject(both, 1, sent(w, [1, 'paid', 'no'], [2, 'other', 0], [5, 'paid', 7]));
  },
  { output: 8, piped: false },
);

laws(
  'waitFor, in vain',
  (w) => {
    const paid = waitFor<number>('paid', { timeout: 4 });
    return subject(sequence(w.probe('a', slow), paid.with(fallback(w.probe('b', late)))), 1);
  },
  { output: 3 },
);

laws(
  'approval, given to one and refused to another',
  (w) => {
    const both = parallel([approval<number>({ name: 'yes' }), approval<number>({ name: 'no' })], {
      failure: 'settle',
    });
    const signals$ = sent(w, [2, 'no', { approved: false }], [4, 'yes', { approved: true }]);
    return subject(sequence(both.map((all) => all.map(({ status }) => status))), 1, signals$);
  },
  { output: ['fulfilled', 'rejected'], piped: false },
);

laws(
  'followUps, with a question',
  (w) => subject(followUps(w.probe('a', slow, late), { timeout: 4 }), 1, sent(w, [5, 'followUp', 8])),
  { output: 9, piped: false },
);

laws('followUps, without', (w) => subject(followUps(w.probe('a', slow), { timeout: 4 }), 1), { output: 2 });

laws(
  'background of a run',
  (w) => {
    const bad = w.probe('bad', { ms: 2, ends: 'failure', costUsd: 16, abortUsd: 1 });
    const aside = background(sequence(w.probe('a', slow), w.probe('c', late)));
    return subject(sequence(aside, background(bad), w.probe('b', { ms: 1 }), w.probe('d', quick)), 1);
  },
  { output: 3, piped: false },
);

laws(
  'background of a step, tried again',
  (w) => {
    const aside = background(w.probe('a', { ms: 5, lateUsd: 1, abortUsd: 2 }));
    const step = named('n', sequence(aside, w.probe('b', { ms: 2, ends: 'failure' }, slow)));
    return subject(sequence(step.with(retry({ delay: 1 })), w.probe('c', quick)), 1);
  },
  { output: 3 },
);

laws(
  'patched',
  (w) => subject(sequence(patched('v2', w.probe('b', slow), w.probe('a', quick)), w.probe('a', late)), 1),
  { output: 3 },
);

laws(
  'a nested workflow',
  (w) => {
    const { a, b, c } = trio(w);
    const inner = workflow({ name: 'inner', input: z.number(), output: z.number() }, sequence(a, b));
    return subject(workflow({ name: 'outer' }, sequence(inner, c)), 1);
  },
  { output: 4 },
);

laws(
  'a workflow that spends too much',
  (w) =>
    subject(
      workflow(
        { name: 'w', budget: { usd: 3 } },
        parallel([...Object.values(trio(w)), w.probe('x', { ms: 1, costUsd: 9 })]),
      ),
      1,
    ),
  { ends: 'run.failed' },
);

laws(
  'bodies that end because others are stopped',
  (w) => {
    const chain = sequence(w.infected('i'), w.probe('b', slow));
    const both = parallel({ a: w.probe('a', { ms: 20, abortUsd: 1 }), chain, other: w.infected('j') });
    return subject(
      sequence(
        w.probe('c', late),
        named('n', both)
          .map(() => 0)
          .with(timeout(3), fallback(w.probe('f', slow))),
        w.probe('b', quick),
      ),
      1,
    );
  },
  { output: 4 },
);

const undoing = (w: World, id: string, act: Act) =>
  w.probe(id, { ...act, cleansUp: true }).using(({ output }: { output: number }) => output);

laws(
  'compensations, when what they are for fails',
  (w) => {
    const a = w.probe('a', slow).with(compensate(undoing(w, 'undoA', slow)));
    const b = w.probe('b', { ms: 1 }).with(compensate(undoing(w, 'undoB', quick)));
    const saga = named(
      'saga',
      sequence(parallel([a, b]), w.probe('c', { ms: 2, ends: 'failure' }).using(sum)),
    );
    return subject(sequence(saga.with(recover(() => 0)), w.probe('d', late)), 1);
  },
  { output: 1 },
);

laws(
  'compensations of a run',
  (w) => {
    const a = w.probe('a', slow).with(compensate(undoing(w, 'undoA', { ...slow, ends: 'failure' })));
    const b = w.probe('b', quick).with(compensate(undoing(w, 'undoB', late)));
    return subject(workflow({ name: 'w' }, sequence(a, b, w.probe('c', { ms: 2, ends: 'failure' }))), 1);
  },
  { ends: 'run.failed' },
);

laws(
  'a composite under policies',
  (w) => {
    const both = parallel({ a: w.probe('a', slow), b: w.probe('b', { ms: 1, ends: 'failure' }, quick) });
    return subject(
      both.with(
        retry({ delay: 2 }),
        recover(() => 'recovered'),
      ),
      1,
    );
  },
  { output: { a: 2, b: 2 } },
);
