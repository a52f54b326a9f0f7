import { describe, expect, it } from 'vitest';
import { cacheDevices } from '../../src/adapters/cache/devices.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { describeDeviceStore } from '../contracts/device-store.ts';
import { AT, LATER } from '../contracts/stored-people.ts';

describeDeviceStore(
  'SQLite behind a cache',
  () => openSqlite(':memory:'),
  (db) => cacheDevices(db.devices, { ttlSeconds: 60 }),
);

describe('a device that was found by its secret', () => {
  it('is not looked up again until something is written; what is no device is', async () => {
    const db = await openSqlite(':memory:');
    const asked: string[] = [];
    const devices = cacheDevices(
      {
        ...db.devices,
        findBySecret: (hash) => {
          asked.push(hash);
          return db.devices.findBySecret(hash);
        },
      },
      { ttlSeconds: 60 },
    );
    await devices.create({ name: 'desk', service: 'room', linkHash: 'link', linkEndsAt: LATER, createdAt: AT });
    await devices.register('link', 'secret', AT);
    await Promise.all([devices.findBySecret('secret'), devices.findBySecret('secret')]);
    await devices.findBySecret('secret');
    expect(asked).toEqual(['secret']);
    expect([await devices.findBySecret('none'), await devices.findBySecret('none')]).toEqual([null, null]);
    expect(asked).toEqual(['secret', 'none', 'none']);
    await devices.remove('desk');
    expect(await devices.findBySecret('secret')).toBeNull();
    await db.close();
  });

  it('is answered for although its use cannot be written', async () => {
    const db = await openSqlite(':memory:');
    const failures: unknown[] = [];
    const broken = { ...db.devices, touch: () => Promise.reject(new Error('disk full')) };
    await cacheDevices(broken, { onTouchFailed: (error) => void failures.push(error) }).touch('dev_1', AT);
    expect(failures).toEqual([new Error('disk full')]);
    await db.close();
  });
});
