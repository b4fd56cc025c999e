import { StepFailedError } from '../../src/core/errors.ts';

/** The HTTP status an error carries, as clients commonly do: `status`, `statusCode` or `response.status`. */
export function statusOf(error: unknown): number | undefined {
  const thrown = thrownBy(error);
  return (
    numberIn(thrown, 'status') ??
    numberIn(thrown, 'statusCode') ??
    numberIn(propertyOf(thrown, 'response'), 'status')
  );
}

/**
 * How long the server asked to be left alone, in milliseconds: `retryAfterMs`, or a `Retry-After` header (seconds or
 * an HTTP date, RFC 9110 section 10.2.3) in `headers` or `response.headers`. What means neither is no wish.
 *
 * @param now milliseconds, for the date
 */
export function retryAfterMsOf(error: unknown, now: number): number | undefined {
  const thrown = thrownBy(error);
  const direct = numberIn(thrown, 'retryAfterMs');
  if (direct !== undefined && direct >= 0) return direct;
  const header =
    headerOf(propertyOf(thrown, 'headers')) ??
    headerOf(propertyOf(propertyOf(thrown, 'response'), 'headers'));
  if (header === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000;
  const date = /^[a-z]{3}/i.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** What was thrown: clients that throw what is no `Error`, such as a response, put the facts there. */
function thrownBy(error: unknown): unknown {
  return error instanceof StepFailedError ? (error.cause ?? error) : error;
}

function headerOf(headers: unknown): string | undefined {
  const value =
    headers instanceof Headers
      ? headers.get('retry-after')
      : (propertyOf(headers, 'retry-after') ?? propertyOf(headers, 'Retry-After'));
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
}

function numberIn(holder: unknown, key: string): number | undefined {
  const value = propertyOf(holder, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function propertyOf(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}
