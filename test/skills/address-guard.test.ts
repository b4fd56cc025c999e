import { lookup } from 'node:dns';
import { outputOf, run } from 'tutti';
import { ForbiddenAddressError, httpRequest } from 'tutti/skills';
import { describe, expect, it, vi } from 'vitest';
import { lookupPublic } from '../../src/skills/address-guard.ts';

vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: vi.fn(),
}));

type Told = (error: Error | null, addresses: { address: string; family: number }[]) => void;

/** Lets a name server say so, each time that it is asked the next. */
function says(...answers: readonly (readonly string[])[]): void {
  const left = [...answers];
  vi.mocked(lookup).mockImplementation(((_host: string, _options: object, told: Told) => {
    const found = left.shift() ?? [];
    told(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as unknown as typeof lookup);
}

const ask = (url: string) => outputOf(run(httpRequest({ timeout: '5s' }), { url })).catch((e: unknown) => e);

describe('lookupPublic', () => {
  it.each([
    [['10.0.0.1']],
    [['127.0.0.1']],
    [['169.254.169.254']],
    [['::1']],
    [['::ffff:192.168.0.1']],
    [['fe80::1']],
    [['8.8.8.8', '10.0.0.1']],
    [['2001:4860:4860::8888', 'fd00::1']],
  ])('refuses a name of the internet that is at %j', async (addresses) => {
    says(addresses);
    const error = await ask('http://example.com/');
    expect(error).toBeInstanceOf(ForbiddenAddressError);
    expect((error as Error).message).toMatch(/^example\.com is at .*, which is not a public address$/);
  });

  it.each([
    [{ all: true }, [[{ address: '8.8.8.8', family: 4 }]]],
    [{}, ['8.8.8.8', 4]],
  ])('asks once, and what it has checked is what is connected to: %j', (options, addresses) => {
    says(['8.8.8.8'], ['127.0.0.1']);
    const found = vi.fn();
    lookupPublic('rebinding.example', options, found);
    expect(found.mock.calls).toEqual([[null, ...addresses]]);
  });
});
