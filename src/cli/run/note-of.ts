import type { LogLevel, RunEvent, Wait } from '../../core/events.ts';
import { dollars } from '../terminal/amounts.ts';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A line about an event that the tree of steps does not tell. */
export interface Note {
  readonly text: string;
  readonly urgent: boolean;
}

/** Words on how to answer what a run waits for. */
export type Answer = (wait: Wait, runId: string) => string;

/** What is to be said in a line of its own when something happens, if anything. */
export function noteOf(
  event: RunEvent,
  {
    logLevel,
    verbose,
    answer,
  }: { readonly logLevel: LogLevel; readonly verbose: boolean; readonly answer: Answer },
): Note | undefined {
  switch (event.type) {
    case 'step.log':
      if (levels.indexOf(event.level) < levels.indexOf(logLevel)) return undefined;
      return { text: `${event.step}: ${event.message}`, urgent: levels.indexOf(event.level) > 1 };
    case 'budget.alert':
      return {
        text: `${dollars(event.spentUsd)} of a budget of ${dollars(event.limitUsd)} is spent`,
        urgent: true,
      };
    case 'step.waiting':
      if (event.wait.kind === 'timer') return undefined;
      return { text: `${event.step}: ${answer(event.wait, event.runId)}`, urgent: true };
    case 'step.retrying':
      return verbose
        ? {
            text: `${event.step}: ${event.error.message}; tried again in ${event.delayMs} ms`,
            urgent: false,
          }
        : undefined;
    case 'step.fallback':
      return verbose
        ? { text: `${event.step}: ${event.error.message}; ${event.to} takes over`, urgent: false }
        : undefined;
    case 'step.completed':
      return verbose ? { text: `${event.step} gave ${shown(event.output)}`, urgent: false } : undefined;
    case 'custom':
      return verbose
        ? { text: `${event.step}: ${event.name} ${shown(event.data)}`, urgent: false }
        : undefined;
    default:
      return undefined;
  }
}

function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value;
  }
}
