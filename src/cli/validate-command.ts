import { DefinitionError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import { checkWorkflow } from '../definition/compile/load-workflow.ts';
import { describeProblem } from '../problems/refusal.ts';
import { SourceText } from '../problems/source-text.ts';
import { exitCode } from './exit-code.ts';
import { loadSkills, type Skills } from './load/load-skills.ts';
import { openWorkflow } from './load/open-workflow.ts';
import { skillsHint } from './load/skills-hint.ts';
import { textHint } from './load/text-hint.ts';
import { fileSource, type WorkflowSource } from './load/workflow-source.ts';
import { clean } from './terminal/clean.ts';
import { terminalOf } from './terminal/terminal.ts';
import { UsageError } from './usage-error.ts';

/** What `tutti validate` is called with. */
export interface ValidateOptions {
  readonly text?: string;
  readonly skills?: readonly string[];
  readonly json?: true;
}

/** Says everything that is wrong with workflows, and where. */
export async function validateCommand(
  files: readonly string[],
  { text, skills, json }: ValidateOptions,
): Promise<number> {
  if (files.length === 0 && text === undefined)
    throw new UsageError('name the files to validate, or give a text with --text');
  let count = 0;
  let hint: string | undefined;
  const given = [...files, ...(text === undefined ? [] : [{ file: undefined, text }])];
  for (const one of given) {
    const source: Checked = typeof one === 'string' ? await opened(one) : one;
    const known = await loadSkills(skills, source.file);
    const problems = source.missing ?? problemsOf(source, known);
    hint ??=
      skillsHint(problems, known) ?? (problems.length === 0 ? await textHint(source, known) : undefined);
    count += problems.length;
    process.stdout.write(json ? asLines(problems) : asText(source, problems));
  }
  if (hint !== undefined) process.stderr.write(`${hint}\n`);
  return count === 0 ? exitCode.completed : exitCode.refused;
}

interface Checked extends WorkflowSource {
  readonly missing?: readonly Problem[];
}

/** A file, or what keeps it from being read: the others are checked all the same. */
async function opened(file: string): Promise<Checked> {
  try {
    return await fileSource(file);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { file, text: '', missing: [{ message: error.message }] };
  }
}

function problemsOf(source: WorkflowSource, skills: Skills): readonly Problem[] {
  const { file, text } = source;
  const { from: _, ...options } = skills;
  if (file !== undefined) return checkWorkflow(text, { ...options, file });
  try {
    openWorkflow(source, skills);
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    return error.problems.length > 0 ? error.problems : [{ message: error.message }];
  }
}

function asLines(problems: readonly Problem[]): string {
  return problems.map((problem) => `${JSON.stringify(problem)}\n`).join('');
}

function asText({ file, text }: WorkflowSource, problems: readonly Problem[]): string {
  const { colors } = terminalOf(process.stdout);
  const name = clean(file ?? 'text');
  if (problems.length === 0) return `${name}: ${colors.green('valid')}\n`;
  const source = new SourceText(text, file);
  const shown = problems.map((problem) => describeProblem(problem, source).split('\n').map(clean).join('\n'));
  const total = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${[...shown, `${name}: ${colors.red(total)}`].join('\n')}\n`;
}
