import { isGenerous } from './any-policy.ts';
import { isOdd, itemsOf, sum } from './build.ts';
import type { Tree } from './tree.ts';
import type { Act } from './world.ts';

/** How a part of a tree ends: when, in virtual milliseconds (`Infinity` for never), and with what. */
export interface Outcome {
  readonly end: number;
  readonly ok: boolean;
  readonly value: number;
}

/** Two things happen at the same time, and what follows depends on which is first: the model does not say. */
class Undecided extends Error {}

/**
 * What a tree gives for an input, worked out from the meaning of its operators alone, without events, scopes or
 * subscriptions; `undefined` where that depends on which of two things at the same time is first.
 */
export function foretell(tree: Tree, input: number): Outcome | undefined {
  try {
    return new Model().of(tree, input, 0, '');
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}

/** One of several parts side by side. */
interface Job {
  /** Not before this. */
  readonly from: number;
  /** Its failure counts even when the others' do not. */
  readonly critical?: boolean;
  readonly run: (at: number) => Outcome;
}

/** A job that has been begun, and which entries of the journal are its own. */
interface Done extends Outcome {
  readonly start: number;
  readonly job: Job;
  readonly entries: readonly [from: number, to: number];
}

/** What happens at a time, and how it is taken back if everything had been cancelled before, at `cut`. */
interface Entry {
  readonly at: number;
  readonly undo: (cut: number) => void;
}

/** The making of an answer that is to be remembered. */
interface Flight {
  readonly start: number;
  end: number;
  answer: number | undefined;
}

class Model {
  readonly #calls = new Map<string, number>();
  readonly #flights = new Map<string, Flight[]>();
  readonly #ids = new Map<Tree, number>();
  readonly #journal: Entry[] = [];

  of(tree: Tree, input: number, start: number, where: string): Outcome {
    switch (tree.kind) {
      case 'leaf':
        return outcomeOf(this.#act(tree, tree.acts, start, where), input, start);
      case 'infected':
        throw new Undecided();
      case 'sleep':
        return { end: start + tree.ms, ok: true, value: input };
      case 'wait':
        return { end: start + tree.ms, ok: false, value: 0 };
      case 'followUps': {
        const answer = this.of(tree.inner, input, start, `${where}#1`);
        return answer.ok ? { ...answer, end: answer.end + tree.ms } : answer;
      }
      case 'background':
        return this.#background(tree, input, start, where);
      case 'sequence':
        return this.#sequence(tree.parts, input, start, where);
      case 'parallel':
        return this.#joined(
          tree.parts.map((part) => ({ from: start, run: (at) => this.of(part, input, at, where) })),
          tree,
          start,
        );
      case 'race':
        return this.#race(tree, input, start, where);
      case 'map':
        return this.#joined(
          itemsOf(input, tree.items).map((item, i) => ({
            from: start,
            run: (at) => this.of(tree.each, item, at, `${where}[${i}]`),
          })),
          tree,
          start,
        );
      case 'stream':
        return this.#stream(tree, input, start, where);
      case 'reduce':
        return this.#reduce(tree, input, start, where);
      case 'assign':
        return this.#assign(tree.parts, input, start, where);
      case 'transform':
        return plusOne(this.of(tree.inner, input, start, where));
      case 'route':
        return this.of(routed(tree, input), input, start, where);
      case 'saga':
        if (tree.undo.ms !== undefined || tree.undo.ends === 'failure') throw new Undecided();
        return this.of(tree.inner, input, start, where);
      case 'policed':
        return this.#policed(tree, tree.policies.length - 1, input, start, where);
      case 'branch':
        return this.#branch(tree, input, start, where);
      case 'loop':
        return this.#sequence(Array(tree.passes).fill(tree.body), input, start, where, true);
      case 'graph':
        return this.#graph(tree, input, start, where);
      case 'named':
      case 'workflow':
        return this.of(tree.inner, input, start, where);
      case 'retry':
        return this.#retry(tree, input, start, where);
      case 'timeout':
        return this.#timeout(tree, input, start, where);
      case 'fallback':
        return this.#fallback(tree, input, start, where);
      case 'recover':
        return recovered(this.of(tree.inner, input, start, where));
      case 'cache':
        return this.#cache(tree, input, start, where);
      default:
        return tree satisfies never;
    }
  }

  #background(
    { inner, beside }: Extract<Tree, { kind: 'background' }>,
    input: number,
    start: number,
    where: string,
  ): Outcome {
    const aside = this.of(inner, input, start, where);
    const outcome = this.of(beside, input, start, where);
    if (outcome.ok) return { ...outcome, end: Math.max(outcome.end, aside.end) };
    // What it was doing when the other failed has not happened.
    if (aside.end > outcome.end) throw new Undecided();
    return outcome;
  }

  /** The act of the next call of a probe at one place. */
  #act(tree: Tree, acts: readonly Act[], start: number, where: string): Act {
    const key = this.#keyOf(tree, where);
    const nth = this.#calls.get(key) ?? 0;
    this.#calls.set(key, nth + 1);
    this.#journal.push({ at: start, undo: () => this.#calls.set(key, (this.#calls.get(key) ?? 0) - 1) });
    return acts[nth] ?? acts.at(-1) ?? {};
  }

  #keyOf(tree: Tree, where: string): string {
    const id = this.#ids.get(tree) ?? this.#ids.size;
    this.#ids.set(tree, id);
    return `${id} ${where}`;
  }

  #sequence(parts: readonly Tree[], input: number, start: number, where: string, passes = false): Outcome {
    let outcome: Outcome = { end: start, ok: true, value: input };
    for (const [i, part] of parts.entries()) {
      if (!outcome.ok || outcome.end === Number.POSITIVE_INFINITY) return outcome;
      outcome = this.of(part, outcome.value, outcome.end, passes ? `${where}#${i + 1}` : where);
    }
    return outcome;
  }

  #retry(tree: Extract<Tree, { kind: 'retry' }>, input: number, start: number, where: string): Outcome {
    let outcome = this.of(tree.inner, input, start, where);
    for (let n = 0; n < tree.maxRetries && failed(outcome); n++)
      outcome = this.of(tree.inner, input, outcome.end + tree.delay, where);
    return outcome;
  }

  #fallback(tree: Extract<Tree, { kind: 'fallback' }>, input: number, start: number, where: string): Outcome {
    const outcome = this.of(tree.inner, input, start, where);
    return failed(outcome) ? this.of(tree.other, input, outcome.end, where) : outcome;
  }

  #branch(tree: Extract<Tree, { kind: 'branch' }>, input: number, start: number, where: string): Outcome {
    const taken = isOdd(input) ? tree.odd : tree.even;
    return taken === undefined ? { end: start, ok: true, value: input } : this.of(taken, input, start, where);
  }

  #reduce(tree: Extract<Tree, { kind: 'reduce' }>, input: number, start: number, where: string): Outcome {
    const { kind: _, reducer, ...map } = tree;
    const mapped = this.of({ kind: 'map', ...map }, input, start, where);
    return reducer === undefined || !mapped.ok || mapped.end === Number.POSITIVE_INFINITY
      ? mapped
      : this.of(reducer, mapped.value, mapped.end, where);
  }

  #assign(parts: readonly Tree[], input: number, start: number, where: string): Outcome {
    const jobs = parts.map((part) => ({ from: start, run: (at: number) => this.of(part, input, at, where) }));
    const outcome = this.#joined(jobs, { settle: false, limit: 99 }, start);
    return { ...outcome, value: outcome.value + input };
  }

  #timeout(tree: Extract<Tree, { kind: 'timeout' }>, input: number, start: number, where: string): Outcome {
    const mark = this.#journal.length;
    const outcome = this.of(tree.inner, input, start, where);
    const due = start + tree.ms;
    if (outcome.end < due) return outcome;
    if (outcome.end === due) throw new Undecided();
    this.#cut(due, mark);
    return { end: due, ok: false, value: 0 };
  }

  #cache(tree: Extract<Tree, { kind: 'cache' }>, input: number, start: number, where: string): Outcome {
    const key = this.#keyOf(tree, String(input));
    const flights = this.#flights.get(key) ?? [];
    this.#flights.set(key, flights);
    for (const { start: since, end, answer } of flights) {
      if (since > start || end > start || (end === start && start > 0)) throw new Undecided();
      if (answer !== undefined) return { end: start, ok: true, value: answer };
    }
    const { end, ok, value } = this.of(tree.inner, input, start, where);
    const flight: Flight = { start, end, answer: ok ? value : undefined };
    flights.push(flight);
    const undo = (cut: number): void => {
      if (cut < start) flights.splice(flights.indexOf(flight), 1);
      flight.end = cut;
      flight.answer = undefined;
    };
    this.#journal.push({ at: end, undo });
    return { end, ok, value };
  }

  #stream(tree: Extract<Tree, { kind: 'stream' }>, input: number, start: number, where: string): Outcome {
    const act = this.#act(tree, tree.producer, start, where);
    const made = outcomeOf(act, input, start);
    const { ms, partials = 0, ends = 'value' } = act;
    if (ends === 'failure' && tree.retries > 0) throw new Undecided();
    const items = ms === undefined ? [] : Array.from({ length: partials }, (_, k) => -k - 1);
    const times = items.map((item) => start + ((ms ?? 0) * -item) / (partials + 1));
    if (ms !== undefined && ends === 'value') {
      items.push(input + 1);
      times.push(made.end);
    }
    if (new Set(items).size < items.length) throw new Undecided();
    const jobs = items.map((item, i) => ({
      from: times[i] ?? start,
      run: (at: number) => this.of(tree.each, item, at, `${where}[${item}]`),
    }));
    const producer = { from: start, critical: true, run: () => ({ ...made, value: 0 }) };
    return this.#joined([producer, ...jobs], { settle: tree.settle, limit: 99 }, start);
  }

  /** The sum of what jobs give, if all of them do. */
  #joined(
    jobs: readonly Job[],
    { settle, limit }: { readonly settle: boolean; readonly limit: number },
    start: number,
  ): Outcome {
    const mark = this.#journal.length;
    const done: Done[] = [];
    const running: number[] = [];
    let at = start;
    for (const job of jobs) {
      at = placeFor(running, limit, Math.max(at, job.from));
      if (at === Number.POSITIVE_INFINITY || (first(done, settle)?.end ?? at + 1) <= at) break;
      const one = this.#begin(job, at);
      done.push(one);
      if (one.end > at) running.push(one.end);
    }
    const loser = first(done, settle);
    if (loser !== undefined) return this.#ended(loser, done, mark, start);
    const end =
      done.length < jobs.length ? Number.POSITIVE_INFINITY : Math.max(start, ...done.map((one) => one.end));
    return { end, ok: true, value: sum(done.map(({ ok, value }) => (ok ? value : 0))) };
  }

  #race(tree: Extract<Tree, { kind: 'race' }>, input: number, start: number, where: string): Outcome {
    const mark = this.#journal.length;
    const done: Done[] = [];
    const decides = (one: Outcome): boolean => one.end < Number.POSITIVE_INFINITY && (one.ok || !tree.settle);
    for (const part of tree.parts) {
      const one = this.#begin({ from: start, run: (at) => this.of(part, input, at, where) }, start);
      done.push(one);
      if (decides(one) && one.end === start) break;
    }
    const winner = earliest(done.filter(decides));
    if (winner !== undefined) return this.#ended(winner, done, mark, start);
    return { end: Math.max(...done.map(({ end }) => end)), ok: false, value: 0 };
  }

  #begin(job: Job, start: number): Done {
    const from = this.#journal.length;
    const outcome = job.run(start);
    return { ...outcome, job, start, entries: [from, this.#journal.length] };
  }

  /** One of several ends them all. */
  #ended(decisive: Done, all: readonly Done[], mark: number, start: number): Outcome {
    const { end, ok, value, entries } = decisive;
    const others = all.filter((one) => one !== decisive && one.end === end && one.start < end);
    if (others.length > (decisive.start === end ? 1 : 0)) throw new Undecided();
    this.#cut(end, mark, entries, end === start);
    return { end, ok, value };
  }

  /** Takes back what comes after `at`. What is at that time may be before or after, but for the decisive entries. */
  #cut(at: number, mark: number, [from, to]: readonly [number, number] = [0, 0], atOnce = false): void {
    for (const [i, entry] of [...this.#journal.entries()].slice(mark).reverse()) {
      if (entry.at > at) {
        entry.undo(at);
        this.#journal.splice(i, 1);
      } else if (entry.at === at && !atOnce && !(i >= from && i < to)) throw new Undecided();
    }
  }

  /** The outcome under the first policies of a list: those that are there and never come into force change nothing. */
  #policed(
    tree: Extract<Tree, { kind: 'policed' }>,
    outermost: number,
    input: number,
    start: number,
    where: string,
  ): Outcome {
    const spec = tree.policies[outermost];
    if (spec === undefined) return this.of(tree.inner, input, start, where);
    if (!isGenerous(spec)) throw new Undecided();
    const under = (place: string, at: number): Outcome =>
      this.#policed(tree, outermost - 1, input, at, place);
    let outcome = under(where, start);
    if (spec.policy === 'hedge' && failed(outcome) && mayStream(tree.inner)) throw new Undecided();
    if (spec.policy === 'hedge')
      for (let n = 2; n <= spec.max && failed(outcome); n++)
        outcome = under(`${this.#keyOf(tree, where)}!${outermost}hedge${n}`, outcome.end);
    return outcome;
  }

  #graph({ parts }: Extract<Tree, { kind: 'graph' }>, input: number, start: number, where: string): Outcome {
    const mark = this.#journal.length;
    const done = new Map<number, Done>();
    for (;;) {
      const loser = first([...done.values()], false);
      const ready = parts.flatMap(({ after }, i) =>
        !done.has(i) && after.every((j) => done.has(j))
          ? [{ i, at: Math.max(start, ...after.map((j) => done.get(j)?.end ?? 0)) }]
          : [],
      );
      const next = ready.reduce<(typeof ready)[0] | undefined>(
        (a, b) => (a !== undefined && a.at <= b.at ? a : b),
        undefined,
      );
      if (loser !== undefined && next?.at === loser.end) throw new Undecided();
      if (loser !== undefined && (next === undefined || next.at > loser.end))
        return this.#ended(loser, [...done.values()], mark, Number.NaN);
      if (next === undefined || next.at === Number.POSITIVE_INFINITY) break;
      const { tree, after, whenOdd } = parts[next.i] as (typeof parts)[0];
      const given = sum([input, ...after.map((j) => done.get(j)?.value ?? 0)]);
      const run = (at: number): Outcome =>
        whenOdd && !isOdd(given) ? { end: at, ok: true, value: 0 } : this.of(tree, given, at, where);
      done.set(next.i, this.#begin({ from: next.at, run }, next.at));
    }
    const sinks = [...parts.keys()].filter((i) => !parts.some(({ after }) => after.includes(i)));
    const ends = [...parts.keys()].map((i) => done.get(i)?.end ?? Number.POSITIVE_INFINITY);
    return { end: Math.max(start, ...ends), ok: true, value: sum(sinks.map((i) => done.get(i)?.value ?? 0)) };
  }
}

const failed = ({ ok, end }: Outcome): boolean => !ok && end < Number.POSITIVE_INFINITY;

function outcomeOf({ ms, ends = 'value' }: Act, input: number, start: number): Outcome {
  const end = ends === 'never' ? Number.POSITIVE_INFINITY : start + (ms ?? 0);
  return { end, ok: ends !== 'failure', value: input + 1 };
}

/** When there is room for one more that wants to begin at `from`; takes away who made room. */
function placeFor(running: number[], limit: number, from: number): number {
  const left = running.filter((end) => end > from);
  if (left.length < limit) return from;
  const at = Math.min(...left);
  running.splice(running.indexOf(at), 1);
  return at;
}

/** Who fails first, of those whose failure counts. */
function first(done: readonly Done[], settle: boolean): Done | undefined {
  return earliest(done.filter((one) => failed(one) && (!settle || one.job.critical === true)));
}

function earliest(done: readonly Done[]): Done | undefined {
  const sorted = done.toSorted((a, b) => a.end - b.end);
  const [one, two] = sorted;
  if (one !== undefined && two?.end === one.end && one.start < one.end) throw new Undecided();
  return one;
}

/** An attempt that has streamed anything is the only one from then on. */
const mayStream = (tree: Tree): boolean =>
  /"partials":[1-9]|"ms":[^}]*"ends":"(value|never)"/.test(JSON.stringify(tree));

const recovered = (outcome: Outcome): Outcome =>
  failed(outcome) ? { ...outcome, ok: true, value: 0 } : outcome;

const plusOne = (outcome: Outcome): Outcome =>
  outcome.ok ? { ...outcome, value: outcome.value + 1 } : outcome;

function routed({ one, two, other }: Extract<Tree, { kind: 'route' }>, input: number): Tree {
  if (input === 1) return one;
  return input === 2 ? two : other;
}
