import { expect } from 'vitest';
import { errorFacts } from './error-facts.ts';

/**
 * Compares what a test scheduler recorded with what was expected, with vitest's `toStrictEqual`; errors by all their
 * facts (see {@link errorFacts}), unless an asymmetric matcher is expected.
 */
export function assertSameNotifications(actual: unknown, expected: unknown): void {
  if (!isList(actual) || !isList(expected)) {
    expect(actual).toStrictEqual(expected);
    return;
  }
  const both = (index: number): boolean => isError(actual[index]) && isError(expected[index]);
  const comparable = (message: unknown, index: number): unknown =>
    isError(message) && both(index) ? withFacts(message) : message;
  expect(actual.map(comparable)).toStrictEqual(expected.map(comparable));
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

interface ErrorMessage {
  readonly notification: { readonly error: Error };
}

function isError(message: unknown): message is ErrorMessage {
  if (typeof message !== 'object' || message === null || !('notification' in message)) return false;
  const { notification } = message;
  if (typeof notification !== 'object' || notification === null) return false;
  return 'error' in notification && notification.error instanceof Error;
}

function withFacts(message: ErrorMessage): object {
  const { notification } = message;
  return { ...message, notification: { ...notification, error: errorFacts(notification.error) } };
}
