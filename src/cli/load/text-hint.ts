import { suggest } from '../../problems/suggest.ts';
import { parse } from '../../text/parse.ts';
import { ProviderTable } from '../../text/provider-table.ts';
import type { TextTask } from '../../text/tree.ts';
import type { Skills } from './load-skills.ts';
import { nearestFile, type WorkflowSource } from './workflow-source.ts';

/** What to look at in a text of the command line that joins nothing: a word that in upper case would, or a file of that name. */
export async function textHint(
  { file, text }: WorkflowSource,
  skills?: Pick<Skills, 'registry' | 'providers'>,
): Promise<string | undefined> {
  const joins = /(?:^|\s)(?:THEN|AND|ELSE|IF_[A-Z_]+)(?:\s|\(|$)/.test(text);
  if (file !== undefined) return undefined;
  const almost = skills && almostName(text, skills);
  if (almost !== undefined || joins) return almost;
  if (/\S\s+then\s+\S/i.test(text))
    return 'this text is one task, with "then" in it; in upper case, THEN stands between two';
  const near = /\s/.test(text) ? undefined : await nearestFile(text);
  return near === undefined
    ? undefined
    : `this is taken for a text of one task; there is a file ${near}, too`;
}

/** A task that the default skill does, although it nearly has the name of another one, or ends with nearly a provider's. */
function almostName(
  text: string,
  { registry, providers }: Pick<Skills, 'registry' | 'providers'>,
): string | undefined {
  const names = new ProviderTable(providers).names();
  const tree = parse(text, { providers: names });
  const tasks = tree.phases.flatMap((phase) => (phase.type === 'conditional' ? phase.group : phase).tasks);
  for (const task of tasks) {
    const said = almostSkill(task, registry.names) ?? almostProvider(task, names);
    if (said !== undefined) return said;
  }
  return undefined;
}

function almostSkill({ text }: TextTask, names: readonly string[]): string | undefined {
  const meant = /\s/.test(text) || names.includes(text) ? undefined : suggest(text, names);
  return meant && `"${text}" is no skill, and is left to the default skill; did you mean "${meant}"?`;
}

function almostProvider({ text, provider }: TextTask, names: readonly string[]): string | undefined {
  const [, name] = (provider === undefined && /\s(?:with|using|use)\s+(\S+)$/i.exec(text)) || [];
  const meant = name && suggest(name, names);
  return meant && `there is no provider "${name}", so it is a part of the task; did you mean "${meant}"?`;
}
