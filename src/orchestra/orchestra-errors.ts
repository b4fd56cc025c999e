import { TuttiError } from '../core/errors.ts';

/**
 * What is journalled of run `runId` at `path` does not fit the workflow that there is now. The run is parked, nothing of it is lost:
 * it goes on with a definition that fits (`patched` makes one for old and new runs), after `orchestra.migrate(runId)`.
 */
export class JournalMismatchError extends TuttiError {
  override readonly name = 'JournalMismatchError';
  readonly code = 'JOURNAL_MISMATCH';
  readonly runId: string;
  readonly path: string;

  constructor(runId: string, path: string, why: string) {
    super(`the journal of run ${runId} has ${path}, but ${why}`);
    this.runId = runId;
    this.path = path;
  }
}

/** A run is in `state`, in which `what` cannot be done; `allowed` are the states in which it can. */
export class RunStateError extends TuttiError {
  override readonly name = 'RunStateError';
  readonly code = 'RUN_STATE';
  readonly runId: string;
  readonly state: string;
  readonly allowed: readonly string[];

  constructor(runId: string, state: string, what: string, allowed: readonly string[]) {
    super(`run ${runId} is ${state}; ${what} is possible for runs that are ${allowed.join(', ')}`);
    this.runId = runId;
    this.state = state;
    this.allowed = allowed;
  }
}

/** Run `runId` does not wait for approval `approval`; `waiting` are the approvals that it waits for. */
export class StaleApprovalError extends TuttiError {
  override readonly name = 'StaleApprovalError';
  readonly code = 'STALE_APPROVAL';
  readonly runId: string;
  readonly approval: string;
  readonly waiting: readonly string[];

  constructor(runId: string, approval: string, waiting: readonly string[]) {
    const open = waiting.length === 0 ? 'no approval' : waiting.join(', ');
    super(`run ${runId} does not wait for approval ${approval}; it waits for ${open}`);
    this.runId = runId;
    this.approval = approval;
    this.waiting = waiting;
  }
}

/** No workflow `workflow` is known to this orchestra; `known` are those that are. */
export class UnknownWorkflowError extends TuttiError {
  override readonly name = 'UnknownWorkflowError';
  readonly code = 'UNKNOWN_WORKFLOW';
  readonly workflow: string;
  readonly known: readonly string[];

  constructor(workflow: string, known: readonly string[]) {
    super(`there is no workflow ${workflow} in this orchestra; there are ${known.join(', ') || 'none'}`);
    this.workflow = workflow;
    this.known = known;
  }
}

/** There is no checkpoint `checkpointId`. */
export class UnknownCheckpointError extends TuttiError {
  override readonly name = 'UnknownCheckpointError';
  readonly code = 'UNKNOWN_CHECKPOINT';
  readonly checkpointId: string;

  constructor(checkpointId: string) {
    super(`there is no checkpoint ${checkpointId}`);
    this.checkpointId = checkpointId;
  }
}

/** Nothing has begun at `path` in run `runId`; paths are those of its events, such as `/draft` or `/review[doc-7]`. */
export class UnknownStepError extends TuttiError {
  override readonly name = 'UnknownStepError';
  readonly code = 'UNKNOWN_STEP';
  readonly runId: string;
  readonly path: string;

  constructor(runId: string, path: string) {
    super(`no step has begun at ${path} in run ${runId}; a path is that of an event, such as /draft`);
    this.runId = runId;
    this.path = path;
  }
}
