/** The HTTP status an error carries, as clients commonly do: `status`, `statusCode` or `response.status`. */
export function statusOf(error: unknown): number | undefined {
  return (
    numberIn(error, 'status') ??
    numberIn(error, 'statusCode') ??
    numberIn(propertyOf(error, 'response'), 'status')
  );
}

/**
 * How long the server asked to be left alone, in milliseconds: `retryAfterMs`, or a `Retry-After` header (seconds or an HTTP
 * date, RFC 9110 section 10.2.3) in `headers` or `response.headers`.
 *
 * @param now milliseconds, for the date
 */
export function retryAfterMsOf(error: unknown, now: number): number | undefined {
  const direct = numberIn(error, 'retryAfterMs');
  if (direct !== undefined && direct >= 0) return direct;
  const header =
    headerOf(propertyOf(error, 'headers')) ?? headerOf(propertyOf(propertyOf(error, 'response'), 'headers'));
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (header.trim() !== '' && seconds >= 0) return seconds * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function headerOf(headers: unknown): string | undefined {
  const value =
    headers instanceof Headers
      ? headers.get('retry-after')
      : (propertyOf(headers, 'retry-after') ?? propertyOf(headers, 'Retry-After'));
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function numberIn(holder: unknown, key: string): number | undefined {
  const value = propertyOf(holder, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function propertyOf(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}
