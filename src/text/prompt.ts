import { textOf } from '../core/errors.ts';
import type { TaskInput } from './task-input.ts';

/** A task and what it works on, as a text for who reads texts. */
export function promptOf(input: Omit<TaskInput, 'prompt'>, opening: boolean): string {
  const parts = [input.task];
  if (opening && input.input !== undefined) parts.push(section('Input', input.input));
  for (const { task, output } of input.previous) parts.push(section(`Output of ${quoted(task)}`, output));
  for (const { task, error } of input.failures)
    parts.push(section(`Failure of ${quoted(task)}`, error.message));
  return parts.join('\n\n');
}

function section(title: string, content: unknown): string {
  return `${title}:\n${inWords(content)}`;
}

function quoted(task: string): string {
  return `“${task}”`;
}

/** A text as it is, all else as indented JSON, as far as it can be written so. */
function inWords(content: unknown): string {
  if (typeof content === 'string') return content;
  try {
    return JSON.stringify(content, undefined, 2) ?? textOf(content);
  } catch {
    return textOf(content);
  }
}
