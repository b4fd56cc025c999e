import type { Skill } from '../definition/registry/skill-registry.ts';
import type { JsonSchema } from '../definition/schema/workflow-json-schema.ts';
import { exitCode } from './exit-code.ts';
import { loadSkills } from './load/load-skills.ts';
import { schemaWords } from './schema-words.ts';
import { clean } from './terminal/clean.ts';
import { terminalOf } from './terminal/terminal.ts';
import { wrap } from './terminal/wrap.ts';

/** What `tutti skills` is called with. */
export interface SkillsOptions {
  readonly skills?: readonly string[];
  readonly json?: true;
}

/** Lists the skills that workflows can use. */
export async function skillsCommand({ skills: modules, json }: SkillsOptions): Promise<number> {
  const { skills } = (await loadSkills(modules)).registry;
  process.stdout.write(json ? `${JSON.stringify(skills.map(asData), null, 2)}\n` : asText(skills));
  return exitCode.completed;
}

function asData({ step: _, estimateUsd, ...skill }: Skill): object {
  return { ...skill, ...(typeof estimateUsd === 'number' && { estimateUsd }) };
}

function asText(skills: readonly Skill[]): string {
  const { colors, columns, isTTY } = terminalOf(process.stdout);
  const width = isTTY ? columns() : Number.POSITIVE_INFINITY;
  const indented = (text: string): string[] => {
    const [first = '', ...rest] = wrap(clean(text), width - 4);
    return [`  ${first}`, ...rest.map((line) => `    ${line}`)];
  };
  const blocks = skills.map(({ name, aliases, provider, description, input, output }) => {
    const names = [colors.bold(clean(name)), ...aliases.map(clean)].join(', ');
    const lines = [
      provider === undefined ? names : `${names} (${clean(provider)})`,
      ...(description === undefined ? [] : indented(description)),
      ...indented(`takes ${words(input)}`),
      ...indented(`gives ${words(output)}`),
    ];
    return lines.join('\n');
  });
  return `${blocks.join('\n')}\n`;
}

function words(schema: JsonSchema | undefined): string {
  return schema === undefined ? 'anything (it has no schema)' : schemaWords(schema);
}
