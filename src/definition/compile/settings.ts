import type { Verbosity } from '../../../operators/events/verbosity.ts';
import type { LogLevel } from '../../core/events.ts';
import type { Planning } from '../plan/work-planner.ts';
import type { Definition } from '../schema/definition-schema.ts';

/** What a file asks of those who run it and watch it. */
export interface WorkflowSettings {
  /** Whom to tell of what: `[webhooks]`, and `onError.notifyWebhook` as `errorOccurred`. */
  readonly webhooks: {
    readonly workflowComplete?: string;
    readonly stepComplete?: string;
    readonly errorOccurred?: string;
  };
  /** How much to tell, by `debug.workflowTracing`: `'verbose'` or `'normal'`; not given where the file does not say. */
  readonly verbosity: Verbosity | undefined;
  /** Whether outputs of steps are to be kept after the run has ended, by `debug.saveIntermediateResults`; it needs a journal. */
  readonly saveIntermediateResults: boolean;
  /** From which level on to show what steps log, by `debug.logStepDetails`: `'debug'` or `'info'`. */
  readonly logLevel: LogLevel | undefined;
}

/** Tells where a file names two addresses that are to be told of failures. */
export function checkSettings({ definition, reading, root }: Planning): void {
  const { webhooks, onError } = definition;
  const notified = typeof onError === 'object' ? onError.notifyWebhook : undefined;
  const { errorOccurred } = webhooks ?? {};
  if (notified === undefined || errorOccurred === undefined || notified === errorOccurred) return;
  const message = 'notifyWebhook and webhooks.errorOccurred are the same; one is enough';
  reading.at(root, ['onError', 'notifyWebhook'], message);
}

/** The settings of a definition. */
export function settingsOf({ webhooks, debug, onError }: Definition): WorkflowSettings {
  const notified = typeof onError === 'object' ? onError.notifyWebhook : undefined;
  const errorOccurred = webhooks?.errorOccurred ?? notified;
  return {
    webhooks: {
      ...(webhooks?.workflowComplete !== undefined && { workflowComplete: webhooks.workflowComplete }),
      ...(webhooks?.stepComplete !== undefined && { stepComplete: webhooks.stepComplete }),
      ...(errorOccurred !== undefined && { errorOccurred }),
    },
    verbosity:
      debug?.workflowTracing === undefined ? undefined : debug.workflowTracing ? 'verbose' : 'normal',
    saveIntermediateResults: debug?.saveIntermediateResults ?? false,
    logLevel: debug?.logStepDetails === undefined ? undefined : debug.logStepDetails ? 'debug' : 'info',
  };
}
