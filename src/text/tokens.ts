import type { Problem } from '../core/problem.ts';
import type { SourceText } from '../problems/source-text.ts';
import { suggest } from '../problems/suggest.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import type { TextCondition } from './tree.ts';

/** What a text is made of. */
export type Token = { readonly text: string; readonly offset: number } & (
  | { readonly type: 'word' }
  | { readonly type: 'connector'; readonly keyword: 'THEN' | 'AND' | 'ELSE' }
  | { readonly type: 'condition'; readonly keyword: 'IF_SUCCESS' | 'IF_FAILURE' | 'IF_ANY_FAILED' }
  | { readonly type: 'suffix'; readonly condition: TextCondition }
  | { readonly type: 'retry'; readonly retries: number }
  | { readonly type: 'end' }
);

/** A word, a connector ...: the tokens of one kind. */
export type TokenOf<T extends Token['type']> = Extract<Token, { readonly type: T }>;

const connectors = ['THEN', 'AND', 'ELSE'] as const;
const conditions = ['IF_SUCCESS', 'IF_FAILURE', 'IF_ANY_FAILED'] as const;
const outcomes: Readonly<Record<string, TextCondition>> = {
  success: { type: 'success' },
  passing: { type: 'success' },
  failure: { type: 'failure' },
  failing: { type: 'failure' },
};
const maxRetries = 1000;

/** Cuts a text into its tokens, an `end` last. What is wrong with one is added to `problems`; it is then a word. */
export function tokensOf(source: SourceText, problems: Problem[]): Token[] {
  const tokens: Token[] = [];
  const chunks = chunksOf(source, problems);
  for (let index = 0; index < chunks.length; index++) {
    const chunk = chunks[index] as Chunk;
    const next = chunks[index + 1];
    const outcome = chunk.text === 'IF' && next !== undefined ? outcomeOf(next.text) : undefined;
    if (outcome !== undefined && next !== undefined) {
      const text = source.text.slice(chunk.offset, next.offset + next.text.length);
      tokens.push({ type: 'suffix', condition: outcome, text, offset: chunk.offset });
      index++;
    } else {
      tokens.push(tokenOf(chunk, source, problems));
    }
  }
  return [...tokens, { type: 'end', text: '', offset: source.text.trimEnd().length }];
}

function outcomeOf(word: string): TextCondition | undefined {
  return Object.hasOwn(outcomes, word) ? outcomes[word] : undefined;
}

function tokenOf(chunk: Chunk, source: SourceText, problems: Problem[]): Token {
  const { text, offset } = chunk;
  const connector = connectors.find((keyword) => keyword === text);
  if (connector !== undefined) return { type: 'connector', keyword: connector, text, offset };
  const condition = conditions.find((keyword) => keyword === text);
  if (condition !== undefined) return { type: 'condition', keyword: condition, text, offset };
  const report = (message: string, suggestion?: string): void => {
    problems.push({ message, suggestion, ...source.place(offset, text.length) });
  };
  if (text.startsWith('IF')) return conditionOf(chunk, report);
  if (/^\(retry\s+up\s+to\b/i.test(text)) return retryOf(chunk, report);
  return { type: 'word', text, offset };
}

type Report = (message: string, suggestion?: string) => void;

function conditionOf({ text, offset }: Chunk, report: Report): Token {
  const sought = /^IF_CONTAINS\("([^"]+)"\)$/.exec(text)?.[1];
  if (sought !== undefined)
    return { type: 'suffix', condition: { type: 'contains', text: sought }, text, offset };
  if (text === 'IF') report('IF needs success, passing, failure or failing after it');
  else if (/^IF_CONTAINS\b/.test(text))
    report('IF_CONTAINS needs a text to look for, as in IF_CONTAINS("approved")');
  else reportUnknown(text, report);
  return { type: 'word', text, offset };
}

/** What is nothing like a condition is a word. */
function reportUnknown(text: string, report: Report): void {
  const head = /^IF_[A-Z_]*(?=\(|$)/.exec(text)?.[0];
  const suggestion = head === undefined ? undefined : suggest(head, [...conditions, 'IF_CONTAINS']);
  if (suggestion !== undefined) report(`there is no condition ${head}`, suggestion);
}

function retryOf({ text, offset }: Chunk, report: Report): Token {
  const count = /^\(retry up to (\d+) times?(?: on failure)?\)$/.exec(text.replace(/\s+/g, ' '))?.[1];
  const retries = Number(count);
  if (count === undefined) report('a retry is written as in (retry up to 3 times on failure)');
  else if (retries > maxRetries) report(`more than ${maxRetries} retries`);
  else return { type: 'retry', retries, text, offset };
  return { type: 'word', text, offset };
}
