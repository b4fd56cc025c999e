import { DefinitionError } from '../core/errors.ts';
import type { TextGroup, TextPhase, TextWorkflow } from './tree.ts';

/** Refuses what is no tree at all: one may come from a store, or from a program. */
export function checkTree(tree: TextWorkflow): void {
  const isGroup = (group: Partial<TextGroup> | undefined): boolean =>
    Array.isArray(group?.tasks) &&
    group.tasks.length > 0 &&
    group.tasks.every(({ text }) => typeof text === 'string');
  const isPhase = (phase: TextPhase): boolean =>
    phase?.type === 'conditional'
      ? isGroup(phase.group) && (phase.otherwise === undefined || isGroup(phase.otherwise))
      : isGroup(phase);
  if (
    tree?.type !== 'workflow' ||
    !Array.isArray(tree.phases) ||
    tree.phases.length === 0 ||
    !tree.phases.every(isPhase)
  )
    throw new DefinitionError('compile: it takes a text, or a tree as parse gives it');
}
