import type { Problem } from '../../core/problem.ts';
import type { Skills } from './load-skills.ts';

/** Where to put skills, for somebody whose workflow names some and who has given none; else nothing. */
export function skillsHint(problems: readonly Problem[], { from }: Skills): string | undefined {
  const missing = problems.some(({ message }) => /^there is no (skill|agent) /.test(message));
  if (!missing || from.length > 0) return undefined;
  return 'No module with skills was loaded: name one with --skills, or write a tutti.config.ts that exports steps.';
}
