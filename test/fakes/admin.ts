import { createOneTimeCodes } from '../../src/adapters/identity/one-time-codes.ts';

import { createPasskeys } from '../../src/adapters/identity/passkeys.ts';
import { createSealer } from '../../src/adapters/system/sealer.ts';
import { createFirstAdministratorLink, newFirstLink } from '../../src/flows/admin/first-administrator.ts';
import { createFormGuard } from '../../src/http/access/form-guard.ts';
import type { AdminDeps } from '../../src/http/admin/admin-deps.ts';
import { createOwnContentAnswers } from '../../src/http/admin/own-content.ts';
import type { fakePeople } from './access.ts';
import { FakeAccessVersions } from './access-versions.ts';
import { fakeContent } from './content.ts';
import { createOneTimeIds } from './one-time-ids.ts';

/** All that the pages of administrators need, with the people of `fakePeople`. */
export function fakeAdmin(people: ReturnType<typeof fakePeople>, changes: Partial<AdminDeps> = {}): AdminDeps {
  const parts = {
    ...people,
    signingKey: 'key',
    slashSubstitute: null,
    cookiePath: '/library',
    mail: null,
    firstAdministrator: createFirstAdministratorLink({ ...people, oneTimeIds: createOneTimeIds() }, newFirstLink(people)),
    oneTimeCodes: createOneTimeCodes(),
    passkeys: createPasskeys(),
    sealer: createSealer('key'),
    spentChallenges: createOneTimeIds(),
    needSecondFactor: false,
    accessKeeper: null,
    accessVersions: new FakeAccessVersions(),
    shadowLosses: { list: async () => [], clear: async () => 0 },
    shadowUntil: null,
    content: createOwnContentAnswers(fakeContent(people)),
  };
  return { ...parts, forms: createFormGuard(parts), ...changes };
}
