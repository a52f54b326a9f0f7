import type { AuditTrail } from '../../domain/audit.ts';
import type { UserStore } from '../../domain/ports.ts';
import type { User } from '../../domain/session.ts';
import type { UserQuery } from '../../domain/user-query.ts';
import { writePeopleCsv } from './people-csv.ts';
import { by, type Doer } from './people-deps.ts';

const PAGE = 1000;

/** All who are searched for, as a CSV file that `readPeopleCsv` reads. */
export async function exportPeople(
  deps: { readonly users: UserStore; readonly audit: AuditTrail },
  doer: Doer,
  query: UserQuery,
): Promise<string> {
  const all: User[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { users } = await deps.users.search(query, { offset, limit: PAGE });
    all.push(...users);
    if (users.length < PAGE) break;
  }
  await deps.audit.record({ ...by(doer), action: 'users.exported', detail: String(all.length) });
  return writePeopleCsv(all);
}
