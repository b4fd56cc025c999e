import { type Policy, type Step, workflow } from 'tutti';
import {
  assign,
  background,
  branch,
  cache,
  compensate,
  fallback,
  fold,
  followUps,
  graphOf,
  loop,
  mapEach,
  mapReduce,
  named,
  parallel,
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
import { PoliciesMade } from './policies-made.ts';
import type { Tree } from './tree.ts';
import type { World } from './world.ts';

export const isOdd = (n: number): boolean => Math.abs(n) % 2 === 1;

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The items of a map over `n`. */
export const itemsOf = (n: number, count: number): number[] => Array.from({ length: count }, (_, i) => n + i);

type Num = Step<number, number, unknown>;

/** Makes a tree of operators over the probes of a world. Ids are counted from the root, depth first. */
export function build(tree: Tree, world: World): Num {
  return new Builder(world).of(tree);
}

/** The same, and what it made its policies with. */
export function buildWith(tree: Tree, world: World): { readonly step: Num; readonly policies: PoliciesMade } {
  const builder = new Builder(world);
  return { step: builder.of(tree), policies: builder.policies };
}

class Builder {
  readonly policies: PoliciesMade;
  readonly #world: World;
  #ids = 0;

  constructor(world: World) {
    this.#world = world;
    this.policies = new PoliciesMade(world);
  }

  of(tree: Tree): Num {
    switch (tree.kind) {
      case 'leaf':
        return this.#world.placed(this.#id('leaf'), ...tree.acts);
      case 'infected':
        return this.#world.infected(this.#id('infected'));
      case 'sleep':
        return sleep<number>(tree.ms);
      case 'wait':
        return waitFor<number>('go', { timeout: tree.ms });
      case 'followUps':
        return followUps(this.of(tree.inner), { timeout: tree.ms });
      case 'background': {
        const inner = background(this.of(tree.inner));
        return named(this.#id('around'), sequence(inner, this.of(tree.beside)));
      }
      case 'sequence':
        return sequence(...tree.parts.map((part) => this.of(part))).map(Number);
      case 'parallel':
        return this.#parallel(tree);
      case 'race': {
        const [first, ...others] = tree.parts.map((part) => this.of(part));
        return first === undefined ? sleep(0) : race([first, ...others], { failure: failureOf(tree) });
      }
      case 'map':
        return this.#map(tree);
      case 'stream':
        return this.#stream(tree);
      case 'reduce':
        return this.#reduce(tree);
      case 'assign':
        return this.#assign(tree.parts);
      case 'transform':
        return sequence(
          this.of(tree.inner),
          transform((n: number) => n + 1),
        );
      case 'route':
        return route<number>()
          .case(1, this.of(tree.one))
          .case(2, this.of(tree.two))
          .otherwise(this.of(tree.other));
      case 'saga': {
        const undo = this.#world.placed(this.#id('undo'), { ...tree.undo, cleansUp: true });
        const undoing = undo.using(({ output }: { output: number }) => output);
        // Policies around it are not the step's own.
        return sequence(named(this.#id('saga'), this.of(tree.inner)).with(compensate(undoing)));
      }
      case 'policed':
        return this.#policed(tree);
      case 'branch': {
        const odd = this.of(tree.odd);
        return tree.even === undefined ? branch(isOdd, odd) : branch(isOdd, odd, this.of(tree.even));
      }
      case 'loop':
        return loop(this.of(tree.body), { until: (_, pass) => pass === tree.passes });
      case 'graph':
        return this.#graph(tree);
      case 'named':
        return named(this.#id('named'), this.of(tree.inner));
      case 'workflow':
        return workflow({ name: this.#id('workflow') }, this.of(tree.inner));
      case 'retry':
        return this.of(tree.inner).with(retry({ maxRetries: tree.maxRetries, delay: tree.delay, factor: 1 }));
      case 'timeout':
        return this.of(tree.inner).with(timeout(tree.ms));
      case 'fallback':
        return this.of(tree.inner).with(fallback(this.of(tree.other)));
      case 'recover':
        return this.of(tree.inner).with(recover(() => 0));
      case 'cache':
        return this.of(tree.inner).with(cache());
      default:
        return tree satisfies never;
    }
  }

  #id(kind: string): string {
    this.#ids++;
    return `${kind}${this.#ids}`;
  }

  #parallel({ parts, settle, limit }: Extract<Tree, { kind: 'parallel' }>): Num {
    const steps = parts.map((part) => this.of(part));
    return settle
      ? parallel(steps, { concurrency: limit, failure: 'settle' }).map(sumOfSettled)
      : parallel(steps, { concurrency: limit }).map(sum);
  }

  #map({ each, items, settle, limit }: Extract<Tree, { kind: 'map' }>): Num {
    const inner = this.of(each);
    const options = { over: (n: number) => itemsOf(n, items), concurrency: limit };
    return settle
      ? mapEach(inner, { ...options, failure: 'settle' }).map(sumOfSettled)
      : mapEach(inner, options).map(sum);
  }

  #stream({ producer, retries, each, settle }: Extract<Tree, { kind: 'stream' }>): Num {
    const made = this.#world.placed(this.#id('producer'), ...producer);
    const over = retries === 0 ? made : made.with(retry({ maxRetries: retries, delay: 2 }));
    const inner = this.of(each);
    const options = { over, keyBy: (n: number) => n };
    return settle
      ? mapEach(inner, { ...options, failure: 'settle' }).map(sumOfSettled)
      : mapEach(inner, options).map(sum);
  }

  #reduce({ each, items, reducer, settle, limit }: Extract<Tree, { kind: 'reduce' }>): Num {
    const inner = this.of(each);
    const options = { over: (n: number) => itemsOf(n, items), concurrency: limit };
    const reduce = reducer === undefined ? undefined : this.of(reducer);
    if (settle)
      return reduce === undefined
        ? mapReduce(inner, fold(plusSettled, zero), { ...options, failure: 'settle' })
        : mapReduce(inner, reduce.using(sumOfSettled), { ...options, failure: 'settle' });
    return reduce === undefined
      ? mapReduce(inner, fold(plus, zero), options)
      : mapReduce(inner, reduce.using(sum), options);
  }

  #assign(parts: readonly Tree[]): Num {
    const steps = parts.map((part, i) => [`p${i}`, this.of(part).using(({ n }: { n: number }) => n)]);
    return sequence(
      transform((n: number) => ({ n })),
      assign(Object.fromEntries(steps) as Record<string, Step<{ n: number }, number>>),
    ).map((grown) => sum(Object.values(grown)));
  }

  /** One that compensations undo has a name that says so. */
  #policed({ inner, policies }: Extract<Tree, { kind: 'policed' }>): Num {
    const part = this.of(inner);
    const step = policies.some(({ policy }) => policy === 'compensate')
      ? named(this.#id('undoable'), part)
      : part;
    return step.with(...(policies.map((spec) => this.policies.of(spec, this.#id(spec.policy))) as [Policy]));
  }

  #graph({ parts }: Extract<Tree, { kind: 'graph' }>): Num {
    const nodes = parts.map(({ tree, after, whenOdd }, i) => {
      const givenSum = (given: Readonly<Record<string, unknown>>): number =>
        sum(Object.values(given).map((n) => Number(n ?? 0)));
      const node = {
        step: this.of(tree),
        after: after.map((j) => `n${j}`),
        input: givenSum,
        ...(whenOdd ? { when: (given: Readonly<Record<string, unknown>>) => isOdd(givenSum(given)) } : {}),
      };
      return [`n${i}`, node] as const;
    });
    return graphOf(Object.fromEntries(nodes)).map((output) =>
      typeof output === 'object' && output !== null
        ? sum(Object.values(output).map((n) => Number(n ?? 0)))
        : Number(output ?? 0),
    );
  }
}

const failureOf = ({ settle }: { readonly settle: boolean }): 'settle' | 'fail-fast' =>
  settle ? 'settle' : 'fail-fast';

const sumOfSettled = (all: readonly PromiseSettledResult<number>[]): number =>
  sum(all.map((one) => (one.status === 'fulfilled' ? one.value : 0)));

const zero = (): number => 0;

const plus = (a: number, b: number): number => a + b;

const plusSettled = (a: number, b: PromiseSettledResult<number>): number =>
  a + (b.status === 'fulfilled' ? b.value : 0);
