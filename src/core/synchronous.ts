import { DefinitionError } from './errors.ts';

/**
 * The result of a function that is to be synchronous; a promise would be handed on as if it were the value.
 *
 * @param what the function was given to, such as `transform`
 */
export function synchronous<T>(what: string, result: T): T {
  if (!(result instanceof Promise)) return result;
  // It is reported here, so its own failure is of no more interest.
  result.catch(() => {});
  throw new DefinitionError(
    `${what}: the function must be synchronous, but it returned a Promise; asynchronous work belongs into a step`,
  );
}
