import { dirname } from 'node:path';
import { isStep } from '../../core/as-step.ts';
import { DefinitionError } from '../../core/errors.ts';
import { type Skill, SkillRegistry } from '../../definition/registry/skill-registry.ts';
import { registerBuiltIns } from '../../skills/register-built-ins.ts';
import type { Provider } from '../../text/provider-table.ts';
import { UsageError } from '../usage-error.ts';
import { findConfig } from './find-config.ts';
import { importModule } from './import-module.ts';

/** What workflows can use. */
export interface Skills {
  readonly registry: SkillRegistry;
  /** The modules that were loaded. */
  readonly from: readonly string[];
  readonly providers?: readonly Provider[];
  readonly defaultSkill?: string;
}

/**
 * The skills of modules, or else those of the nearest `tutti.config.*`; beside them those that come with Tutti, where modules have none
 * of their names. Files are read and written in the current folder alone.
 *
 * A module exports steps or registries, under any names; its default export may also be a list or record of steps, or a function that
 * is given a registry to fill. `providers` and `defaultSkill` are what the text language is told.
 *
 * @param root the folder of `file.read` and `file.write`
 * @param near a workflow file, whose folder and those above it are searched for a `tutti.config.*`; default the current folder
 */
export async function loadSkills(
  modules: readonly string[] | undefined,
  near?: string,
  root = process.cwd(),
): Promise<Skills> {
  const config =
    modules === undefined ? await findConfig(near === undefined ? '.' : dirname(near)) : undefined;
  const files = modules ?? (config === undefined ? [] : [config]);
  let skills: Skills = { registry: new SkillRegistry(), from: files };
  for (const file of files) skills = await withModule(skills, file);
  const builtIn = registerBuiltIns(new SkillRegistry(), { root }).skills;
  addAll(
    skills.registry,
    builtIn.filter(({ name }) => skills.registry.named(name).length === 0),
  );
  return skills;
}

async function withModule({ registry, ...before }: Skills, file: string): Promise<Skills> {
  const { default: main, providers, defaultSkill, ...named } = await importModule(file);
  try {
    const filled = await fill(registry, main, file);
    const others = Object.values(named).filter((one) => one !== main && isSkill(one, file));
    for (const one of others) await fill(filled, one, file);
    if (main === undefined && others.length === 0)
      throw new UsageError(`${file} exports no skills: export steps, or a registry as the default`);
    return {
      registry: filled,
      ...before,
      ...(Array.isArray(providers) && { providers }),
      ...(typeof defaultSkill === 'string' && { defaultSkill }),
    };
  } catch (error) {
    if (error instanceof DefinitionError) throw new UsageError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** A registry with what a default export holds. */
async function fill(registry: SkillRegistry, main: unknown, file: string): Promise<SkillRegistry> {
  if (main === undefined) return registry;
  if (main instanceof SkillRegistry) return addAll(registry, main.skills);
  if (isSkill(main, file)) return registry.register(main as never);
  if (typeof main === 'function') {
    const made: unknown = await main(registry);
    return made === undefined || made === registry ? registry : fill(registry, made, file);
  }
  const several = typeof main === 'object' && main !== null ? Object.values(main) : [];
  if (several.length > 0 && several.every((one) => isSkill(one, file))) {
    for (const one of several) await fill(registry, one, file);
    return registry;
  }
  throw new UsageError(
    `${file}: the default export is to be a SkillRegistry, steps, or a function that is given a registry`,
  );
}

function addAll(registry: SkillRegistry, skills: readonly Skill[]): SkillRegistry {
  for (const { step, input: _, output: __, ...options } of skills) {
    const { provider, estimateUsd, description, ...rest } = options;
    registry.register(step, {
      ...rest,
      ...(provider !== undefined && { provider }),
      ...(estimateUsd !== undefined && { estimateUsd }),
      ...(description !== undefined && { description }),
    });
  }
  return registry;
}

/** Whether it is a step or a registry. What is one by its looks alone was made by another copy of this library. */
function isSkill(value: unknown, file: string): boolean {
  if (isStep(value) || value instanceof SkillRegistry) return true;
  const isLikeStep = typeof value === 'function' && 'using' in value && 'with' in value && 'id' in value;
  const isLikeRegistry =
    typeof value === 'object' && value !== null && 'register' in value && 'find' in value && 'named' in value;
  if (isLikeStep || isLikeRegistry) throw otherCopy(file);
  return false;
}

function otherCopy(file: string): UsageError {
  return new UsageError(
    `${file} imports another copy of tutti than the one that runs: run the project's own, with "npx tutti" in its folder`,
  );
}
