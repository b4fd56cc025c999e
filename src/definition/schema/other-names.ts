/** What else a field may be called. */
export interface OtherName {
  /** The name in Tutti. */
  readonly is: string;
  /** Its numbers are seconds. */
  readonly seconds?: boolean;
}

/** What the records of a workflow file are, for the names of their fields. */
export type RecordKind =
  | 'Workflow'
  | 'Cache'
  | 'Step'
  | 'InnerStep'
  | 'Retry'
  | 'Defaults'
  | 'ErrorHandler'
  | 'Webhooks'
  | 'Debug'
  | 'Preference'
  | 'ForEach'
  | 'Budget';

const sharedByStep = {
  skill_id: { is: 'uses' },
  skillId: { is: 'uses' },
  input_mapping: { is: 'input' },
  inputMapping: { is: 'input' },
} as const;

/**
 * The names by which other systems call the same, so that what they have can be pasted as it stands.
 *
 * Source: the MachPay and Goblin pages.
 */
export const otherNames: Readonly<Partial<Record<RecordKind, Readonly<Record<string, OtherName>>>>> = {
  Workflow: {
    on_error: { is: 'onError' },
    fail_fast: { is: 'failFast' },
    max_parallel_steps: { is: 'maxParallelSteps' },
    input_schema: { is: 'input' },
    output_schema: { is: 'output' },
  },
  Step: {
    ...sharedByStep,
    depends_on: { is: 'dependsOn' },
    for_each: { is: 'forEach' },
  },
  InnerStep: sharedByStep,
  Retry: {
    max_retries: { is: 'maxRetries' },
    backoff_factor: { is: 'factor' },
    backoffFactor: { is: 'factor' },
    initial_delay: { is: 'delay', seconds: true },
    initialDelay: { is: 'delay' },
    max_delay: { is: 'maxDelay', seconds: true },
    retry_on: { is: 'on' },
    retryOn: { is: 'on' },
    retry_on_timeout: { is: 'onTimeout' },
    retryOnTimeout: { is: 'onTimeout' },
  },
  ErrorHandler: { notify_webhook: { is: 'notifyWebhook' } },
  Webhooks: {
    workflow_complete: { is: 'workflowComplete' },
    step_complete: { is: 'stepComplete' },
    error_occurred: { is: 'errorOccurred' },
  },
  Debug: {
    workflow_tracing: { is: 'workflowTracing' },
    save_intermediate_results: { is: 'saveIntermediateResults' },
    log_step_details: { is: 'logStepDetails' },
  },
  Preference: { preferred_providers: { is: 'preferredProviders' } },
  ForEach: { on_error: { is: 'onError' } },
  Budget: { alert_at: { is: 'alertAt' } },
};

/** What the fields of a record hold, where that has names of its own; of a list, each item. */
export const insides: Readonly<Partial<Record<RecordKind, Readonly<Record<string, RecordKind>>>>> = {
  Workflow: {
    steps: 'Step',
    defaults: 'Defaults',
    onError: 'ErrorHandler',
    webhooks: 'Webhooks',
    debug: 'Debug',
    budget: 'Budget',
  },
  Step: {
    retry: 'Retry',
    cache: 'Cache',
    budget: 'Budget',
    fallback: 'InnerStep',
    forEach: 'ForEach',
    reduce: 'InnerStep',
    compensate: 'InnerStep',
  },
  InnerStep: { retry: 'Retry', cache: 'Cache', budget: 'Budget', fallback: 'InnerStep' },
  Defaults: { retry: 'Retry', cache: 'Cache' },
};

/** Which kind of record a path leads to, if it has fields of its own; positions in lists do not count. */
export function kindAt(path: readonly (string | number)[]): RecordKind | undefined {
  let kind: RecordKind | undefined = 'Workflow';
  for (const [i, key] of path.entries()) {
    if (typeof key === 'number') continue;
    if (path[i - 1] === 'providers' && i === 1) kind = 'Preference';
    else if (!(key === 'providers' && i === 0)) kind = kind && insides[kind]?.[key];
  }
  return kind;
}
