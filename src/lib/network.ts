/**
 * Networks of addresses in CIDR notation.
 * https://www.rfc-editor.org/rfc/rfc4632#section-3.1
 * https://www.rfc-editor.org/rfc/rfc4291#section-2.3
 */

/** Addresses that share their first bits. */
export interface Network {
  /** As it was written: `192.0.2.0/24`. */
  readonly text: string;
  readonly family: 4 | 6;
  /** The first address. */
  readonly first: bigint;
  /** Length of the prefix: 0 to 32, or 0 to 128. */
  readonly bits: number;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const SIZE = { 4: 32, 6: 128 } as const;

/** An address, or a network in CIDR notation; a sentence where it is neither. Takes one spelling only, so that none can be misread. */
export function parseNetwork(text: string): Network | { readonly mistake: string } {
  const [address = '', prefix, ...rest] = text.split('/');
  const parsed = rest.length > 0 ? null : (parseIpv4(address) ?? parseIpv6(address));
  if (parsed === null) return { mistake: `"${text}" is no network, such as 192.0.2.0/24, 2001:db8::/32 or the one address 192.0.2.7.` };
  if (isMapped(parsed)) return { mistake: `"${text}" is an IPv4 address in IPv6 clothing. Write it as IPv4.` };
  const { family, value } = parsed;
  const size = SIZE[family];
  if (prefix !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(prefix)) return { mistake: `"${text}" has no number of bits after the slash.` };
  const bits = prefix === undefined ? size : Number(prefix);
  if (bits > size) return { mistake: `"${text}" has a prefix of more than ${size} bits.` };
  const spare = BigInt(size - bits);
  const first = (value >> spare) << spare;
  if (first !== value)
    return { mistake: `"${text}" is an address within a network. The network is ${writeAddress({ family, value: first })}/${bits}.` };
  return { text, family, first, bits };
}

/** The network that holds the address; null where none does. `address`: without a port. What is no address is nowhere. */
export function findNetwork(networks: readonly Network[], address: string): Network | null {
  if (networks.length === 0) return null;
  const parsed = parseAddress(address);
  return parsed === null ? null : (networks.find((network) => holds(network, parsed)) ?? null);
}

/** The first address of a network, written out. */
export function firstAddress({ family, first }: Network): string {
  return writeAddress({ family, value: first });
}

/** The last address of a network, written out. */
export function lastAddress({ family, first, bits }: Network): string {
  const spare = BigInt(SIZE[family] - bits);
  return writeAddress({ family, value: first | ((1n << spare) - 1n) });
}

/** Whether the text is an address, as a server sees its visitors. */
export function isAddress(text: string): boolean {
  return parseAddress(text) !== null;
}

function holds({ family, first, bits }: Network, address: Address): boolean {
  const rest = BigInt(SIZE[family] - bits);
  return address.family === family && address.value >> rest === first >> rest;
}

/** As a server sees a visitor: perhaps with a zone, perhaps IPv4 in IPv6 clothing. */
function parseAddress(text: string): Address | null {
  const parsed = parseIpv4(text) ?? parseIpv6(text.replace(/%.*$/, ''));
  return parsed !== null && isMapped(parsed) ? { family: 4, value: parsed.value & 0xffff_ffffn } : parsed;
}

function isMapped({ family, value }: Address): boolean {
  return family === 6 && value >> 32n === 0xffffn;
}

function parseIpv4(text: string): Address | null {
  const parts = text.split('.');
  // No leading zeros: some programs read them as octal.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return { family: 4, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
}

function parseIpv6(text: string): Address | null {
  const halves = text.split('::');
  if (halves.length > 2 || !/^[0-9a-f:.]+$/i.test(text)) return null;
  const [head, tail] = [readGroups(halves[0] ?? '', halves.length === 1), readGroups(halves[1] ?? '', true)];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...tail];
  return { family: 6, value: groups.reduce((value, group) => (value << 16n) | group, 0n) };
}

/** The 16-bit groups of one side of `::`; an IPv4 address may stand for the last two of the whole. */
function readGroups(text: string, isLast: boolean): readonly bigint[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const tail = isLast ? parseIpv4(parts.at(-1) ?? '') : null;
  const plain = tail === null ? parts : parts.slice(0, -1);
  if (!plain.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return null;
  const groups = plain.map((part) => BigInt(`0x${part}`));
  return tail === null ? groups : [...groups, tail.value >> 16n, tail.value & 0xffffn];
}

function writeAddress({ family, value }: Address): string {
  const group = (bits: bigint, at: number) => (value >> (bits * BigInt(at))) & ((1n << bits) - 1n);
  if (family === 4) return [3, 2, 1, 0].map((at) => group(8n, at).toString()).join('.');
  const full = [7, 6, 5, 4, 3, 2, 1, 0].map((at) => group(16n, at).toString(16)).join(':');
  // URLs write IPv6 addresses in the one short form. https://url.spec.whatwg.org/#concept-ipv6-serializer
  return new URL(`http://[${full}]`).hostname.slice(1, -1);
}
