import type { Agent, Response } from 'undici';
import { z } from 'zod';
import { retryAfterMsOf } from '../../operators/policies/http-facts.ts';
import { timeout } from '../../operators/policies/timeout.ts';
import type { Duration } from '../core/duration.ts';
import { HttpStatusError, StepFailedError } from '../core/errors.ts';
import { step } from '../core/step.ts';
import type { Step } from '../core/step-types.ts';

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
 * `ForbiddenAddressError`; `StepTimeoutError`.
 *
 * Unsubscribing aborts the request.
 *
 * @param options `timeout`, `maxBytes`, `allowPrivate`
 */
export function httpRequest(options: HttpRequestOptions = {}): Step<z.input<typeof input>, Answer> {
  const { maxBytes = 10_000_000, allowPrivate = false, timeout: limit = '30s' } = options;
  let agent: Promise<Agent> | undefined;
  const request = step({
    id: 'http.request',
    input,
    output,
    async run(given, { signal, now }): Promise<Answer> {
      agent ??= makeAgent(allowPrivate);
      const response = await send(given, await agent, signal, allowPrivate);
      const headers = Object.fromEntries(response.headers);
      const text = await readText(response, maxBytes);
      if (!response.ok) throw statusError(given, response, headers, text, now());
      return { status: response.status, headers, body: parse(text, headers) };
    },
  });
  return request.with(timeout(limit));
}

/** Loads what it takes when the first request is made. */
async function makeAgent(allowPrivate: boolean): Promise<Agent> {
  const { Agent } = await import('undici');
  if (allowPrivate) return new Agent();
  const { lookupPublic } = await import('./address-guard.ts');
  return new Agent({ connect: { lookup: lookupPublic } });
}

async function send(
  { url, method, headers, body }: Request,
  dispatcher: Agent,
  signal: AbortSignal,
  allowPrivate: boolean,
): Promise<Response> {
  const { fetch } = await import('undici');
  if (!allowPrivate) {
    const { checkUrl } = await import('./address-guard.ts');
    checkUrl(new URL(url));
  }
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

async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new StepFailedError(`the answer is longer than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string, headers: Readonly<Record<string, string>>): unknown {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(headers['content-type'] ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
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
  const said = text === '' ? '' : `: ${text.slice(0, 200)}`;
  const retryAfterMs = retryAfterMsOf({ headers }, now);
  return new HttpStatusError(status, {
    message: `${method} ${origin}${pathname} answered ${status}${redirect === '' ? said : redirect}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
