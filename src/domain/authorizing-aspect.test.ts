import { describe, expect, it } from 'vitest';
import { parseNetwork } from '../lib/network.ts';
import type { AccessService } from './access.ts';
import { canHelp, countsByCookie, findAspect, isBoundToAPlace } from './authorizing-aspect.ts';
import { nobody, type Visitor } from './visitor.ts';

const ROOM = '192.0.2.0/24';
const INSIDE = '192.0.2.7';
const OUTSIDE = '203.0.113.5';

function service(given: Partial<AccessService>): AccessService {
  const texts = { label: { en: ['A service'] }, heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null };
  return { name: 'room', pattern: 'kiosk', networks: [], ...texts, ...given };
}

function network() {
  const parsed = parseNetwork(ROOM);
  if ('mistake' in parsed) throw new Error(parsed.mistake);
  return parsed;
}

const device = (address: string, name = 'room'): Visitor => ({ ...nobody(address), devices: new Set([name]) });
const inNetwork = service({ networks: [network()] });
const atDevice = service({ devices: true });
const either = service({ networks: [network()], devices: true });

describe('what a visitor holds of a service', () => {
  it.each(['kiosk', 'external'] as const)('that opens to devices (%s) is the device, wherever it stands', (pattern) => {
    expect(findAspect({ ...atDevice, pattern }, device(OUTSIDE))).toEqual({ kind: 'device' });
    expect(findAspect({ ...atDevice, pattern }, nobody(OUTSIDE))).toBeNull();
  });

  it('is not what a device holds of another service, nor of one that no longer opens to devices', () => {
    expect(findAspect(atDevice, device(OUTSIDE, 'other'))).toBeNull();
    expect(findAspect(inNetwork, device(OUTSIDE))).toBeNull();
  });

  it('is the network before the device, where it is both', () => {
    expect(findAspect(either, device(INSIDE))).toMatchObject({ kind: 'network', network: { text: ROOM } });
    expect(findAspect(either, device(OUTSIDE))).toEqual({ kind: 'device' });
    expect(findAspect(either, nobody(INSIDE))).toMatchObject({ kind: 'network' });
    expect(findAspect(either, nobody(OUTSIDE))).toBeNull();
  });

  it('is neither a visit nor an account where it is bound to a place', () => {
    const user = { name: 'anna', roles: [], itemGrants: [] };
    const visitor: Visitor = { ...nobody(OUTSIDE), by: 'access-cookie', user, services: new Set(['room']) };
    for (const bound of [inNetwork, atDevice, either]) {
      expect(findAspect(bound, visitor)).toBeNull();
      expect(findAspect({ ...bound, pattern: 'external' }, visitor)).toBeNull();
    }
    expect(findAspect(service({}), visitor)).toEqual({ kind: 'visit' });
    expect(findAspect(service({ pattern: 'external' }), visitor)).toEqual({ kind: 'account' });
  });
});

describe('a service that is bound to a place', () => {
  it('is one with networks, with devices, or with both', () => {
    expect([service({}), inNetwork, atDevice, either].map(isBoundToAPlace)).toEqual([false, true, true, true]);
  });

  it('helps nobody who is elsewhere', () => {
    expect([service({}), inNetwork, atDevice, either].map((each) => canHelp(each, nobody(OUTSIDE)))).toEqual([true, false, false, false]);
    expect([inNetwork, atDevice, either].map((each) => canHelp(each, device(OUTSIDE)))).toEqual([false, true, true]);
  });

  it('opens by cookie unless it has networks alone', () => {
    expect([service({}), inNetwork, atDevice, either].map(countsByCookie)).toEqual([true, false, true, true]);
  });
});
