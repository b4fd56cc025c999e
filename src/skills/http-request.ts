import type { Agent, fetch, Response } from 'undici';
import { z } from 'zod';
import { retryAfterMsOf } from '../../operators/policies/http-facts.ts';
import { timeout } from '../../operators/policies/timeout.ts';
import type { Duration } from '../core/duration.ts';
import { DefinitionError, HttpStatusError } from '../core/errors.ts';
import { step } from '../core/step.ts';
import type { Step } from '../core/step-types.ts';
import { openingOf, parse, readText } from './read-answer.ts';

export interface HttpRequestOptions {
  /** How long one request may take, answer included; default 30 s. */
  readonly timeout?: Duration;
  /** The longest answer, in bytes; default 10 MB. */
  readonly maxBytes?: number;
  /** Lets requests reach this machine and private networks; default `false`. */
  readonly allowPrivate?: boolean;
}

const input = z.object({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  /** A text as it is, anything else as JSON. */
  body: z.unknown().optional(),
});

const output = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  /** JSON where the answer is JSON, else its text. */
  body: z.unknown(),
});

type Request = z.output<typeof input>;
type Answer = z.output<typeof output>;

/**
 * Makes a skill that makes HTTP requests, within the public internet.
 *
 * Every address is checked before a socket connects to it, also those that names lead to. Redirects are not followed, for they
 * could lead elsewhere. Needs the packages `undici` and `ipaddr.js`.
 *
 * Time: `timeout`, for the request and its answer.
 *
 * Errors: `HttpStatusError` for any status outside 200 to 299, with the server's `Retry-After`, which `retry` understands;
 * `ForbiddenAddressError`; `StepTimeoutError`; `DefinitionError` where a package is missing, which says what to install.
 *
 * Unsubscribing aborts the request.
 *
 * @param options `timeout`, `maxBytes`, `allowPrivate`
 */
export function httpRequest(options: HttpRequestOptions = {}): Step<z.input<typeof input>, Answer> {
  const { maxBytes = 10_000_000, allowPrivate = false, timeout: limit = '30s' } = options;
  let client: Promise<Client> | undefined;
  const request = step({
    id: 'http.request',
    input,
    output,
    async run(given, { signal, now }): Promise<Answer> {
      client ??= makeClient(allowPrivate);
      const response = await send(given, await client, signal);
      const headers = Object.fromEntries(response.headers);
      if (!response.ok) throw statusError(given, response, headers, await openingOf(response), now());
      return { status: response.status, headers, body: parse(await readText(response, maxBytes), headers) };
    },
  });
  return request.with(timeout(limit));
}

/** What requests are made with. */
interface Client {
  readonly fetch: typeof fetch;
  readonly agent: Agent;
  /** Refuses a URL that must not be reached. */
  readonly check: (url: URL) => void;
}

/** Loads what it takes when the first request is made. */
async function makeClient(allowPrivate: boolean): Promise<Client> {
  try {
    const { Agent, fetch } = await import('undici');
    if (allowPrivate) return { fetch, agent: new Agent(), check: () => {} };
    const { checkUrl, lookupPublic } = await import('./address-guard.ts');
    return { fetch, agent: new Agent({ connect: { lookup: lookupPublic } }), check: checkUrl };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new DefinitionError(
      'http.request needs the packages undici and ipaddr.js: run "npm install undici ipaddr.js"',
      { cause: error },
    );
  }
}

async function send(
  { url, method, headers, body }: Request,
  { fetch, agent: dispatcher, check }: Client,
  signal: AbortSignal,
): Promise<Response> {
  check(new URL(url));
  const isText = typeof body === 'string';
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const own =
    body === undefined || named ? {} : { 'content-type': isText ? 'text/plain' : 'application/json' };
  const sent = body === undefined ? {} : { body: isText ? body : JSON.stringify(body) };
  try {
    return await fetch(url, {
      method,
      headers: { ...own, ...headers },
      ...sent,
      redirect: 'manual',
      dispatcher,
      signal,
    });
  } catch (error) {
    // What went wrong with the connection is in the cause of a TypeError that says "fetch failed".
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  }
}

function statusError(
  { method, url }: Request,
  { status }: Response,
  headers: Readonly<Record<string, string>>,
  text: string,
  now: number,
): HttpStatusError {
  const { origin, pathname } = new URL(url);
  const { location } = headers;
  const redirect = location === undefined ? '' : `, and leads to ${location}; redirects are not followed`;
  const said = text === '' ? '' : `: ${text}`;
  const retryAfterMs = retryAfterMsOf({ headers }, now);
  return new HttpStatusError(status, {
    message: `${method} ${origin}${pathname} answered ${status}${redirect === '' ? said : redirect}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
