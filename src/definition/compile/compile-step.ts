import type { GraphEntry } from '../../../operators/compose/graph.ts';
import { mapEach } from '../../../operators/compose/map-each.ts';
import type { SettledItem } from '../../../operators/compose/options.ts';
import { renamed } from '../../../operators/compose/renamed.ts';
import { sequence } from '../../../operators/compose/sequence.ts';
import { type Completed, compensate } from '../../../operators/policies/compensate.ts';
import { fallback } from '../../../operators/policies/fallback.ts';
import { DefinitionError } from '../../core/errors.ts';
import { evaluate, holds, type Roots } from '../expression/evaluate.ts';
import { applyMapping } from '../mapping/apply-mapping.ts';
import type { Mapping } from '../mapping/tree.ts';
import type { PlannedItems, PlannedStep, PlannedWork } from '../plan/plan.ts';
import { Memory } from './memory.ts';
import { attempted, cached, type OpenStep } from './policies.ts';

type Given = Readonly<Record<string, unknown>>;

/** Makes the node of a graph that a planned step is. */
export function compileStep(planned: PlannedStep): GraphEntry {
  const { after, condition, items, input, alone, id } = planned;
  const memory = new Memory();
  const work = compensated(workStep(planned, memory), planned.compensate, memory);
  const step = items === undefined ? work : overItems(work, planned, items, memory);
  return {
    step,
    after,
    alone,
    ...(condition && { when: (given) => holds(condition, rootsOf(given, after)) }),
    ...inputOf(id, input, items, after, memory),
  };
}

/** What `$` stands for in a step that is given these outputs. */
function rootsOf(given: Given, after: readonly string[]): Roots {
  const steps = Object.fromEntries(after.map((id) => [id, { output: given[id] }]));
  return { input: given.input, steps };
}

function inputOf(
  id: string,
  input: Mapping | undefined,
  items: PlannedItems | undefined,
  after: readonly string[],
  memory: Memory,
): Pick<GraphEntry, 'input'> {
  if (items !== undefined)
    return {
      input: (given) => {
        const roots = rootsOf(given, after);
        return memory.keep(listOf(applyMapping(items.over, roots), id), roots);
      },
    };
  if (input !== undefined)
    return {
      input: (given) => {
        const roots = rootsOf(given, after);
        return memory.keep(applyMapping(input, roots), roots);
      },
    };
  return after.length === 0 ? {} : { input: (given) => memory.keep(given, rootsOf(given, after)) };
}

/** A list of its own; of what was skipped, an empty one. */
function listOf(value: unknown, id: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new DefinitionError(`${id}: forEach goes over a list, which this is not`);
  return [...value];
}

/** A skill as it is to be run, on the input that was made for it. */
function workStep(work: PlannedWork, memory: Memory): OpenStep {
  const own = attempted(renamed(work.id, work.skill.step), work);
  const others = work.fallbacks.map((other) => inPlace(other, memory));
  return cached(others.length === 0 ? own : own.with(fallback(...others)), work);
}

/** A step that runs on the input of another, or on one of its own that is made of the same. */
function inPlace(work: PlannedWork, memory: Memory): OpenStep {
  const { input } = work;
  const step = workStep(work, memory);
  if (input === undefined) return step;
  return step.using((taken: unknown) => {
    const roots = memory.of(taken);
    return memory.keep(applyMapping(input, roots), roots);
  });
}

function compensated(step: OpenStep, work: PlannedWork | undefined, memory: Memory): OpenStep {
  if (work === undefined) return step;
  const { input } = work;
  const undo = workStep(work, memory);
  const undoing: OpenStep =
    input === undefined
      ? undo
      : undo.using((done: unknown) => {
          const completed = done as Completed<unknown, unknown>;
          return applyMapping(input, { ...memory.of(completed.input), step: completed });
        });
  return step.with(compensate(undoing));
}

/** An item, and what `$` stands for in its step. */
interface Item {
  readonly item: unknown;
  readonly roots: Roots;
}

function overItems(work: OpenStep, planned: PlannedStep, items: PlannedItems, memory: Memory): OpenStep {
  const { input, id, skill } = planned;
  const { key, concurrency, settle } = items;
  const each = renamed(skill.name, work).using(({ item, roots }: Item) =>
    input === undefined ? item : memory.keep(applyMapping(input, roots), roots),
  );
  const options = {
    over: (list: unknown): Item[] => itemsOf(list as readonly unknown[], memory),
    ...(key && { keyBy: ({ roots }: Item) => String(evaluate(key, roots)) }),
    ...(concurrency !== undefined && { concurrency }),
  };
  const all: OpenStep = settle ? mapEach(each, { ...options, failure: 'settle' }) : mapEach(each, options);
  const resultsOf = settle ? succeeded : asTheyAre;
  const { reduce } = planned;
  return reduce === undefined
    ? renamed(id, all).map(resultsOf)
    : renamed(id, sequence(all, reducing(reduce, memory).using(resultsOf)));
}

function itemsOf(list: readonly unknown[], memory: Memory): Item[] {
  const roots = memory.of(list);
  return list.map((item, index) => ({ item, roots: { ...roots, item, index } }));
}

function succeeded(results: unknown): unknown {
  return (results as readonly SettledItem<unknown>[]).flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
}

function asTheyAre(results: unknown): unknown {
  return results;
}

function reducing(work: PlannedWork, memory: Memory): OpenStep {
  const { input } = work;
  const step = workStep(work, memory);
  return input === undefined ? step : step.using((results: unknown) => applyMapping(input, { results }));
}
