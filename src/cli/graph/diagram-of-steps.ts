import { step } from '../../core/step.ts';
import type { PlannedStep, PlannedWork } from '../../definition/plan/plan.ts';
import { planSteps } from '../../definition/plan/plan-steps.ts';
import { SkillRegistry } from '../../definition/registry/skill-registry.ts';
import type { Definition } from '../../definition/schema/definition-schema.ts';
import type { LocatedDefinition } from '../../definition/schema/read-definition.ts';
import type { Reading } from '../../definition/source/reading.ts';
import type { Diagram, DiagramEdge, DiagramNode } from './diagram.ts';

type Fields = NonNullable<Definition['steps']>[number];

/** The steps of a file. No skills are needed for that: any name is taken for one. */
export function diagramOfSteps(name: string, located: LocatedDefinition, reading: Reading): Diagram {
  const steps = located.definition.steps ?? [];
  const planned = planSteps({ ...located, registry: standIns(steps), reading });
  const fields = new Map(steps.map((one) => [one.id, one]));
  const helpers = planned.flatMap((one) => helpersOf(one));
  return {
    name,
    nodes: [
      ...planned.map((one) => nodeOf(one, fields.get(one.id))),
      ...helpers.map(({ id, label }): DiagramNode => ({ id, label, kind: 'helper' })),
    ],
    edges: [
      ...planned.flatMap(({ id, after }) => after.map((from): DiagramEdge => ({ from, to: id }))),
      ...helpers.map(({ edge }) => edge),
    ],
  };
}

function nodeOf({ id, skill, items }: PlannedStep, fields: Fields | undefined): DiagramNode {
  const condition = fields?.condition;
  const label = [
    id,
    ...(skill.name === id ? [] : [`uses ${skill.name}`]),
    ...(items === undefined ? [] : ['for each item']),
    ...(condition === undefined ? [] : [`if ${condition}`]),
  ];
  return { id, label, kind: 'step' };
}

interface Helper {
  readonly id: string;
  readonly label: readonly string[];
  readonly edge: DiagramEdge;
}

/** What stands in for a step, reduces what it gives, or undoes it. */
function helpersOf({ id, fallbacks, reduce, compensate }: PlannedStep): Helper[] {
  const chain = fallbacks.map((one, i) => ({ one, from: i === 0 ? id : `${id}!${i - 1}`, as: `${id}!${i}` }));
  const helper = (one: PlannedWork, from: string, as: string, label: string): Helper => ({
    id: as,
    label: one.skill.name === one.id ? [one.id] : [one.id, `uses ${one.skill.name}`],
    edge: { from, to: as, label, dashed: true },
  });
  return [
    ...chain.map(({ one, from, as }) => helper(one, from, as, 'if it fails')),
    ...(reduce === undefined ? [] : [helper(reduce, id, `${id}!reduce`, 'reduced by')]),
    ...(compensate === undefined ? [] : [helper(compensate, id, `${id}!undo`, 'undone by')]),
  ];
}

/** A registry that knows every skill that steps name. */
function standIns(steps: readonly Fields[]): SkillRegistry {
  const registry = new SkillRegistry();
  const names = new Set<string>();
  for (const { uses, provider } of usesIn(steps)) {
    const key = JSON.stringify([uses, provider]);
    if (names.has(key)) continue;
    names.add(key);
    const none = step(uses, () => undefined);
    registry.register(none, provider === undefined ? {} : { provider });
  }
  return registry;
}

/** All skills that are named, in steps and in the steps inside them. */
function* usesIn(steps: readonly unknown[]): Generator<{ uses: string; provider?: string | undefined }> {
  for (const given of steps) {
    if (typeof given === 'string') yield { uses: given };
    if (typeof given !== 'object' || given === null) continue;
    const { uses, provider, fallback, reduce, compensate } = given as Partial<Fields>;
    if (typeof uses === 'string') yield { uses, provider };
    for (const inner of [fallback, reduce, compensate]) yield* usesIn(Array.isArray(inner) ? inner : [inner]);
  }
}
