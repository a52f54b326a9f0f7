import { describe, expect, it } from 'vitest';
import { type ProxyHeaders, readForwarded, trustProxies, UNIX_PEER } from './forwarded.ts';

const trusted = trustProxies(['127.0.0.1', '192.0.2.0/24', '2001:db8::/32']);

function read(peer: string, fields: Readonly<Record<string, string | null>>, headers: ProxyHeaders = 'x-forwarded') {
  return readForwarded(peer, (name) => fields[name] ?? null, { trusted, headers });
}

describe('the address of a visitor', () => {
  it.each([
    ['198.51.100.7', null, '198.51.100.7', 'the peer, where nothing is forwarded'],
    ['198.51.100.7', '203.0.113.9', '198.51.100.7', 'the peer, where it is no proxy of ours, whatever it claims'],
    ['127.0.0.1', '203.0.113.9', '203.0.113.9', 'what our proxy forwards'],
    ['127.0.0.1', '10.0.0.1, 203.0.113.9', '203.0.113.9', 'the right-most hop, never the first'],
    ['127.0.0.1', '10.0.0.1, 203.0.113.9, 192.0.2.44', '203.0.113.9', 'the right-most hop that is not a proxy of ours'],
    ['::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9', 'the peer in IPv6 clothing is the same peer'],
    ['2001:db8::1', '2001:db9::5', '2001:db9::5', 'IPv6 alike'],
    ['127.0.0.1', 'unknown', '', 'none, and never the proxy’s, where the hop is no address'],
    ['127.0.0.1', '', '', 'none where the proxy forwards nothing'],
    ['127.0.0.1', '203.0.113.9, 203.0.113.9:x', '', 'none, and no hop before it, where the right-most hop is no address'],
    ['127.0.0.1', '203.0.113.9:4711', '203.0.113.9', 'without the port'],
    ['127.0.0.1', '[2001:db9::5]:4711', '2001:db9::5', 'without the port and the brackets'],
    ['127.0.0.1', '[2001:db9::5]', '2001:db9::5', 'without the brackets'],
    ['127.0.0.1', '203.0.113.9, [::ffff:192.0.2.44]:80', '203.0.113.9', 'of a proxy of ours in any clothing'],
    ['127.0.0.1', '192.0.2.1', '192.0.2.1', 'the last proxy, where all hops are ours'],
  ])('peer %s, X-Forwarded-For %s: %s (%s)', (peer, forwardedFor, address, _sentence) => {
    expect(read(peer, { 'x-forwarded-for': forwardedFor }).address).toBe(address);
  });

  it.each(['nginx', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '', '2001:db8::/129'])('names the entry %j that is no range', (entry) => {
    expect(() => trustProxies([entry])).toThrow(RangeError);
  });
});

describe('the address of a visitor in Forwarded', () => {
  it.each([
    ['198.51.100.7', 'for=203.0.113.9', '198.51.100.7', 'the peer, where it is no proxy of ours'],
    ['127.0.0.1', 'for=203.0.113.9', '203.0.113.9', 'what our proxy forwards'],
    ['127.0.0.1', 'For="[2001:db9::5]:4711";Proto=https', '2001:db9::5', 'quoted, without port and brackets'],
    ['127.0.0.1', 'for=10.0.0.1, for=203.0.113.9;by=192.0.2.1 ,for=192.0.2.44', '203.0.113.9', 'the right-most hop that is not ours'],
    ['127.0.0.1', 'for="203.0.113.\\9"', '203.0.113.9', 'with a quoted pair'],
    ['127.0.0.1', 'for=_hidden', '', 'none where it is hidden'],
    ['127.0.0.1', 'proto=https', '', 'none where it is not said'],
    ['127.0.0.1', 'for=203.0.113.9; =', '', 'none where it cannot be read'],
    ['127.0.0.1', '', '', 'none where it is empty'],
    ['127.0.0.1', 'for="203.0.113.9, for=203.0.113.7', '', 'none where a quote is not closed'],
  ])('peer %s, Forwarded %s: %s (%s)', (peer, forwarded, address, _sentence) => {
    expect(read(peer, { forwarded }, 'forwarded').address).toBe(address);
  });

  it('is not taken from the header that our proxies do not write', () => {
    const fields = { forwarded: 'for=203.0.113.9', 'x-forwarded-for': '203.0.113.7' };
    expect([read('127.0.0.1', fields).address, read('127.0.0.1', fields, 'forwarded').address]).toEqual(['203.0.113.7', '203.0.113.9']);
    expect(read('127.0.0.1', { 'x-forwarded-for': '203.0.113.7' }, 'forwarded').address).toBe('127.0.0.1');
  });
});

describe('what visitors call us', () => {
  it.each([
    ['198.51.100.7', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a.org' }, null, null, 'from nobody else'],
    ['127.0.0.1', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'A.org:8443' }, 'https', 'a.org:8443', 'from our proxy'],
    ['127.0.0.1', { 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'a.org/x' }, null, null, 'only what can be'],
    [
      '127.0.0.1',
      { 'x-forwarded-proto': 'http, https', 'x-forwarded-host': 'evil.org, a.org' },
      'https',
      'a.org',
      'of the proxy, not of the visitor',
    ],
    [
      '127.0.0.1',
      { 'x-forwarded-for': '203.0.113.9, 192.0.2.1', 'x-forwarded-proto': 'http, https, http', 'x-forwarded-host': 'a.org' },
      'https',
      'a.org',
      'of the outermost proxy of ours',
    ],
  ])('peer %s, %j: %s, %s (%s)', (peer, fields, scheme, host, _sentence) => {
    expect(read(peer, fields)).toMatchObject({ scheme, host });
  });

  it('is read from Forwarded by whoever configured that', () => {
    const forwarded = 'for=10.0.0.1;host=evil.org, for=203.0.113.9;proto=https;host="a.org:8443", for=192.0.2.1;proto=http;host=inner';
    expect(read('127.0.0.1', { forwarded }, 'forwarded')).toEqual({ address: '203.0.113.9', scheme: 'https', host: 'a.org:8443' });
  });
});

describe('a proxy at the other end of our Unix socket', () => {
  it.each([
    [['unix'], '203.0.113.9'],
    [['127.0.0.1'], ''],
  ])('is believed where %j are: %s', (entries, address) => {
    const seen = readForwarded(UNIX_PEER, () => '203.0.113.9', { trusted: trustProxies(entries), headers: 'x-forwarded' });
    expect(seen.address).toBe(address);
  });
});
