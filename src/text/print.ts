import type { TextCondition, TextGroup, TextPhase, TextTask, TextWorkflow } from './tree.ts';

const prefixes = { success: 'IF_SUCCESS', failure: 'IF_FAILURE', anyFailed: 'IF_ANY_FAILED' } as const;

/**
 * Writes a workflow as text: parsed again, with the same providers, it gives the same tree.
 *
 * ```ts
 * import { parse, print } from 'tutti/text';
 *
 * print(parse('build  THEN  test it IF passing')); // 'build THEN test it IF_SUCCESS'
 * ```
 *
 * @param workflow as {@link parse} gives it
 */
export function print(workflow: TextWorkflow): string {
  return workflow.phases.map(phaseText).join(' THEN ');
}

function phaseText(phase: TextPhase): string {
  if (phase.type === 'group') return groupText(phase);
  const { when, group, otherwise } = phase;
  return `${prefixes[when]} ${groupText(group)}${otherwise === undefined ? '' : ` ELSE ${groupText(otherwise)}`}`;
}

function groupText({ tasks, anyFailed }: TextGroup): string {
  const texts = tasks.map(taskText);
  if (anyFailed !== undefined) texts.push(`IF_ANY_FAILED ${taskText(anyFailed)}`);
  return texts.join(' AND ');
}

function taskText({ agent, text, provider, retries, when }: TextTask): string {
  const parts = [
    agent === undefined ? '' : `${agent}:`,
    text,
    provider?.phrase ?? '',
    retries === undefined ? '' : `(retry up to ${retries} ${retries === 1 ? 'time' : 'times'} on failure)`,
    when === undefined ? '' : whenText(when),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function whenText(when: TextCondition): string {
  if (when.type === 'contains') return `IF_CONTAINS("${when.text}")`;
  return prefixes[when.type];
}
