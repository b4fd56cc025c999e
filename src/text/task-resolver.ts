import type { Step } from '../core/step-types.ts';
import type { TaskInput } from './task-input.ts';

/** A step that does a task of a text. */
export type TaskSkill = Step<TaskInput, unknown, unknown>;

/** Finds who does a task; a registry of skills can be one. */
export interface TaskResolver {
  /** The skill of exactly this name or alias. */
  skill(name: string): TaskSkill | undefined;
  /** Who does `name: task`; default: the skill of that name. */
  agent?(name: string): TaskSkill | undefined;
  /** Does the tasks that no skill is named for, by their prompt. */
  readonly defaultSkill?: TaskSkill | undefined;
  /** Names that can be suggested for one that is not found. */
  names?(): Iterable<string>;
}

/** What a {@link skillTable} is made of. */
export interface SkillTableOptions {
  /** By name. */
  readonly skills?: Readonly<Record<string, TaskSkill>>;
  /** By other names: the skill's name. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** By name, as in `writer: draft the post`; a skill's name is an agent's too. */
  readonly agents?: Readonly<Record<string, TaskSkill>>;
  readonly defaultSkill?: TaskSkill;
}

/** A {@link TaskResolver} out of plain records. */
export function skillTable(options: SkillTableOptions): TaskResolver {
  const skills = new Map(Object.entries(options.skills ?? {}));
  const aliases = new Map(Object.entries(options.aliases ?? {}));
  const agents = new Map(Object.entries(options.agents ?? {}));
  const skill = (name: string): TaskSkill | undefined =>
    skills.get(name) ?? skills.get(aliases.get(name) ?? '');
  return {
    skill,
    agent: (name) => agents.get(name) ?? skill(name),
    defaultSkill: options.defaultSkill,
    names: () => [...skills.keys(), ...aliases.keys(), ...agents.keys()],
  };
}
