import { nearestFile, type WorkflowSource } from './workflow-source.ts';

/** What to look at in a text of the command line that joins nothing: a word that in upper case would, or a file of that name. */
export async function textHint({ file, text }: WorkflowSource): Promise<string | undefined> {
  const joins = /(?:^|\s)(?:THEN|AND|ELSE|IF_[A-Z_]+)(?:\s|\(|$)/.test(text);
  if (file !== undefined || joins) return undefined;
  if (/\S\s+then\s+\S/i.test(text))
    return 'this text is one task, with "then" in it; in upper case, THEN stands between two';
  const near = /\s/.test(text) ? undefined : await nearestFile(text);
  return near === undefined
    ? undefined
    : `this is taken for a text of one task; there is a file ${near}, too`;
}
