import type { Verbosity } from '../../../operators/events/verbosity.ts';
import type { LogLevel } from '../../core/events.ts';
import type { Definition } from '../schema/definition-schema.ts';

/** What a file asks of those who run it and watch it. */
export interface WorkflowSettings {
  /** Whom to tell of what. */
  readonly webhooks: {
    readonly workflowComplete?: string;
    readonly stepComplete?: string;
    readonly errorOccurred?: string;
  };
  /** How much to tell; not given where the file does not say. */
  readonly verbosity: Verbosity | undefined;
  /** Whether outputs of steps are to be kept beyond the run. */
  readonly saveIntermediateResults: boolean;
  /** From which level on to show what steps log. */
  readonly logLevel: LogLevel | undefined;
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
