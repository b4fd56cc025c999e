import type { Problem } from '../core/problem.ts';
import type { SourceText } from '../problems/source-text.ts';
import type { KnownProviders } from './provider-phrase.ts';
import { type Opener, TaskParser } from './task-parser.ts';
import { TokenStream } from './token-stream.ts';
import type { TextConditional, TextGroup, TextPhase, TextTask, TextWorkflow } from './tree.ts';

const prefixes = { IF_SUCCESS: 'success', IF_FAILURE: 'failure', IF_ANY_FAILED: 'anyFailed' } as const;

/**
 * Reads a text by recursive descent, a method for each rule of the grammar. It goes on after what is wrong, so that all
 * problems are told at once; a tree is worth something only where there are none.
 */
export class Parser {
  readonly #tokens: TokenStream;
  readonly #tasks: TaskParser;
  /** Nothing comes before the phase that is being read. */
  #first = true;

  constructor(source: SourceText, providers: KnownProviders) {
    this.#tokens = new TokenStream(source);
    this.#tasks = new TaskParser(this.#tokens, providers);
  }

  get problems(): readonly Problem[] {
    return this.#tokens.problems;
  }

  /** `workflow = phase , { "THEN" , phase }` */
  workflow(): TextWorkflow {
    const phases = [this.#phase(undefined)];
    this.#first = false;
    for (let then = this.#tokens.take('THEN'); then !== undefined; then = this.#tokens.take('THEN'))
      phases.push(this.#phase(then));
    return { type: 'workflow', phases };
  }

  /** `phase = [ condition ] , group , [ "ELSE" , group ]` */
  #phase(opener: Opener): TextPhase {
    const condition = this.#tokens.peek();
    if (condition.type !== 'condition') {
      const group = this.#group(opener);
      this.#refuseElse('ELSE needs a condition before it, as in IF_SUCCESS run tests ELSE fix the errors');
      return group;
    }
    this.#tokens.next();
    if (this.#first) this.#tasks.refuseAtStart(condition);
    const phase = this.#conditional(prefixes[condition.keyword], this.#group(condition));
    this.#refuseElse('a condition has one ELSE');
    return phase;
  }

  #conditional(when: TextConditional['when'], group: TextGroup): TextConditional {
    const otherwise = this.#tokens.take('ELSE');
    if (otherwise === undefined) return { type: 'conditional', when, group };
    return { type: 'conditional', when, group, otherwise: this.#group(otherwise) };
  }

  #refuseElse(message: string): void {
    for (let extra = this.#tokens.take('ELSE'); extra !== undefined; extra = this.#tokens.take('ELSE')) {
      this.#tokens.report(extra, message);
      this.#group(extra);
    }
  }

  /** `group = task , { "AND" , task } , [ "AND" , "IF_ANY_FAILED" , task ]` */
  #group(opener: Opener): TextGroup {
    const tasks = [this.#tasks.task(opener, this.#first)];
    let anyFailed: TextTask | undefined;
    for (let and = this.#tokens.take('AND'); and !== undefined; and = this.#tokens.take('AND')) {
      if (anyFailed !== undefined) this.#tokens.report(and, 'IF_ANY_FAILED is the last of its group');
      const condition = this.#tokens.peek();
      if (condition.type === 'condition' && condition.keyword === 'IF_ANY_FAILED') {
        this.#tokens.next();
        anyFailed = this.#tasks.task(condition, this.#first);
      } else {
        tasks.push(this.#tasks.task(and, this.#first));
      }
    }
    return anyFailed === undefined ? { type: 'group', tasks } : { type: 'group', tasks, anyFailed };
  }
}
