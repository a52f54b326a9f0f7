import { describe, expect, it } from 'vitest';
import { trustProxies, visitorAddress } from './forwarded.ts';

const trusted = trustProxies(['127.0.0.1', '192.0.2.0/24', '2001:db8::/32']);

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
    expect(visitorAddress(peer, forwardedFor, trusted)).toBe(address);
  });

  it.each(['nginx', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '', '2001:db8::/129'])('names the entry %j that is no range', (entry) => {
    expect(() => trustProxies([entry])).toThrow(RangeError);
  });
});
