import { named } from '../../operators/compose/named.ts';
import { type RetryOptions, retry } from '../../operators/policies/retry.ts';
import { timeout } from '../../operators/policies/timeout.ts';
import { asStep, nodeOf } from '../core/as-step.ts';
import type { Duration } from '../core/duration.ts';
import type { Problem } from '../core/problem.ts';
import { StepNode } from '../core/step-node.ts';
import { suggest } from '../problems/suggest.ts';
import { originOf } from './origins.ts';
import type { ProviderTable } from './provider-table.ts';
import { TaskIds } from './task-ids.ts';
import type { TaskResolver, TaskSkill } from './task-resolver.ts';
import type { TextTask } from './tree.ts';

/** A task, with who does it. */
export interface BoundTask {
  readonly id: string;
  /** What is to be done. */
  readonly task: string;
  readonly provider: string | undefined;
  /** Does it, under its policies. */
  readonly step: TaskSkill;
  /** Who does it, by the task's id. */
  readonly skillFor: (id: string) => TaskSkill;
}

/** What tasks get where the text does not say otherwise. */
export interface TaskDefaults {
  /** How failed tasks are tried again; `retry up to` in the text replaces `maxRetries`. Default: not at all. */
  readonly retry?: RetryOptions;
  /** How long one attempt of a task may take; default no limit. */
  readonly timeout?: Duration;
}

/** Finds who does the tasks of one text, in their order, and gathers what cannot be found. */
export class Binder {
  readonly problems: Problem[] = [];
  readonly #resolver: TaskResolver;
  readonly #providers: ProviderTable;
  readonly #defaults: TaskDefaults;
  readonly #ids = new TaskIds();

  constructor(resolver: TaskResolver, providers: ProviderTable, defaults: TaskDefaults) {
    this.#resolver = resolver;
    this.#providers = providers;
    this.#defaults = defaults;
  }

  /** @param before the only task of the phase before, which is done again where a task says only by whom */
  bind(task: TextTask, before: BoundTask | undefined): BoundTask | undefined {
    const repeated = task.text === '' && task.agent === undefined ? before : undefined;
    const said = task.text === '' ? (task.provider?.phrase ?? '') : task.text;
    const id = this.#ids.idOf(said);
    const provider = this.providerOf(task) ?? repeated?.provider;
    const skillFor = repeated?.skillFor ?? this.#skillFor(task, said);
    if (skillFor === undefined) return undefined;
    const step = this.underPolicies(skillFor(id), task.retries);
    return { id, task: repeated?.task ?? said, provider, step, skillFor };
  }

  /** What a task's skill is told of its provider. */
  providerOf(task: TextTask): string | undefined {
    if (task.provider === undefined) return undefined;
    const found = this.#providers.resolve(task.provider);
    if ('id' in found) return found.id;
    this.#report(task, found.message, found.suggestion);
    return undefined;
  }

  #skillFor(task: TextTask, said: string): BoundTask['skillFor'] | undefined {
    const { agent } = task;
    if (agent !== undefined) return this.#agent(task, agent);
    const skill = this.#resolver.skill(said);
    if (skill !== undefined) return (id) => (nodeOf(skill) instanceof StepNode ? skill : named(id, skill));
    const { defaultSkill } = this.#resolver;
    if (defaultSkill !== undefined) return (id) => called(id, defaultSkill);
    const joined = this.#joined(said);
    const suggestion = joined ?? this.#suggest(said);
    const known = suggestion === undefined ? this.#known() : '';
    const why = joined === undefined ? known : '; what joins tasks is in upper case';
    this.#report(task, `there is no skill ${JSON.stringify(said)}, and no default skill${why}`, suggestion);
    return undefined;
  }

  /** The text with the keywords in it that were written in small letters: `and` and `else` only where they join skills. */
  #joined(said: string): string | undefined {
    if (/["()]/.test(said)) return undefined;
    const all = raised(said, 'then|and|else');
    const isAll = all
      .split(/\s+(?:THEN|AND|ELSE)\s+/)
      .every((name) => this.#resolver.skill(name) !== undefined);
    const joined = isAll ? all : raised(said, 'then|if_success|if_failure|if_any_failed');
    return joined === said ? undefined : joined;
  }

  #agent(task: TextTask, name: string): BoundTask['skillFor'] | undefined {
    const found = this.#resolver.agent?.(name) ?? this.#resolver.skill(name);
    if (found !== undefined) return (id) => called(id, found);
    const suggestion = this.#suggest(name);
    const known = suggestion === undefined ? this.#known() || ', and nobody else' : '';
    const message = `there is no agent ${JSON.stringify(name)}${known}; a text with a colon stands in quotes`;
    this.#report(task, message, suggestion);
    return undefined;
  }

  /** Some of the names that there are. */
  #known(): string {
    const names = [...(this.#resolver.names?.() ?? [])];
    if (names.length === 0) return '';
    return `; there are ${names.slice(0, 8).join(', ')}${names.length > 8 ? ' and others' : ''}`;
  }

  #suggest(name: string): string | undefined {
    return suggest(name, this.#resolver.names?.() ?? []);
  }

  /** A task tried again so often, or as often as the defaults say. */
  underPolicies(skill: TaskSkill, retries: number | undefined): TaskSkill {
    const limit = this.#defaults.timeout;
    const timed = limit === undefined ? skill : skill.with(timeout(limit));
    const maxRetries = retries ?? (this.#defaults.retry === undefined ? 0 : this.#defaults.retry.maxRetries);
    if (maxRetries === 0) return timed;
    return timed.with(retry({ ...this.#defaults.retry, ...(maxRetries !== undefined && { maxRetries }) }));
  }

  #report(task: TextTask, message: string, suggestion: string | undefined): void {
    const origin = originOf(task);
    this.problems.push({
      message,
      suggestion,
      ...origin?.source.place(origin.offset, origin.length),
    });
  }
}

/** A text with words in it in upper case, where they stand between others. */
function raised(said: string, words: string): string {
  return said.replace(new RegExp(`(?<=\\S )(?:${words})(?= \\S)`, 'gi'), (word) => word.toUpperCase());
}

/** The same step under a task's id, so that events tell which task it is that the skill does. */
function called(id: string, skill: TaskSkill): TaskSkill {
  const node = nodeOf(skill);
  if (!(node instanceof StepNode)) return named(id, skill);
  return asStep(new StepNode(id, node.edge, node.inside, node.version));
}
