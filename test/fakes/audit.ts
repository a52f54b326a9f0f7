import type { AuditEntry, AuditTrail } from '../../src/domain/audit.ts';

/** Keeps what was recorded. */
export class FakeAudit implements AuditTrail {
  readonly entries: AuditEntry[] = [];
  async record(entry: AuditEntry): Promise<void> {
    this.entries.push(entry);
  }
}
