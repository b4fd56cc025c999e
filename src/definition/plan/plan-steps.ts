import { findCircle } from '../../../operators/compose/graph-plan.ts';
import { DefinitionError } from '../../core/errors.ts';
import { checkId } from '../../core/path.ts';
import { holds } from '../expression/evaluate.ts';
import { parseExpression } from '../expression/parse-expression.ts';
import { referencesOf } from '../expression/references.ts';
import type { Expression, PathKey } from '../expression/tree.ts';
import { noDollar } from '../mapping/parse-mapping.ts';
import type { Mapping } from '../mapping/tree.ts';
import type { Definition } from '../schema/definition-schema.ts';
import type { Fallback } from '../schema/step-schema.ts';
import type { JsonSchema } from '../schema/workflow-json-schema.ts';
import { isUnsafeName } from '../unsafe-name.ts';
import { knownInput } from './known-input.ts';
import type { PlannedItems, PlannedStep, PlannedWork } from './plan.ts';
import { asSchema, typesOf } from './schema-path.ts';
import { type KnownOutput, ReadingScope, type RootName } from './scope.ts';
import { isKnown, type Planning, WorkPlanner } from './work-planner.ts';

type StepFields = NonNullable<Definition['steps']>[number];

/** How many circles are printed. */
const maxCircles = 20;

/** How far what never runs is followed. */
const maxRounds = 50;

const never: Expression = { kind: 'literal', value: false, at: 0, length: 0 };

/** Plans the steps of a workflow, and tells everything that is wrong with them. */
export function planSteps(planning: Planning): PlannedStep[] {
  const steps = planning.definition.steps ?? [];
  const repeated = checkIds(steps, planning);
  const outputs = outputsOf(steps, repeated, planning);
  const input = knownInput(planning.definition.input);
  const planned = steps.flatMap(
    (step, index) => new StepPlanner(step, index, { outputs, input }, planning).plan() ?? [],
  );
  // Who waits for whom cannot be said of steps that share an id.
  if (repeated.size > 0) return planned;
  checkCircles(steps, planned, planning);
  checkUnreachable(planned, planning);
  return planned;
}

/** @returns the ids that several steps have */
function checkIds(steps: readonly StepFields[], { reading, root }: Planning): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const [index, { id }] of steps.entries()) {
    const path = ['steps', index, 'id'];
    if (seen.has(id)) {
      repeated.add(id);
      reading.at(root, path, `two steps are called ${id}`);
    } else if (id === 'input' || isUnsafeName(id)) reading.at(root, path, `a step cannot be called ${id}`);
    else {
      try {
        checkId(id, 'a step');
      } catch (error) {
        if (!(error instanceof DefinitionError)) throw error;
        reading.at(root, path, error.message);
      }
    }
    seen.add(id);
  }
  return repeated;
}

/** What each step gives, which any other may read. */
function outputsOf(
  steps: readonly StepFields[],
  repeated: ReadonlySet<string>,
  { registry }: Planning,
): ReadonlyMap<string, KnownOutput> {
  const outputOf: OutputOf = (uses, provider) => {
    const skills = registry
      .named(uses)
      .filter((skill) => provider === undefined || skill.provider === provider);
    return skills.length === 0 ? [undefined] : skills.map(({ output }) => output);
  };
  return new Map(
    steps.map(({ id, uses, provider, fallback, forEach, reduce }) => {
      if (repeated.has(id)) return [id, { schemas: [undefined], list: false, ambiguous: true }];
      if (reduce !== undefined) {
        const name = typeof reduce === 'string' ? reduce : reduce.uses;
        return [id, { schemas: outputOf(name), list: false }];
      }
      const schemas = [...outputOf(uses, provider), ...fallbackOutputs(fallback, outputOf)];
      return [id, { schemas, list: forEach !== undefined }];
    }),
  );
}

type OutputOf = (uses: string, provider?: string) => (JsonSchema | undefined)[];

/** What those give who may take over. */
function fallbackOutputs(fallback: Fallback | undefined, outputOf: OutputOf): (JsonSchema | undefined)[] {
  if (fallback === undefined) return [];
  if (typeof fallback === 'string') return outputOf(fallback);
  if ('length' in fallback) return fallback.flatMap((one) => fallbackOutputs(one, outputOf));
  return [...outputOf(fallback.uses, fallback.provider), ...fallbackOutputs(fallback.fallback, outputOf)];
}

/** Plans one step. */
class StepPlanner {
  readonly #fields: StepFields;
  readonly #path: readonly PathKey[];
  readonly #outputs: ReadonlyMap<string, KnownOutput>;
  readonly #input: JsonSchema | undefined;
  readonly #planning: Planning;
  readonly #work: WorkPlanner;

  constructor(
    fields: StepFields,
    index: number,
    known: {
      readonly outputs: ReadonlyMap<string, KnownOutput>;
      readonly input: JsonSchema | undefined;
    },
    planning: Planning,
  ) {
    this.#fields = fields;
    this.#path = ['steps', index];
    this.#outputs = known.outputs;
    this.#input = known.input;
    this.#planning = planning;
    this.#work = new WorkPlanner(planning);
  }

  plan(): PlannedStep | undefined {
    const { condition, reduce, compensate, parallel, fallback, ...fields } = this.#fields;
    const dependsOn = this.#dependsOn();
    const outside = this.#scope(['input', 'steps']);
    const items = this.#items(outside);
    const inside =
      items === undefined
        ? outside
        : this.#scope(['input', 'steps', 'item', 'index'], this.#item(items, outside));
    const work = this.#work.plan({ ...fields, fallback }, this.#path, inside, {
      known: items === undefined,
    });
    const when = this.#condition(condition, outside);
    const reducing =
      reduce === undefined
        ? undefined
        : this.#work.inner(reduce, [...this.#path, 'reduce'], this.#scope(['results']));
    const undo = this.#undo(compensate, work);
    if (items === undefined) this.#refuseWithoutItems();
    if (work === undefined) return undefined;
    this.#work.reads.delete(work.id);
    const reads = new Set([...dependsOn, ...this.#work.reads]);
    const after = [...reads].filter((id) => this.#outputs.has(id));
    if (work.input === undefined)
      this.#work.fitGiven(work, [...this.#path, 'uses'], givenWith(after, items), inside);
    return {
      ...work,
      after,
      condition: when,
      items,
      reduce: reducing,
      compensate: undo,
      alone: parallel === false,
    };
  }

  #undo(compensate: StepFields['compensate'], work: PlannedWork | undefined): PlannedWork | undefined {
    if (compensate === undefined) return undefined;
    const path = [...this.#path, 'compensate'];
    const undo = this.#work.inner(compensate, path, this.#scope(['step', 'input', 'steps']));
    const known = isKnown(work?.input, this.#fields.forEach === undefined);
    if (undo !== undefined && !known) this.#work.refuseUnrelated(undo, path);
    return undo;
  }

  #scope(roots: readonly RootName[], item?: JsonSchema): ReadingScope {
    const { reading } = this.#planning;
    const outputs = this.#outputs;
    const { id: self } = this.#fields;
    return new ReadingScope({ roots, input: this.#input, outputs, self, item, reading });
  }

  #dependsOn(): readonly string[] {
    const { dependsOn = [] } = this.#fields;
    const { reading, root } = this.#planning;
    const alone = typeof dependsOn === 'string';
    const ids = alone ? [dependsOn] : dependsOn;
    for (const [i, id] of ids.entries()) {
      if (this.#outputs.has(id)) continue;
      const path = [...this.#path, 'dependsOn', ...(alone ? [] : [i])];
      reading.at(root, path, `there is no step ${id}`, reading.suggest(id, this.#outputs.keys()));
    }
    return ids;
  }

  #condition(given: StepFields['condition'], scope: ReadingScope): Expression | undefined {
    if (given === undefined || given === true) return undefined;
    if (given === false) return never;
    return this.#expression(given, [...this.#path, 'condition'], scope);
  }

  /** An expression, which may have `{{ }}` around it. */
  #expression(given: string, path: readonly PathKey[], scope: ReadingScope): Expression | undefined {
    const { reading, root } = this.#planning;
    const foreign = /^\s*\$\{\{/.exec(given);
    if (foreign !== null) {
      const at = foreign[0].length - 3;
      reading.inside(root, path, { message: noDollar, at, length: 3, suggestion: '{{' });
      return undefined;
    }
    const braces = /^(\s*\{\{)(.*)\}\}\s*$/s.exec(given);
    const from = braces?.[1]?.length ?? 0;
    const source = braces?.[2] ?? given;
    const { expression, flaw } = parseExpression(source);
    if (flaw !== undefined) {
      reading.inside(root, path, { ...flaw, at: flaw.at + from });
      return undefined;
    }
    this.#work.read(expression, source, { path, from, scope });
    return expression;
  }

  #items(scope: ReadingScope): PlannedItems | undefined {
    const { forEach, concurrency } = this.#fields;
    if (forEach === undefined) return undefined;
    const full = typeof forEach === 'object' && 'over' in forEach ? forEach : undefined;
    const path = [...this.#path, 'forEach', ...(full === undefined ? [] : ['over'])];
    const over = this.#work.mapping(full?.over ?? forEach, path, scope);
    this.#checkList(over, path, scope);
    const inItem = this.#scope(['input', 'steps', 'item', 'index'], this.#itemSchema(over, scope));
    return {
      over,
      key:
        full?.key === undefined
          ? undefined
          : this.#expression(full.key, [...this.#path, 'forEach', 'key'], inItem),
      concurrency: full?.concurrency ?? concurrency,
      settle: full?.onError === 'continue',
    };
  }

  #checkList(over: Mapping, path: readonly PathKey[], scope: ReadingScope): void {
    const { reading, root } = this.#planning;
    if (over.kind === 'list') return;
    if (over.kind !== 'value') {
      if (over.kind !== 'literal' || over.value !== undefined)
        reading.at(root, path, 'forEach goes over a list: a path such as $.input.documents, or the items');
      return;
    }
    const types =
      over.expression.kind === 'path' ? typesOf(scope.schemaOf(over.expression.keys) ?? {}) : undefined;
    if (types !== undefined && !types.includes('array'))
      reading.at(root, path, 'forEach goes over a list, which this is not');
  }

  #item({ over }: PlannedItems, scope: ReadingScope): JsonSchema | undefined {
    return this.#itemSchema(over, scope);
  }

  #itemSchema(over: Mapping, scope: ReadingScope): JsonSchema | undefined {
    if (over.kind === 'list') return writtenSchema(over.items);
    if (over.kind !== 'value' || over.expression.kind !== 'path') return undefined;
    const items = asSchema(scope.schemaOf(over.expression.keys)?.items);
    return items !== undefined && '$ref' in items ? undefined : items;
  }

  #refuseWithoutItems(): void {
    const { reading, root } = this.#planning;
    for (const field of ['concurrency', 'reduce'] as const)
      if (this.#fields[field] !== undefined)
        reading.atKey(root, [...this.#path, field], `${field} needs forEach, which says what the items are`);
  }
}

/** What all items of a list are that are written out; not known, where one is not. */
function writtenSchema(items: readonly Mapping[]): JsonSchema | undefined {
  const values = items.flatMap((item) => (item.kind === 'literal' ? [item.value] : []));
  return values.length === items.length && values.length > 0 ? { enum: values } : undefined;
}

/** What a step is given that has no input of its own. */
function givenWith(after: readonly string[], items: PlannedItems | undefined): Mapping {
  const read = (...keys: readonly string[]): Mapping => ({
    kind: 'value',
    expression: { kind: 'path', keys, at: 0, length: 0 },
    source: '',
    at: 0,
  });
  if (items !== undefined) return read('item');
  if (after.length === 0) return read('input');
  const outputs = after.map((id) => [id, read('steps', id, 'output')] as const);
  return { kind: 'record', entries: [['input', read('input')], ...outputs] };
}

/** Prints each circle whole, at the first of its steps. */
function checkCircles(
  steps: readonly StepFields[],
  planned: readonly PlannedStep[],
  { reading, root }: Planning,
): void {
  const positions = new Map(planned.map(({ id }, position) => [id, position]));
  const dependencies = planned.map(({ after }) => after.flatMap((id) => positions.get(id) ?? []));
  for (let found = 0; found < maxCircles; found++) {
    const dependents: number[][] = planned.map(() => []);
    for (const [part, before] of dependencies.entries())
      for (const one of before) dependents[one]?.push(part);
    const circle = findCircle(dependencies, dependents);
    const [first] = circle ?? [];
    if (circle === undefined || first === undefined) return;
    const ids = circle.map((part) => planned[part]?.id);
    const index = steps.findIndex(({ id }) => id === ids[0]);
    const field = steps[index]?.dependsOn === undefined ? 'id' : 'dependsOn';
    reading.at(root, ['steps', index, field], `the steps wait for each other: ${ids.join(' -> ')}`);
    for (const part of circle) dependencies[part] = [];
  }
}

/** Finds steps whose condition cannot hold: what it reads is never there, or it reads nothing. */
function checkUnreachable(planned: readonly PlannedStep[], { reading, root, definition }: Planning): void {
  const idle = new Set<string>();
  for (let round = 0, before = -1; round < maxRounds && before < idle.size; round++) {
    before = idle.size;
    for (const { id, condition } of planned) {
      if (condition === undefined || idle.has(id)) continue;
      const open = referencesOf(condition).some(
        ({ keys }) => keys[0] !== 'steps' || !idle.has(String(keys[1])),
      );
      if (!open && !holds(condition, {})) idle.add(id);
    }
  }
  for (const id of idle) {
    const index = definition.steps?.findIndex((step) => step.id === id) ?? 0;
    reading.at(root, ['steps', index, 'condition'], `${id} never runs: its condition cannot hold`);
  }
}
