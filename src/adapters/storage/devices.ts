import { randomBytes } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Device, DeviceId } from '../../domain/device.ts';
import type { DeviceStore } from '../../domain/ports.ts';
import type { Tables } from './tables.ts';

const COLUMNS = ['id', 'name', 'service', 'created_at', 'link_ends_at', 'used_at'] as const;

type DeviceRow = Pick<Selectable<Tables['devices']>, (typeof COLUMNS)[number]>;

export function createDeviceStore(db: Kysely<Tables>): DeviceStore {
  return {
    async create({ name, service, linkHash, linkEndsAt, createdAt }) {
      const row = await db
        .insertInto('devices')
        .values({
          id: `dev_${randomBytes(12).toString('base64url')}`,
          name,
          service,
          link_hash: linkHash,
          link_ends_at: linkEndsAt.getTime(),
          secret_hash: null,
          created_at: createdAt.getTime(),
          used_at: null,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning(COLUMNS)
        .executeTakeFirst();
      return row === undefined ? null : toDevice(row);
    },

    async list() {
      const rows = await db.selectFrom('devices').select(COLUMNS).orderBy('name').execute();
      return rows.map(toDevice);
    },

    async findByLink(linkHash, now) {
      const row = await db
        .selectFrom('devices')
        .select(COLUMNS)
        .where('link_hash', '=', linkHash)
        .where('link_ends_at', '>', now.getTime())
        .executeTakeFirst();
      return row === undefined ? null : toDevice(row);
    },

    /** One statement: of two browsers that open the link at once, one gets it. */
    async register(linkHash, secretHash, now) {
      const row = await db
        .updateTable('devices')
        .set({ link_hash: null, link_ends_at: null, secret_hash: secretHash })
        .where('link_hash', '=', linkHash)
        .where('link_ends_at', '>', now.getTime())
        .returning(COLUMNS)
        .executeTakeFirst();
      return row === undefined ? null : toDevice(row);
    },

    async findBySecret(secretHash) {
      const row = await db.selectFrom('devices').select(COLUMNS).where('secret_hash', '=', secretHash).executeTakeFirst();
      return row === undefined ? null : toDevice(row);
    },

    async findById(id) {
      const row = await db.selectFrom('devices').select(COLUMNS).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toDevice(row);
    },

    async touch(id, usedAt) {
      await db.updateTable('devices').set({ used_at: usedAt.getTime() }).where('id', '=', id).execute();
    },

    async remove(name) {
      const result = await db.deleteFrom('devices').where('name', '=', name).executeTakeFirst();
      return Number(result.numDeletedRows) > 0;
    },
  };
}

function toDevice(row: DeviceRow): Device {
  return {
    id: row.id as DeviceId,
    name: row.name,
    service: row.service,
    createdAt: new Date(row.created_at),
    linkEndsAt: row.link_ends_at === null ? null : new Date(row.link_ends_at),
    usedAt: row.used_at === null ? null : new Date(row.used_at),
  };
}
