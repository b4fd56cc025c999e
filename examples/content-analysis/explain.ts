import { DocumentError } from './skills/document-error.ts';

/** Why a document could not be analysed. */
export function explain(name: string, error: unknown): string {
  if (error instanceof DocumentError) return error.message; // it begins with the file's path
  return `${name}: ${error instanceof Error ? error.message : String(error)}`;
}
