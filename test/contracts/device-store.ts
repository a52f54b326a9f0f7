import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { Device } from '../../src/domain/device.ts';
import type { DeviceStore } from '../../src/domain/ports.ts';
import { AT, addSession, END, LATER } from './stored-people.ts';

/** What every `DeviceStore` does. */
export function describeDeviceStore(
  engine: string,
  open: () => Promise<Database>,
  storeOf: (db: Database) => DeviceStore = (db) => db.devices,
): void {
  describe(`devices in ${engine}`, () => {
    let db: Database;
    let devices: DeviceStore;
    beforeEach(async () => {
      db = await open();
      devices = storeOf(db);
    });
    afterEach(() => db.close());

    async function add(name: string, linkEndsAt = LATER): Promise<Device> {
      const device = await devices.create({ name, service: 'room', linkHash: `link ${name}`, linkEndsAt, createdAt: AT });
      if (device === null) throw new Error(`${name} is taken`);
      return device;
    }

    it('are listed by name as they were made, waiting for their link to be used', async () => {
      await add('desk 2');
      await add('desk 1');
      const waiting = { service: 'room', createdAt: AT, linkEndsAt: LATER, usedAt: null };
      expect(await devices.list()).toEqual([
        { id: expect.stringMatching(/^dev_/), name: 'desk 1', ...waiting },
        { id: expect.stringMatching(/^dev_/), name: 'desk 2', ...waiting },
      ]);
    });

    it('have a name of their own', async () => {
      await add('desk');
      expect(await devices.create({ name: 'desk', service: 'b', linkHash: 'other', linkEndsAt: LATER, createdAt: AT })).toBeNull();
      expect(await devices.findByLink('other', AT)).toBeNull();
    });

    it('are found by their link until it is over', async () => {
      const device = await add('desk');
      expect(await devices.findByLink('link desk', AT)).toEqual(device);
      expect(await devices.findByLink('link desk', LATER)).toBeNull();
      expect(await devices.findByLink('LINK DESK', AT)).toBeNull();
    });

    it('are registered once: of several browsers that try at the same time, one is', async () => {
      const device = await add('desk');
      const tries = await Promise.all(['a', 'b', 'c'].map((secret) => devices.register('link desk', secret, AT)));
      expect(tries.filter((each) => each !== null)).toEqual([{ ...device, linkEndsAt: null }]);
      expect(await devices.findByLink('link desk', AT)).toBeNull();
      const found = await Promise.all(['a', 'b', 'c'].map((secret) => devices.findBySecret(secret)));
      expect(found.filter((each) => each !== null)).toEqual([{ ...device, linkEndsAt: null }]);
      expect([await devices.findById(device.id), await devices.findById('dev_none')]).toEqual([{ ...device, linkEndsAt: null }, null]);
    });

    it('are not registered by a link that is over', async () => {
      await add('desk');
      expect(await devices.register('link desk', 'secret', LATER)).toBeNull();
      expect(await devices.findBySecret('secret')).toBeNull();
    });

    it('keep when they were used', async () => {
      const { id } = await add('desk');
      await devices.register('link desk', 'secret', AT);
      await devices.findBySecret('secret');
      await devices.touch(id, LATER);
      expect((await devices.findBySecret('secret'))?.usedAt).toEqual(LATER);
    });

    it('take their own tokens along when they are removed, and no others', async () => {
      const [{ id }, other] = [await add('desk'), await add('other')];
      await devices.register('link desk', 'secret', AT);
      await devices.findBySecret('secret');
      await addSession(db, 'ses_1');
      const token = { sessionId: 'ses_1', service: 'room', origin: null, expiresAt: END, firstLetters: 'abcd' } as const;
      await db.tokens.create('its', { ...token, deviceId: id });
      await db.tokens.create('other', { ...token, deviceId: other.id });
      await db.tokens.create('of none', { ...token, deviceId: null });
      expect((await db.tokens.find('its'))?.deviceId).toBe(id);
      expect(await devices.remove('desk')).toBe(true);
      expect(await devices.remove('desk')).toBe(false);
      expect(await devices.findBySecret('secret')).toBeNull();
      expect(await Promise.all(['its', 'other', 'of none'].map((hash) => db.tokens.find(hash)))).toEqual([
        null,
        { ...token, deviceId: other.id },
        { ...token, deviceId: null },
      ]);
    });
  });
}
