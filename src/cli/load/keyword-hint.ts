import type { WorkflowSource } from './workflow-source.ts';

/** What to look at in a text of the command line that joins nothing, and has a word that in upper case would. */
export function keywordHint({ file, text }: WorkflowSource): string | undefined {
  if (file !== undefined) return undefined;
  const joins = /(?:^|\s)(?:THEN|AND|ELSE|IF_[A-Z_]+)(?:\s|\(|$)/.test(text);
  if (joins || !/\S\s+then\s+\S/i.test(text)) return undefined;
  return 'this text is one task, with "then" in it; in upper case, THEN stands between two';
}
