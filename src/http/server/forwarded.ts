import { BlockList, isIP } from 'node:net';

/** Says whether an address belongs to a proxy that we believe. */
export type ProxyTrust = (address: string) => boolean;

/** Addresses and CIDR ranges, IPv4 and IPv6. Throws a RangeError that names the entry that is neither. */
export function trustProxies(entries: readonly string[]): ProxyTrust {
  const list = new BlockList();
  for (const entry of entries) addEntry(list, entry);
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function addEntry(list: BlockList, entry: string): void {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address);
  const bits = family === 6 ? 128 : 32;
  if (family === 0 || rest.length > 0) throw new RangeError(`"${entry}" is neither an address nor a CIDR range.`);
  if (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)) {
    throw new RangeError(`"${entry}" has a prefix length that is not between 0 and ${bits}.`);
  }
  list.addSubnet(address, prefix === undefined ? bits : Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The visitor's address: the peer, or, where the peer is a proxy that we believe, the right-most hop of `X-Forwarded-For`
 * that is not one itself. The first hop is whatever the visitor wrote, so it is never taken. Empty where that hop is no
 * address: that of the proxy may lie in a network that opens items.
 */
export function visitorAddress(peer: string, forwardedFor: string | null, trusted: ProxyTrust): string {
  let address = plainAddress(peer);
  const hops = (forwardedFor?.split(',') ?? []).map((hop) => plainAddress(withoutPort(hop.trim())));
  while (trusted(address)) {
    const hop = hops.pop();
    if (hop === undefined) return address;
    if (isIP(hop) === 0) return '';
    address = hop;
  }
  return address;
}

/** Some proxies forward the visitor's port as well: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop;
}

/** Without the IPv6 clothing of an IPv4 address (`::ffff:192.0.2.1`). */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
