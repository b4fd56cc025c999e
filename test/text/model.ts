import type { TextGroup, TextPhase, TextTask, TextWorkflow } from 'tutti/text';

/** What should come of a text. */
export interface Foretold {
  /** Each task that runs: its text, what it is given, and how many failures it handles. */
  readonly log: readonly string[];
  /** The outputs of the last phase, or how many failures end the run. */
  readonly end: string;
}

interface Result {
  readonly index: number;
  readonly call: number;
  readonly failed: boolean;
}

interface State {
  readonly given: readonly number[];
  readonly results: readonly Result[];
  readonly handled: boolean;
}

interface Runner {
  readonly said: string;
  readonly runs: (state: State) => boolean;
  readonly onFailure: boolean;
}

const failedOf = ({ results }: State): Result[] => results.filter(({ failed }) => failed);
const outputsOf = ({ results }: State): number[] =>
  results.filter(({ failed }) => !failed).map(({ call }) => call);

/**
 * Says what a text means, by walking its tree: a second opinion to the one that is compiled.
 *
 * @param fails whether the nth task that runs fails; its output is n
 */
export function foretell(tree: TextWorkflow, fails: (call: number) => boolean): Foretold {
  const walk = new Walk(fails);
  for (const phase of joined(tree.phases)) if (!walk.passes(phase)) break;
  const { state, log } = walk;
  return { log, end: isOpen(state) ? `${failedOf(state).length} failed` : outputsOf(state).join(',') };
}

class Walk {
  readonly log: string[] = [];
  state: State = { given: [], results: [], handled: true };
  readonly #fails: (call: number) => boolean;
  /** The only task of the phase before. */
  #before: string | undefined;

  constructor(fails: (call: number) => boolean) {
    this.#fails = fails;
  }

  /** Whether the run goes on after a phase. */
  passes(phase: TextPhase): boolean {
    const last = this.state;
    const groups = groupsOf(phase).map(({ group, when }) => ({
      group,
      runners: group.tasks.map((task) => runnerOf(task, when, saidBy(task, this.#before))),
    }));
    const all = groups.flatMap(({ runners }) => runners);
    const running = all.filter((one) => one.runs(last));
    const handling = failedOf(last).length > 0 && running.some(({ onFailure }) => onFailure);
    if (isOpen(last) && !handling && running.length > 0) return false;
    const results = running.map((one) => this.#run(one, last, all.indexOf(one)));
    if (results.length > 0) {
      const given = handling ? [...last.given, ...outputsOf(last)] : outputsOf(last);
      this.state = { given, results, handled: false };
      const ran = groups.find(({ runners }) => runners.some((one) => running.includes(one)));
      if (failedOf(this.state).length > 0) this.#handle(ran?.group.anyFailed, last, all);
    }
    this.#before = all.length === 1 ? all[0]?.said : undefined;
    return true;
  }

  #handle(handler: TextTask | undefined, last: State, all: readonly Runner[]): void {
    if (handler === undefined) return;
    const failures = failedOf(this.state);
    const { given, results } = this.state;
    if (isRerun(handler)) {
      const again = failures.map(({ index }) => this.#run(all[index] as Runner, last, index));
      const newest = results.map((old) => again.find(({ index }) => index === old.index) ?? old);
      this.state = { given, results: newest, handled: newest.some(({ failed }) => !failed) };
    } else if (runnerOf(handler, undefined, '').runs(last)) {
      const seen = [...given, ...outputsOf(this.state)];
      const result = this.#call(saidBy(handler, this.#before), seen, failures.length, -1);
      this.state = { given, results: [...results, result], handled: !result.failed };
    }
  }

  #run({ said, onFailure }: Runner, last: State, index: number): Result {
    const failures = onFailure ? failedOf(last).length : 0;
    const seen = failures > 0 ? [...last.given, ...outputsOf(last)] : outputsOf(last);
    return this.#call(said, seen, failures, index);
  }

  #call(said: string, given: readonly number[], failures: number, index: number): Result {
    this.log.push(`${said} <- ${given.join(',')}${'!'.repeat(failures)}`);
    return { index, call: this.log.length, failed: this.#fails(this.log.length) };
  }
}

function isOpen(state: State): boolean {
  return failedOf(state).length > 0 && !state.handled;
}

function runnerOf(task: TextTask, when: 'success' | 'failure' | undefined, said: string): Runner {
  const own = task.when?.type;
  const holds = (kind: typeof own, state: State): boolean => {
    if (kind === undefined) return true;
    // No output is a text that anybody looks for.
    if (kind === 'contains') return false;
    return failedOf(state).length > 0 === (kind === 'failure');
  };
  return {
    said,
    runs: (state) => holds(when, state) && holds(own, state),
    onFailure: when === 'failure' || own === 'failure',
  };
}

function saidBy({ text, agent, provider }: TextTask, before: string | undefined): string {
  if (text !== '') return text;
  return (agent === undefined ? before : undefined) ?? provider?.phrase ?? '';
}

function groupsOf(phase: TextPhase): { group: TextGroup; when: 'success' | 'failure' | undefined }[] {
  if (phase.type === 'group') return [{ group: phase, when: undefined }];
  const when = phase.when === 'success' ? 'success' : 'failure';
  const first = { group: phase.group, when } as const;
  if (phase.otherwise === undefined) return [first];
  return [first, { group: phase.otherwise, when: when === 'success' ? 'failure' : 'success' }];
}

function isRerun({ text, agent }: TextTask): boolean {
  return text === 'retry failed ones' && agent === undefined;
}

/** A phase that is only a rerun belongs to the group before it. */
function joined(phases: readonly TextPhase[]): TextPhase[] {
  const done: TextPhase[] = [];
  for (const phase of phases) {
    const last = done.at(-1);
    const task = onlyRerun(phase);
    if (task === undefined || last?.type !== 'group' || last.anyFailed !== undefined) done.push(phase);
    else done.splice(-1, 1, { ...last, anyFailed: task });
  }
  return done;
}

function onlyRerun(phase: TextPhase): TextTask | undefined {
  if (phase.type === 'group' || phase.when === 'success' || phase.otherwise !== undefined) return undefined;
  const { tasks, anyFailed } = phase.group;
  return anyFailed === undefined ? tasks.find((task) => tasks.length === 1 && isRerun(task)) : undefined;
}
