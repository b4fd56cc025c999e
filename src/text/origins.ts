import type { SourceText } from '../problems/source-text.ts';
import type { TextTask } from './tree.ts';

/** Where a task was written. */
export interface Origin {
  readonly source: SourceText;
  readonly offset: number;
  readonly length: number;
}

const origins = new WeakMap<TextTask, Origin>();

/** Remembers where a task was written, beside the tree, which is plain data. */
export function setOrigin(task: TextTask, origin: Origin): void {
  origins.set(task, origin);
}

/** Where a task was written; unknown for a tree that did not come out of a parser in this process. */
export function originOf(task: TextTask): Origin | undefined {
  return origins.get(task);
}
