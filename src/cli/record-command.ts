import type { Database } from '../adapters/storage/database.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { createRandomness } from '../adapters/system/randomness.ts';
import type { AuditEntry } from '../domain/audit.ts';
import { auditEvent } from '../flows/audit-trail.ts';

/** Writes down what a command has changed. */
export async function recordCommand({ audit }: Pick<Database, 'audit'>, entry: AuditEntry): Promise<void> {
  const parts = { clock: systemClock, randomness: createRandomness() };
  await audit.add([auditEvent(parts, { ...entry, via: 'command line' })]);
}
