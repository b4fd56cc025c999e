import type { Step } from '../../core/step-types.ts';
import { subjectOf, type TaskInput } from '../../text/task-input.ts';
import type { TaskResolver, TaskSkill } from '../../text/task-resolver.ts';
import { asSchema, typesOf } from '../plan/schema-path.ts';
import type { Skill, SkillRegistry } from '../registry/skill-registry.ts';

/** How texts find skills in a registry. */
export interface TaskResolverOptions {
  /** The skill that does the tasks for which none is named; default the one called `default`, if there is one. */
  readonly defaultSkill?: string;
}

/**
 * Lets the skills of a registry do the tasks of texts: by name, by alias, else the default one with the task as its prompt.
 *
 * A skill whose input has a `prompt` or a `task`, or is not known, is given a `TaskInput`; any other what the task works on, under
 * the name of its only required field if that is not a record.
 */
export function taskResolver(registry: SkillRegistry, options: TaskResolverOptions = {}): TaskResolver {
  return resolverBy((name) => registry.find(name), registry, options);
}

/**
 * A {@link taskResolver} that looks for skills in another way.
 *
 * @param preferred whom a skill is told to take where the text names no provider
 */
export function resolverBy(
  find: (name: string) => Skill | undefined,
  registry: SkillRegistry,
  { defaultSkill = 'default' }: TaskResolverOptions,
  preferred: (skill: Skill) => string | undefined = () => undefined,
): TaskResolver {
  const skill = (name: string): TaskSkill | undefined => {
    const found = find(name);
    return found && asTask(found, preferred(found));
  };
  return { skill, agent: skill, defaultSkill: skill(defaultSkill), names: () => registry.names };
}

function asTask({ step, input }: Skill, preferred: string | undefined): TaskSkill {
  const skill: Step<unknown, unknown> = step;
  const fields = Object.keys(asSchema(input?.properties) ?? {});
  if (input === undefined || fields.includes('prompt') || fields.includes('task'))
    return preferred === undefined
      ? skill
      : skill.using((task: TaskInput) => ({ provider: preferred, ...task }));
  const types = typesOf(input);
  const required = Array.isArray(input.required) ? input.required.map(String) : [];
  const only = types?.includes('object') === true && required.length === 1 ? required[0] : undefined;
  return skill.using((task: TaskInput) => {
    const subject = subjectOf(task);
    const isRecord = typeof subject === 'object' && subject !== null && !Array.isArray(subject);
    return only === undefined || isRecord ? subject : { [only]: subject };
  });
}
