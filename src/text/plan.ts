import type { AnyFailed } from './any-failed.ts';
import type { Binder, BoundTask } from './bind.ts';
import type { Member } from './phase.ts';
import { rerunOf } from './rerun.ts';
import type { TextCondition, TextConditional, TextGroup, TextPhase, TextTask, TextWorkflow } from './tree.ts';

/** What a phase runs. */
export interface Plan {
  readonly members: readonly Member[];
  readonly handlers: readonly AnyFailed[];
  /** The phase after it asks how it ended. */
  readonly tested: boolean;
}

const success: TextCondition = { type: 'success' };
const failure: TextCondition = { type: 'failure' };

/** Plans the phases of a text: who does each task, and when. */
export function plansOf(tree: TextWorkflow, binder: Binder): Plan[] {
  const phases = joinReruns(tree.phases);
  let before: BoundTask | undefined;
  return phases.map((phase, index) => {
    const plan = planOf(phase, binder, before);
    const [only] = plan.members;
    before = plan.members.length === 1 ? only : undefined;
    return { ...plan, tested: isTest(phases[index + 1]) };
  });
}

function planOf(phase: TextPhase, binder: Binder, before: BoundTask | undefined): Omit<Plan, 'tested'> {
  const groups = alternativesOf(phase).map(({ group, conditions }) =>
    groupOf(group, conditions, binder, before),
  );
  return {
    members: groups.flatMap(({ members }) => members),
    handlers: groups.flatMap(({ handler }) => handler ?? []),
  };
}

/** The groups of a phase, with what must hold for each. */
function alternativesOf(phase: TextPhase): { group: TextGroup; conditions: TextCondition[] }[] {
  if (phase.type === 'group') return [{ group: phase, conditions: [] }];
  const { when, group, otherwise } = phase;
  const [yes, no] = when === 'success' ? [success, failure] : [failure, success];
  const first = { group, conditions: [yes] };
  return otherwise === undefined ? [first] : [first, { group: otherwise, conditions: [no] }];
}

function groupOf(
  group: TextGroup,
  conditions: readonly TextCondition[],
  binder: Binder,
  before: BoundTask | undefined,
): { readonly members: readonly Member[]; readonly handler?: AnyFailed | undefined } {
  const memberOf = (task: TextTask, inherited: readonly TextCondition[]): Member[] => {
    const bound = binder.bind(task, before);
    return bound === undefined
      ? []
      : [{ ...bound, group, conditions: task.when === undefined ? inherited : [...inherited, task.when] }];
  };
  const members = group.tasks.flatMap((task) => memberOf(task, conditions));
  const { anyFailed } = group;
  if (anyFailed === undefined) return { members };
  if (rerunOf(anyFailed)) return { members, handler: rerun(anyFailed, members, binder) };
  return { members, handler: { type: 'task', members: memberOf(anyFailed, []) } };
}

/** The tasks of a group, as `retry failed ones` does them again: as often, and by whom, as it says, else as before. */
function rerun(task: TextTask, members: readonly Member[], binder: Binder): AnyFailed {
  const provider = binder.providerOf(task);
  const again = members.map((member) => ({
    ...member,
    provider: provider ?? member.provider,
    step:
      task.retries === undefined
        ? member.step
        : binder.underPolicies(member.skillFor(member.id), task.retries),
  }));
  return { type: 'rerun', members: again };
}

/** `a AND b THEN IF_ANY_FAILED retry failed ones` means `a AND b AND IF_ANY_FAILED retry failed ones`. */
function joinReruns(given: readonly TextPhase[]): TextPhase[] {
  const phases: TextPhase[] = [];
  for (const phase of given) {
    const last = phases.at(-1);
    const anyFailed = phase.type === 'conditional' ? rerunAlone(phase) : undefined;
    const joins = anyFailed !== undefined && last?.type === 'group' && last.anyFailed === undefined;
    if (joins) phases[phases.length - 1] = { ...last, anyFailed };
    else phases.push(phase);
  }
  return phases;
}

function rerunAlone({ when, group, otherwise }: TextConditional): TextTask | undefined {
  const [task] = group.tasks;
  const alone = group.tasks.length === 1 && group.anyFailed === undefined && otherwise === undefined;
  return alone && when !== 'success' && task !== undefined && rerunOf(task) ? task : undefined;
}

function isTest(phase: TextPhase | undefined): boolean {
  if (phase === undefined) return false;
  return phase.type === 'conditional' || phase.tasks.some(({ when }) => when !== undefined);
}
