import { BlockList, isIP } from 'node:net';

/** Says whether an address belongs to a proxy that we believe, or to somebody else who is near. What is no address does not. */
export type ProxyTrust = (address: string) => boolean;

/** The other end of a connection over our Unix socket, which has no address. */
export const UNIX_PEER = 'unix';

/** Addresses and CIDR ranges, IPv4 and IPv6, and `unix`. Throws a RangeError that names the entry that is none of them. */
export function trustProxies(entries: readonly string[]): ProxyTrust {
  const list = new BlockList();
  for (const entry of entries) if (entry !== UNIX_PEER) addEntry(list, entry);
  const trustsUnix = entries.includes(UNIX_PEER);
  return (address) =>
    address === UNIX_PEER ? trustsUnix : isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
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
 * Where proxies write what they forward. One of the two: a proxy that writes the one lets the visitor's own word pass in the other.
 * https://www.rfc-editor.org/rfc/rfc7239#section-4
 */
export type ProxyHeaders = 'x-forwarded' | 'forwarded';

/** What proxies that we believe say of the visitor. */
export interface Forwarded {
  /** The visitor's address; empty where it is not known. */
  readonly address: string;
  /** How the visitor called the outermost of these proxies; null where none says so. */
  readonly scheme: 'http' | 'https' | null;
  readonly host: string | null;
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** In lower case; null where it is no host with or without a port. */
export function parseHost(host: string): string | null {
  return HOST.test(host) ? host.toLowerCase() : null;
}

/** `header`: by name in lower case. */
export function readForwarded(
  peer: string,
  header: (name: string) => string | null,
  { trusted, headers }: { readonly trusted: ProxyTrust; readonly headers: ProxyHeaders },
): Forwarded {
  const said = headers === 'forwarded' ? readForwardedField(header('forwarded')) : readOldFields(header);
  const { address, believed } = followHops(peer, said.hops, trusted);
  const scheme = said.schemes(believed);
  return {
    address: isIP(address) === 0 ? '' : address,
    scheme: scheme === 'http' || scheme === 'https' ? scheme : null,
    host: parseHost(said.hosts(believed) ?? ''),
  };
}

interface Said {
  readonly hops: readonly string[];
  /** What the outermost of so many proxies wrote. */
  schemes(believed: number): string | null;
  hosts(believed: number): string | null;
}

function readOldFields(header: (name: string) => string | null): Said {
  const list = (name: string) => (header(name)?.split(',') ?? []).map((entry) => entry.trim());
  return {
    hops: list('x-forwarded-for'),
    schemes: (believed) => writtenBy(list('x-forwarded-proto'), believed)?.toLowerCase() ?? null,
    hosts: (believed) => writtenBy(list('x-forwarded-host'), believed),
  };
}

/** https://www.rfc-editor.org/rfc/rfc7239#section-5. What cannot be read has a visitor that nobody knows. */
function readForwardedField(field: string | null): Said {
  const elements = field === null ? [] : (parseForwarded(field) ?? [new Map()]);
  return {
    hops: elements.map((element) => element.get('for') ?? 'unknown'),
    schemes: (believed) => writtenBy(elements, believed)?.get('proto')?.toLowerCase() ?? null,
    hosts: (believed) => writtenBy(elements, believed)?.get('host') ?? null,
  };
}

/** Each proxy writes after those before it, or in place of all of them. */
function writtenBy<T>(list: readonly T[], believed: number): T | null {
  return believed === 0 ? null : (list[Math.max(0, list.length - believed)] ?? null);
}

const PAIR = /[\t ]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=("(?:[^"\\]|\\.)*"|[!#$%&'*+\-.^_`|~0-9A-Za-z]+)[\t ]*([;,]|$)/y;

/** https://www.rfc-editor.org/rfc/rfc7239#section-4 */
function parseForwarded(field: string): readonly ReadonlyMap<string, string>[] | null {
  const elements: Map<string, string>[] = [new Map()];
  PAIR.lastIndex = 0;
  for (;;) {
    const [, name, value, end] = PAIR.exec(field) ?? [];
    if (name === undefined || value === undefined) return null;
    elements.at(-1)?.set(name.toLowerCase(), value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value);
    if (end === '') return elements;
    if (end === ',') elements.push(new Map());
  }
}

/**
 * The peer, or, where the peer is a proxy that we believe, the right-most hop that is not one itself. The first hop is whatever
 * the visitor wrote, so it is never taken. Empty where that hop is no address: that of the proxy may lie in a network that opens items.
 */
function followHops(peer: string, said: readonly string[], trusted: ProxyTrust): { readonly address: string; readonly believed: number } {
  const hops = said.map((hop) => plainAddress(withoutPort(hop)));
  let address = plainAddress(peer);
  let believed = 0;
  while (trusted(address)) {
    believed += 1;
    const hop = hops.pop();
    if (hop === undefined) return { address, believed };
    address = isIP(hop) === 0 ? '' : hop;
  }
  return { address, believed };
}

/** Some proxies forward the visitor's port as well: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop;
}

/** Without the IPv6 clothing of an IPv4 address (`::ffff:192.0.2.1`). */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
