import { lookup } from 'node:dns';
import ipaddr, { type IPv6 } from 'ipaddr.js';
import { ForbiddenAddressError } from './forbidden-address-error.ts';

/** An address of a host; `family` is 4 or 6. */
interface Address {
  readonly address: string;
  readonly family: number;
}

/** What a socket calls with the addresses of a host. */
type Found = (error: Error | null, address: string | Address[], family?: number) => void;

const given = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an address is one of the public internet, and not of this machine, a private network or a special purpose. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // All of IPv6 that has been given to anybody; outside are, among others, the old forms that hold an address of IPv4
  return parsed.kind() === 'ipv4' || (parsed as IPv6).match(given);
}

/** Refuses a URL that names an address of its own, as sockets do not look those up. */
export function checkUrl(url: URL): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ForbiddenAddressError(`${url.protocol} is neither http: nor https:`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host) && !isPublicAddress(host))
    throw new ForbiddenAddressError(`${host} is not a public address`);
}

/** Looks a host up, and refuses what is not public: what has been checked is what the socket connects to. */
export function lookupPublic(
  host: string,
  options: { readonly all?: boolean | undefined },
  found: Found,
): void {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    const forbidden = error === null ? addresses.find(({ address }) => !isPublicAddress(address)) : undefined;
    const [first] = addresses ?? [];
    if (error !== null) found(error, []);
    else if (forbidden !== undefined)
      found(
        new ForbiddenAddressError(`${host} is at ${forbidden.address}, which is not a public address`),
        [],
      );
    else if (options.all === true) found(null, addresses);
    else found(null, first?.address ?? '', first?.family);
  });
}
