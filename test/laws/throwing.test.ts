import type { Step } from 'tutti';
import {
  assign,
  branch,
  cache,
  fold,
  graph,
  loop,
  mapEach,
  mapReduce,
  named,
  parallel,
  recover,
  retry,
  route,
  sequence,
  timeout,
  transform,
} from 'tutti/operators';
import { laws } from './laws.ts';
import { subject } from './subject.ts';
import type { Act, World } from './world.ts';

const slow: Act = { ms: 2, partials: 1, costUsd: 1 };

/** A function of the user's that is all right when first called in a world, and throws from then on. */
function breaking<R>(result: R): () => R {
  let calls = 0;
  return () => {
    if (calls++ > 0) throw new RangeError('breaks');
    return result;
  };
}

/** Steps with a function of the user's in them, which gives its result once, and throws from then on. */
const parts: Readonly<Record<string, (w: World) => Step<number, unknown, unknown>>> = {
  'an adapter of inputs': (w) => w.probe('a', slow).using(breaking(1)),
  'an adapter of outputs': (w) => w.probe('a', slow).map(breaking(1)),
  'a transform': (w) => sequence(w.probe('a', slow), transform(breaking(1))),
  'a condition': (w) => branch(breaking(true), w.probe('a', slow)),
  'a pattern that fits nothing': (w) =>
    sequence(transform(breaking(1)), route<number>().case(1, w.probe('a', slow)).otherwise(w.probe('b', {}))),
  'the end of a loop': (w) => loop(w.probe('a', slow), { until: breaking(true) }),
  'the condition of a node': (w) => graph<number>().node('a', w.probe('a', slow), { when: breaking(true) }),
  'the input of a node': (w) =>
    graph<number>()
      .node('a', w.probe('a', slow))
      .node('b', w.probe('b', {}), { after: ['a'], input: breaking(1) }),
  'what the items are': (w) => mapEach(w.probe('a', slow), { over: breaking([1, 2]) }),
  'the key of an item': (w) =>
    mapEach(w.probe('a', slow), { over: (n: number) => w.source(1, n), keyBy: breaking('k') }),
  'the seed of a fold': (w) =>
    mapReduce(
      w.probe('a', slow),
      fold((sum: number, n: number) => sum + n, breaking(0)),
      {
        over: (n: number) => [n],
      },
    ),
  'the taking in of a fold': (w) =>
    mapReduce(
      w.probe('a', slow),
      fold(breaking(1), () => 0),
      { over: (n: number) => [n] },
    ),
  'what is worth a retry': (w) =>
    w.probe('a', slow, slow, { ms: 1, ends: 'failure' }).with(retry({ on: breaking(true) })),
  'a recovery': (w) => w.probe('a', { ms: 1, ends: 'failure' }).with(recover(breaking(1))),
  'the key of an answer': (w) => w.probe('a', slow).with(cache({ key: breaking(1) })),
  'a record that is none': (w) =>
    sequence(
      transform(breaking({ n: 1 })),
      assign({ a: w.probe('a', slow).using(({ n }: { n: number }) => n) }),
    ),
};

for (const [name, part] of Object.entries(parts)) {
  // The second time it comes out of a timer, with others beside it.
  laws(
    `${name}, that breaks`,
    (w) => {
      const again = named(
        'again',
        sequence(
          parallel([part(w), w.probe('z', { ms: 9 })]),
          w.probe('bad', { ends: 'failure' }).using(() => 1),
        ),
      );
      return subject(again.with(retry({ maxRetries: 1, delay: 1 }), timeout(40)), 1);
    },
    { ends: 'run.failed' },
  );
}
