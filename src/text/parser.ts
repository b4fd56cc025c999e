import type { Problem } from '../core/problem.ts';
import type { SourceText } from '../problems/source-text.ts';
import { setOrigin } from './origins.ts';
import type { KnownProviders } from './provider-phrase.ts';
import { type Token, type TokenOf, tokensOf } from './tokens.ts';
import type { TextCondition, TextConditional, TextGroup, TextPhase, TextTask, TextWorkflow } from './tree.ts';

type Mutable<X> = { -readonly [K in keyof X]: X[K] };

/** What a task comes after, if anything: what is to blame when there is no task. */
type Opener = TokenOf<'connector'> | TokenOf<'condition'> | undefined;

const prefixes = { IF_SUCCESS: 'success', IF_FAILURE: 'failure', IF_ANY_FAILED: 'anyFailed' } as const;
const agentName = /^(\p{L}[\p{L}\p{Nd}_.-]{0,29}):$/u;

/**
 * Reads a text by recursive descent, a method for each rule of the grammar. It goes on after what is wrong, so that all
 * problems are told at once; a tree is worth something only where there are none.
 */
export class Parser {
  readonly problems: Problem[] = [];
  readonly #source: SourceText;
  readonly #providers: KnownProviders;
  readonly #tokens: readonly Token[];
  #at = 0;
  /** Nothing comes before the phase that is being read. */
  #first = true;

  constructor(source: SourceText, providers: KnownProviders) {
    this.#source = source;
    this.#providers = providers;
    this.#tokens = tokensOf(source, this.problems);
  }

  /** `workflow = phase , { "THEN" , phase }` */
  workflow(): TextWorkflow {
    const phases = [this.#phase(undefined)];
    this.#first = false;
    for (let then = this.#take('THEN'); then !== undefined; then = this.#take('THEN'))
      phases.push(this.#phase(then));
    return { type: 'workflow', phases };
  }

  /** `phase = [ condition ] , group , [ "ELSE" , group ]` */
  #phase(opener: Opener): TextPhase {
    const condition = this.#peek();
    if (condition.type !== 'condition') return this.#unconditional(opener);
    this.#at++;
    this.#refuseAtStart(condition);
    const when = prefixes[condition.keyword];
    const phase: Mutable<TextConditional> = { type: 'conditional', when, group: this.#group(condition) };
    const otherwise = this.#take('ELSE');
    if (otherwise !== undefined) phase.otherwise = this.#group(otherwise);
    this.#refuseElse('a condition has one ELSE');
    return phase;
  }

  #unconditional(opener: Opener): TextGroup {
    const group = this.#group(opener);
    this.#refuseElse('ELSE needs a condition before it, as in IF_SUCCESS run tests ELSE fix the errors');
    return group;
  }

  #refuseElse(message: string): void {
    for (let extra = this.#take('ELSE'); extra !== undefined; extra = this.#take('ELSE')) {
      this.#report(extra, message);
      this.#group(extra);
    }
  }

  /** `group = task , { "AND" , task } , [ "AND" , "IF_ANY_FAILED" , task ]` */
  #group(opener: Opener): TextGroup {
    const tasks = [this.#task(opener)];
    let anyFailed: TextTask | undefined;
    for (let and = this.#take('AND'); and !== undefined; and = this.#take('AND')) {
      if (anyFailed !== undefined) this.#report(and, 'IF_ANY_FAILED is the last of its group');
      const next = this.#peek();
      if (next.type === 'condition' && next.keyword === 'IF_ANY_FAILED') {
        this.#at++;
        anyFailed = this.#task(next);
      } else {
        tasks.push(this.#task(and));
      }
    }
    return anyFailed === undefined ? { type: 'group', tasks } : { type: 'group', tasks, anyFailed };
  }

  /** `task = [ agent ] , text , [ retry ] , [ when ]` */
  #task(opener: Opener): TextTask {
    this.#refusePrefix(opener);
    const { words, retry } = this.#words();
    if (words.length === 0) this.#missing(opener);
    const when = this.#when();
    const task: TextTask = {
      ...this.#taskOf(words),
      ...(retry !== undefined && { retries: retry.retries }),
      ...(when !== undefined && { when }),
    };
    this.#remember(task, words, retry);
    return task;
  }

  #words(): { readonly words: readonly TokenOf<'word'>[]; readonly retry: TokenOf<'retry'> | undefined } {
    const words: TokenOf<'word'>[] = [];
    let retry: TokenOf<'retry'> | undefined;
    for (let token = this.#peek(); token.type === 'word' || token.type === 'retry'; token = this.#next()) {
      if (retry !== undefined) this.#report(retry, 'a retry stands once, at the end of its task');
      retry = token.type === 'retry' ? token : undefined;
      if (token.type === 'word') words.push(token);
    }
    return { words, retry };
  }

  #remember(task: TextTask, words: readonly TokenOf<'word'>[], retry: TokenOf<'retry'> | undefined): void {
    const [first] = words;
    const last = retry ?? words.at(-1);
    if (first === undefined || last === undefined) return;
    const length = last.offset + last.text.length - first.offset;
    setOrigin(task, { source: this.#source, offset: first.offset, length });
  }

  /** Agent, text and provider of a task, out of its words. */
  #taskOf(words: readonly TokenOf<'word'>[]): TextTask {
    const [first] = words;
    const agent = agentName.exec(first?.text ?? '')?.[1];
    const said = words.slice(agent === undefined ? 0 : 1).map(({ text }) => text);
    if (first !== undefined && said.length === 0) this.#report(first, `the agent ${agent} has no task`);
    const named = this.#providers.phraseAtEndOf(said);
    return {
      type: 'task',
      ...(agent !== undefined && { agent }),
      text: said.slice(0, said.length - (named?.words ?? 0)).join(' '),
      ...(named !== undefined && { provider: named.provider }),
    };
  }

  /** What a task asks of the phase before, at its end; what does not end the task there is refused, and skipped. */
  #when(): TextCondition | undefined {
    for (let token = this.#peek(); token.type !== 'end' && token.type !== 'connector'; token = this.#peek()) {
      this.#at++;
      const condition = suffixOf(token);
      if (condition !== undefined && this.#ended()) {
        this.#refuseAtStart(token);
        return condition;
      }
      this.#refuseInside(token);
      this.#skipWords();
    }
    return undefined;
  }

  /** A condition where a task should begin: at the start, after another condition, or after AND. */
  #refusePrefix(opener: Opener): void {
    for (
      let token = this.#peek();
      token.type === 'condition' || token.type === 'suffix';
      token = this.#next()
    ) {
      if (this.#first && opener === undefined) this.#refuseAtStart(token);
      else this.#refuseInside(token);
    }
  }

  #refuseInside(token: Token): void {
    const { text } = token;
    if (token.type !== 'condition') this.#report(token, `${text} stands once, at the end of its task`);
    else if (token.keyword === 'IF_ANY_FAILED')
      this.#report(token, 'IF_ANY_FAILED stands after THEN or AND', 'AND IF_ANY_FAILED');
    else this.#report(token, `${text} stands after THEN, or at the end of a task`, `THEN ${text}`);
  }

  #refuseAtStart(token: Token): void {
    if (this.#first) this.#report(token, `${token.text} asks how the phase before ended, and there is none`);
  }

  #missing(opener: Opener): void {
    const next = this.#peek();
    if (opener !== undefined) this.#report(opener, `${opener.keyword} has no task after it`);
    else if (next.type === 'end') this.#report(next, 'there is no task');
    else this.#report(next, `${next.text} has no task before it`);
  }

  /** A task ends here. */
  #ended(): boolean {
    const { type } = this.#peek();
    return type === 'end' || type === 'connector';
  }

  #skipWords(): void {
    let { type } = this.#peek();
    while (type === 'word' || type === 'retry') type = this.#next().type;
  }

  #take(keyword: TokenOf<'connector'>['keyword']): TokenOf<'connector'> | undefined {
    const token = this.#peek();
    if (token.type !== 'connector' || token.keyword !== keyword) return undefined;
    this.#at++;
    return token;
  }

  #next(): Token {
    this.#at++;
    return this.#peek();
  }

  #peek(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
  }

  #report(token: Token, message: string, suggestion?: string): void {
    this.problems.push({ message, suggestion, ...this.#source.place(token.offset, token.text.length) });
  }
}

function suffixOf(token: Token): TextCondition | undefined {
  if (token.type === 'suffix') return token.condition;
  if (token.type !== 'condition' || token.keyword === 'IF_ANY_FAILED') return undefined;
  return { type: token.keyword === 'IF_SUCCESS' ? 'success' : 'failure' };
}
