import { ACCESS_OPERATIONS } from './access-operations.ts';
import { AUDIT_OPERATIONS } from './audit-operations.ts';
import { CACHE_OPERATIONS } from './cache-operations.ts';
import { GRANT_OPERATIONS } from './grant-operations.ts';
import type { Operation } from './operation.ts';
import { ROLE_OPERATIONS } from './role-operations.ts';
import { SESSION_OPERATIONS } from './session-operations.ts';
import { TOKEN_OPERATIONS } from './token-operations.ts';
import { USER_OPERATIONS } from './user-operations.ts';

/** Everything that the interface for programs can do: its addresses, its description and its page are made from this table. */
export const OPERATIONS: readonly Operation[] = [
  ...USER_OPERATIONS,
  ...ROLE_OPERATIONS,
  ...GRANT_OPERATIONS,
  ...SESSION_OPERATIONS,
  ...ACCESS_OPERATIONS,
  ...AUDIT_OPERATIONS,
  ...CACHE_OPERATIONS,
  ...TOKEN_OPERATIONS,
];
