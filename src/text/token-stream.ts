import type { Problem } from '../core/problem.ts';
import type { SourceText } from '../problems/source-text.ts';
import { type Token, type TokenOf, tokensOf } from './tokens.ts';

/** The tokens of a text, taken one after another, and what is wrong with them. */
export class TokenStream {
  readonly problems: Problem[] = [];
  readonly source: SourceText;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(source: SourceText) {
    this.source = source;
    this.#tokens = tokensOf(source, this.problems);
  }

  /** The token that it is at; after the last one, `end`. */
  peek(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
  }

  /** Goes to the next token. */
  next(): Token {
    this.#at++;
    return this.peek();
  }

  /** Takes a connector, if it is at that one. */
  take(keyword: TokenOf<'connector'>['keyword']): TokenOf<'connector'> | undefined {
    const token = this.peek();
    if (token.type !== 'connector' || token.keyword !== keyword) return undefined;
    this.#at++;
    return token;
  }

  report(token: Token, message: string, suggestion?: string): void {
    this.problems.push({ message, suggestion, ...this.source.place(token.offset, token.text.length) });
  }
}
