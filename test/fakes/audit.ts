import type { AuditEntry, AuditStore, AuditTrail } from '../../src/domain/audit.ts';

/** Keeps what was recorded. */
export class FakeAudit implements AuditTrail {
  readonly entries: AuditEntry[] = [];
  async record(entry: AuditEntry): Promise<void> {
    this.entries.push(entry);
  }
}

/** For tests in which nobody reads the audit. */
export const NO_AUDIT_STORE: AuditStore = {
  add: async () => {},
  list: async () => [],
  removeBefore: async () => 0,
  pseudonymiseBefore: async () => 0,
};
