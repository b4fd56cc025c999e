import type { TextGroup, TextPhase, TextTask, TextWorkflow } from 'tutti/text';

const tests = { success: '?S ', failure: '?F ', anyFailed: '?A ' } as const;

/** A tree in short: `;` then, `‖` beside, `?S` `?F` `?A` condition, `:` else, `@` provider, `x3` retries, `!` any failed. */
export function shape(tree: TextWorkflow): string {
  return tree.phases.map(phaseShape).join('; ');
}

function phaseShape(phase: TextPhase): string {
  if (phase.type === 'group') return groupShape(phase);
  const otherwise = phase.otherwise === undefined ? '' : ` : ${groupShape(phase.otherwise)}`;
  return `${tests[phase.when]}${groupShape(phase.group)}${otherwise}`;
}

function groupShape({ tasks, anyFailed }: TextGroup): string {
  const all = tasks.map(taskShape).join(' ‖ ');
  return anyFailed === undefined ? all : `${all} ! ${taskShape(anyFailed)}`;
}

function taskShape({ agent, text, provider, retries, when }: TextTask): string {
  const who = provider?.type === 'tier' ? provider.tiers.join('+') : provider?.name;
  const parts = [
    agent === undefined ? '' : `${agent}>`,
    text,
    who === undefined ? '' : `@${who}`,
    retries === undefined ? '' : `x${retries}`,
    when === undefined ? '' : when.type === 'contains' ? `?"${when.text}"` : `?${when.type}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
