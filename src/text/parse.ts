import { DefinitionError } from '../core/errors.ts';
import { refusal } from '../problems/refusal.ts';
import { SourceText } from '../problems/source-text.ts';
import { Parser } from './parser.ts';
import { KnownProviders } from './provider-phrase.ts';
import type { TextWorkflow } from './tree.ts';

export interface ParseOptions {
  /** Names of providers that tasks may end with, as in `with GPT-4`; what is not one of them stays text. */
  readonly providers?: Iterable<string>;
  /** The name of the file that the text is from, for messages. */
  readonly file?: string;
}

/**
 * Reads a workflow in the text language.
 *
 * ```ts
 * import { parse } from 'tutti/text';
 *
 * const tree = parse('Research the topic AND gather examples THEN write a guide with GPT-4', { providers: ['GPT-4'] });
 * tree.phases.length; // 2
 * ```
 *
 * Keywords are `THEN`, `AND`, `ELSE`, `IF_SUCCESS`, `IF_FAILURE`, `IF_ANY_FAILED`, `IF_CONTAINS("...")` and `IF success`
 * (`passing`, `failure`, `failing`), as whole words in upper case, outside quotes and parentheses. All else is tasks.
 *
 * Errors: `DefinitionError` with all problems of the text, each at its place, with a caret under it.
 *
 * @param text the workflow, usually one line
 * @param options `providers`, `file`
 */
export function parse(text: string, options: ParseOptions = {}): TextWorkflow {
  if (typeof text !== 'string') throw new DefinitionError('parse: a workflow text is a string');
  const source = new SourceText(text, options.file);
  const parser = new Parser(source, new KnownProviders(options.providers ?? []));
  const workflow = parser.workflow();
  if (parser.problems.length > 0) throw refusal('workflow text', parser.problems, source);
  return workflow;
}
