import { relative } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import type { Skills } from './load-skills.ts';

/** Where to put skills, or what does tasks without one, for somebody whose workflow lacks them; else nothing. */
export function skillsHint(problems: readonly Problem[], { from, defaultSkill }: Skills): string | undefined {
  const says = (words: RegExp): boolean => problems.some(({ message }) => words.test(message));
  if (!says(/^there is no (skill|agent) /)) return undefined;
  if (says(/^there is no skill "?shell\b/))
    return "Programs are off. A module with skills turns on those it names: export const shell = makeShell({ allow: ['git'] }), with\nimport { shell as makeShell } from 'tutti/skills'.";
  if (from.length === 0)
    return 'No module with skills was loaded: name one with --skills, or write a tutti.config.ts that exports steps.';
  if (!says(/, and no default skill/)) return undefined;
  const module = relative('.', from.at(-1) ?? '');
  if (defaultSkill !== undefined)
    return `${module} exports defaultSkill = '${defaultSkill}', and there is no such skill.`;
  return `For tasks in free words, name the skill that does them in ${module}: export const defaultSkill = 'its-name';`;
}
