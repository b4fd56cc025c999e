import { DefinitionError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import { underline } from './caret.ts';
import type { SourceText } from './source-text.ts';

/** How many problems a message shows; the error has all of them. */
const maxShown = 20;

/**
 * Makes the one error of all problems of a text, with the places and carets under what is wrong.
 *
 * ```
 * workflow text: 1 problem
 * 1:15: THEN has no task after it
 *   Generate code THEN
 *                 ^^^^
 * ```
 *
 * @param what is refused, in words
 * @param problems at least one
 * @param source the text, whose lines are shown
 */
export function refusal(what: string, problems: readonly Problem[], source?: SourceText): DefinitionError {
  const ordered = problems.toSorted((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
  const shown = ordered.slice(0, maxShown).map((problem) => describeProblem(problem, source));
  const rest = ordered.length - shown.length;
  const lines = [`${what}: ${count(ordered.length)}`, ...shown, ...(rest > 0 ? [`and ${rest} more`] : [])];
  return new DefinitionError(lines.join('\n'), { problems: ordered });
}

/** A problem in words: `file:line:column: message; did you mean "x"?`, then its line with carets. */
export function describeProblem(problem: Problem, source?: SourceText): string {
  const { file, line, column, length = 0, message, suggestion } = problem;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const hint = suggestion === undefined ? '' : `; did you mean ${JSON.stringify(suggestion)}?`;
  const said = `${place === '' ? '' : `${place}: `}${message}${hint}`;
  if (source === undefined || line === undefined || column === undefined) return said;
  const written = source.line(line);
  if (written.trim() === '') return said;
  return `${said}\n${underline(written, column, length).replace(/^/gm, '  ')}`;
}

function count(problems: number): string {
  return problems === 1 ? '1 problem' : `${problems} problems`;
}
