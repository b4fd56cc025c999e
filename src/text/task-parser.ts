import { setOrigin } from './origins.ts';
import type { KnownProviders } from './provider-phrase.ts';
import type { TokenStream } from './token-stream.ts';
import type { Token, TokenOf } from './tokens.ts';
import type { TextCondition, TextTask } from './tree.ts';

/** What a task comes after, if anything: what is to blame when there is no task. */
export type Opener = TokenOf<'connector'> | TokenOf<'condition'> | undefined;

const agentName = /^(\p{L}[\p{L}\p{Nd}_.-]{0,29}):$/u;

/** Reads one task: `task = [ agent ] , text , [ retry ] , [ condition ]`. */
export class TaskParser {
  readonly #tokens: TokenStream;
  readonly #providers: KnownProviders;

  constructor(tokens: TokenStream, providers: KnownProviders) {
    this.#tokens = tokens;
    this.#providers = providers;
  }

  /** @param first there is no phase before, whose end a condition could ask for */
  task(opener: Opener, first: boolean): TextTask {
    this.#refusePrefix(first && opener === undefined);
    const { words, retry } = this.#words();
    if (words.length === 0) this.#missing(opener);
    const when = this.#when(first);
    const task: TextTask = {
      ...this.#taskOf(words),
      ...(retry !== undefined && { retries: retry.retries }),
      ...(when !== undefined && { when }),
    };
    this.#remember(task, words, retry);
    return task;
  }

  /** Refuses a condition that asks how the phase before ended, where there is none. */
  refuseAtStart(token: Token): void {
    this.#tokens.report(token, `${token.text} asks how the phase before ended, and there is none`);
  }

  #words(): { readonly words: readonly TokenOf<'word'>[]; readonly retry: TokenOf<'retry'> | undefined } {
    const tokens = this.#tokens;
    const words: TokenOf<'word'>[] = [];
    let retry: TokenOf<'retry'> | undefined;
    for (let token = tokens.peek(); isWord(token); token = tokens.next()) {
      if (retry !== undefined) tokens.report(retry, 'a retry stands once, at the end of its task');
      retry = token.type === 'retry' ? token : undefined;
      if (token.type === 'word') words.push(token);
    }
    return { words, retry };
  }

  /** Agent, text and provider of a task, out of its words. */
  #taskOf(words: readonly TokenOf<'word'>[]): TextTask {
    const [first] = words;
    const agent = agentName.exec(first?.text ?? '')?.[1];
    const said = words.slice(agent === undefined ? 0 : 1).map(({ text }) => text);
    if (first !== undefined && said.length === 0)
      this.#tokens.report(first, `the agent ${agent} has no task`);
    const named = this.#providers.phraseAtEndOf(said);
    return {
      type: 'task',
      ...(agent !== undefined && { agent }),
      text: said.slice(0, said.length - (named?.words ?? 0)).join(' '),
      ...(named !== undefined && { provider: named.provider }),
    };
  }

  /** What a task asks of the phase before, at its end; what does not end the task there is refused, and skipped. */
  #when(first: boolean): TextCondition | undefined {
    const tokens = this.#tokens;
    for (let token = tokens.peek(); !isEnd(token); token = tokens.peek()) {
      const condition = conditionOf(token);
      if (isEnd(tokens.next()) && condition !== undefined) {
        if (first) this.refuseAtStart(token);
        return condition;
      }
      if (token.type === 'condition' && token.keyword === 'IF_ANY_FAILED')
        tokens.report(token, 'IF_ANY_FAILED stands after THEN or AND', 'AND IF_ANY_FAILED');
      else this.#refuse(token, `THEN ${token.text}`);
      while (isWord(tokens.peek())) tokens.next();
    }
    return undefined;
  }

  /** Refuses conditions where a task should begin: at the start, after another condition, or after AND. */
  #refusePrefix(atStart: boolean): void {
    const tokens = this.#tokens;
    for (let token = tokens.peek(); isCondition(token); token = tokens.next()) {
      if (atStart) this.refuseAtStart(token);
      else this.#refuse(token);
    }
  }

  #refuse(token: Token, suggestion?: string): void {
    const { text } = token;
    if (token.type !== 'condition') this.#tokens.report(token, `${text} stands once, at the end of its task`);
    else if (token.keyword === 'IF_ANY_FAILED')
      this.#tokens.report(token, `${text} stands after THEN or AND`);
    else this.#tokens.report(token, `${text} stands after THEN, or at the end of a task`, suggestion);
  }

  #missing(opener: Opener): void {
    const next = this.#tokens.peek();
    if (opener !== undefined) this.#tokens.report(opener, `${opener.keyword} has no task after it`);
    else if (next.type === 'end') this.#tokens.report(next, 'there is no task');
    else this.#tokens.report(next, `${next.text} has no task before it`);
  }

  #remember(task: TextTask, words: readonly TokenOf<'word'>[], retry: TokenOf<'retry'> | undefined): void {
    const [first] = words;
    const last = retry ?? words.at(-1);
    if (first === undefined || last === undefined) return;
    const length = last.offset + last.text.length - first.offset;
    setOrigin(task, { source: this.#tokens.source, offset: first.offset, length });
  }
}

function isWord(token: Token): token is TokenOf<'word'> | TokenOf<'retry'> {
  return token.type === 'word' || token.type === 'retry';
}

function isCondition(token: Token): token is TokenOf<'condition'> | TokenOf<'suffix'> {
  return token.type === 'condition' || token.type === 'suffix';
}

/** A task ends before it. */
function isEnd(token: Token): boolean {
  return token.type === 'end' || token.type === 'connector';
}

function conditionOf(token: Token): TextCondition | undefined {
  if (token.type === 'suffix') return token.condition;
  if (token.type !== 'condition' || token.keyword === 'IF_ANY_FAILED') return undefined;
  return { type: token.keyword === 'IF_SUCCESS' ? 'success' : 'failure' };
}
