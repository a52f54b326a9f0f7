import { ACCESS_OPERATIONS } from './access-operations.ts';
import { AUDIT_OPERATIONS } from './audit-operations.ts';
import type { Operation } from './operation.ts';
import { TOKEN_OPERATIONS } from './token-operations.ts';

/** Everything that the interface for programs can do: its addresses, its description and its page are made from this table. */
export const OPERATIONS: readonly Operation[] = [...ACCESS_OPERATIONS, ...AUDIT_OPERATIONS, ...TOKEN_OPERATIONS];
