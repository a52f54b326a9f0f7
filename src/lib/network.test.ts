import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNetwork, firstAddress, isAddress, type Network, parseNetwork } from './network.ts';

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if ('mistake' in parsed) throw new Error(parsed.mistake);
  return parsed;
}

function mistake(text: string): string {
  const parsed = parseNetwork(text);
  return 'mistake' in parsed ? parsed.mistake : 'none';
}

describe('parseNetwork', () => {
  it.each([
    '',
    'reading-room',
    '192.0.2',
    '192.0.2.0.0',
    '192.0.2.256',
    '192.0.2.07',
    '0x7f.0.0.1',
    '192.0.2.0/24/24',
    '192.0.2.*',
    '192.0.2.1-9',
    ' 192.0.2.1',
    '2001:db8',
    '2001:db8:::1',
    '2001:db8::1::2',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '12345::',
    '::1%eth0',
    '[::1]',
    '1.2.3.4::',
    ':',
    ':1:2:3:4:5:6:7',
  ])('takes no %j', (text) => {
    expect(mistake(text)).toMatch(/is no network, such as/);
  });

  it.each([
    ['192.0.2.0/', 'has no number of bits after the slash'],
    ['192.0.2.0/024', 'has no number of bits'],
    ['192.0.2.0/33', 'more than 32 bits'],
    ['2001:db8::/129', 'more than 128 bits'],
    ['192.0.2.7/24', 'The network is 192.0.2.0/24.'],
    ['2001:db8:0:1::7/48', 'The network is 2001:db8::/48.'],
    ['::ffff:192.0.2.0/120', 'Write it as IPv4.'],
  ])('says what is wrong with %s', (text, sentence) => {
    expect(mistake(text)).toContain(sentence);
  });

  it('takes one address as a network of its own', () => {
    expect(network('192.0.2.7')).toMatchObject({ family: 4, bits: 32 });
    expect(network('2001:db8::7')).toMatchObject({ family: 6, bits: 128 });
  });

  it('keeps the first address', () => {
    expect(['192.0.2.128/25', '2001:db8:ffff::/48', '::/0', '0.0.0.0/0'].map((text) => firstAddress(network(text)))).toEqual([
      '192.0.2.128',
      '2001:db8:ffff::',
      '::',
      '0.0.0.0',
    ]);
  });
});

describe('findNetwork', () => {
  const room = [network('192.0.2.0/28'), network('2001:db8:1::/48')];

  it.each([
    ['192.0.2.0', '192.0.2.0/28'],
    ['192.0.2.15', '192.0.2.0/28'],
    ['::ffff:192.0.2.7', '192.0.2.0/28'],
    ['::ffff:c000:207', '192.0.2.0/28'],
    ['2001:DB8:1:ffff::9', '2001:db8:1::/48'],
    ['2001:db8:1::1%eth0', '2001:db8:1::/48'],
  ])('finds %s in %s', (address, text) => {
    expect(findNetwork(room, address)?.text).toBe(text);
  });

  it.each(['192.0.2.16', '192.0.1.255', '2001:db8:2::', '::c000:207', '', 'localhost', '192.0.2.7, 10.0.0.1', '192.0.2.7:80', '%'])(
    'finds %j nowhere',
    (address) => {
      expect(findNetwork(room, address)).toBe(null);
    },
  );

  it('finds no IPv6 address in the network of all IPv4 addresses, and the other way round', () => {
    expect(findNetwork([network('0.0.0.0/0')], '2001:db8::1')).toBe(null);
    expect(findNetwork([network('::/0')], '192.0.2.1')).toBe(null);
  });

  const addresses = fc.oneof(
    fc.ipV4(),
    fc.ipV6().filter((text) => !/^::ffff:/i.test(text) && isIP(text) === 6),
  );

  it('agrees with Node about every address and prefix', () => {
    fc.assert(
      fc.property(addresses, addresses, fc.nat(128), (inside, asked, wanted) => {
        const family = isIP(inside) === 6 ? 6 : 4;
        const bits = family === 4 ? wanted % 33 : wanted;
        const list = new BlockList();
        list.addSubnet(inside, bits, family === 6 ? 'ipv6' : 'ipv4');
        const text = /The network is ([^ ]+)\.$/.exec(mistake(`${inside}/${bits}`))?.[1] ?? `${inside}/${bits}`;
        fc.pre(!mistake(text).includes('IPv6 clothing'));
        for (const address of [inside, asked]) {
          fc.pre(isAddress(address));
          const expected = isIP(address) === family && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
          expect(findNetwork([network(text)], address) !== null, `${address} in ${text}`).toBe(expected);
        }
      }),
    );
  });
});
