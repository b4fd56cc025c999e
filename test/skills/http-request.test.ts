import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { first, firstValueFrom } from 'rxjs';
import { HttpStatusError, outputOf, run } from 'tutti';
import { retry } from 'tutti/operators';
import { ForbiddenAddressError, httpRequest } from 'tutti/skills';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/skills/address-guard.ts';

let server: Server;
let origin: string;
const seen: { method: string; type: string | undefined; body: string }[] = [];

async function portOf(opened: Server): Promise<number> {
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  return (opened.address() as AddressInfo).port;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

let busy = 1;

/** Settles when the one who asked for what never ends has gone. */
let gone: Promise<unknown> | undefined;

/** Writes on and on. */
function pour(response: ServerResponse): void {
  gone = once(response, 'close');
  response.on('drain', () => response.write('x'.repeat(500)));
  while (response.write('x'.repeat(500)));
}

const routes: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  '/json': (response) =>
    response.setHeader('content-type', 'application/json; charset=utf-8').end('{"a":[1]}'),
  '/busy': (response) =>
    busy-- > 0 ? response.writeHead(503, { 'retry-after': '0' }).end('later') : response.end('now'),
  '/moved': (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
  '/limited': (response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down'),
  '/large': (response) => response.end('x'.repeat(5000)),
  '/endless': (response) => pour(response),
  '/packed': (response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100_000))),
  '/failing': (response) => response.writeHead(500).end(`no luck ${'x'.repeat(5000)}`),
  '/away': (response) => response.writeHead(503, { 'retry-after': '2' }).end(),
  '/silent': () => undefined,
};

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, type: headers['content-type'], body: await bodyOf(request) });
    const route = routes[url];
    if (route === undefined) response.writeHead(404).end('no such thing');
    else route(response);
  });
  origin = `http://127.0.0.1:${await portOf(server)}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = httpRequest({ allowPrivate: true, maxBytes: 1000 });
const ask = (path: string, more: object = {}) => outputOf(run(open, { url: `${origin}${path}`, ...more }));

describe('httpRequest', () => {
  it('gives status, headers and body, JSON as data', async () => {
    const { status, headers, body } = await ask('/json');
    expect([status, headers['content-type'], body]).toEqual([
      200,
      'application/json; charset=utf-8',
      { a: [1] },
    ]);
  });

  it('sends texts as they are, and all else as JSON', async () => {
    await ask('/json', { method: 'POST', body: { a: 1 } });
    await ask('/json', { method: 'PUT', body: 'text', headers: { 'Content-Type': 'text/x' } });
    expect(seen.slice(-2)).toEqual([
      { method: 'POST', type: 'application/json', body: '{"a":1}' },
      { method: 'PUT', type: 'text/x', body: 'text' },
    ]);
  });

  it('fails with the status and what the server asks for, which retry understands', async () => {
    const limited = await ask('/limited').catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(HttpStatusError);
    expect(limited).toMatchObject({
      status: 429,
      retryAfterMs: 7000,
      message: `GET ${origin}/limited answered 429: slow down`,
    });
    await expect(ask('/nothing')).rejects.toMatchObject({ status: 404 });
    const retried = await outputOf(run(open.with(retry()), { url: `${origin}/busy` }));
    expect(retried.body).toBe('now');
  });

  it('lets retry wait as long as a server asks for', async () => {
    const retrying = run(open.with(retry({ delay: '10ms' })), { url: `${origin}/away` }).pipe(
      first(({ type }) => type === 'step.retrying'),
    );
    expect(await firstValueFrom(retrying)).toMatchObject({ delayMs: 2000, nextAttempt: 2 });
  });

  it('says how an answer begins that is no success, however long it is', async () => {
    const message = `GET ${origin}/failing answered 500: no luck ${'x'.repeat(192)}`;
    await expect(ask('/failing')).rejects.toMatchObject({ status: 500, message });
  });

  it('does not follow redirects, but says where they lead', async () => {
    await expect(ask('/moved')).rejects.toMatchObject({
      status: 302,
      message: `GET ${origin}/moved answered 302, and leads to http://169.254.169.254/; redirects are not followed`,
    });
  });

  it('refuses answers that are too long, and waits no longer than it may', async () => {
    const message = 'the answer is longer than 1000 bytes';
    for (const path of ['/large', '/packed', '/endless'])
      await expect(ask(path)).rejects.toMatchObject({ message });
    await gone;
    const hasty = httpRequest({ allowPrivate: true, timeout: '300ms' });
    await expect(outputOf(run(hasty, { url: `${origin}/silent` }))).rejects.toMatchObject({
      code: 'STEP_TIMEOUT',
    });
  });

  it('fails with what the connection says', async () => {
    const closed = createServer();
    const port = await portOf(closed);
    await new Promise((resolve) => closed.close(resolve));
    const refused = await outputOf(run(open, { url: `http://127.0.0.1:${port}/` })).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each(['ftp://example.com', 'file:///etc/passwd', 'not a url'])('refuses %s', async (url) => {
    await expect(outputOf(run(open, { url }))).rejects.toMatchObject({ code: 'INPUT_VALIDATION' });
  });

  it.each([
    '127.0.0.1',
    '[::1]',
    '0x7f.1',
    '2130706433',
    '169.254.169.254',
    '10.0.0.1',
    '[::ffff:10.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[fe80::1]',
    '[fd00::1]',
    '0.0.0.0',
    '0177.0.0.1',
    'localhost',
  ])('does not reach %s unless it may', async (host) => {
    const { port } = server.address() as AddressInfo;
    const before = seen.length;
    const error = await outputOf(run(httpRequest(), { url: `http://${host}:${port}/json` })).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ForbiddenAddressError);
    expect(seen.length).toBe(before);
  });
});

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '2001:4860:4860::8888', '::ffff:8.8.8.8'])('takes %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '100.64.0.1',
    '192.168.1.1',
    'fc00::1',
    'fe80::1',
    '::',
    '224.0.0.1',
    '255.255.255.255',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001::1',
    '::7f00:1',
    '::ffff:0:7f00:1',
    '64:ff9b:1::7f00:1',
    'fec0::1',
    'fe80::1%eth0',
    '4000::1',
    '198.18.0.1',
    '240.0.0.1',
    'x',
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
