import { TestingError } from './testing-error.ts';

type Then = typeof Promise.prototype.then;

/**
 * Calls a function during which nobody may wait for a promise: no promise settles before the function returns, so
 * what waits for one would silently never happen.
 *
 * Errors: {@link TestingError} with the stack of the first `then`, once the function has returned or thrown; what it
 * threw is the cause.
 */
export function refusePromises(body: () => void): void {
  const { then } = Promise.prototype;
  let guarding = true;
  let refused: TestingError | undefined;
  const guarded = function (this: Promise<unknown>, ...handlers: Parameters<Then>): Promise<unknown> {
    if (!guarding) return then.apply(this, handlers);
    const refusal = new TestingError('promises do not advance under virtual time: use an Observable body');
    Error.captureStackTrace(refusal, guarded);
    if (isNodesOwn(refusal)) return then.apply(this, handlers);
    refused ??= refusal;
    // Its rejection has been taken note of; a second report of it would only confuse.
    then.call(this, undefined, ignore);
    return new Promise(ignore);
  };
  install(guarded as Then);
  try {
    body();
  } catch (error) {
    if (refused === undefined) throw error;
    refused.cause = error;
  } finally {
    guarding = false;
    install(then);
  }
  if (refused !== undefined) throw refused;
}

/** Called by Node itself, as when it loads `fetch` at its first use. */
function isNodesOwn({ stack = '' }: Error): boolean {
  const caller = stack.split('\n').find((line) => /^\s+at /.test(line) && !line.includes('<anonymous>'));
  return caller !== undefined && /[( ]node:/.test(caller);
}

function install(then: Then): void {
  Object.defineProperty(Promise.prototype, 'then', { value: then, writable: true, configurable: true });
}

const ignore = (): void => {};
