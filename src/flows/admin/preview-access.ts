import type { AccessModel } from '../../domain/access.ts';
import type { AccessRemark } from '../../domain/access-file.ts';
import { compareAccess, type VisitorChanges } from '../../domain/compare-access.ts';
import type { UserStore } from '../../domain/ports.ts';
import { describeServiceChanges } from '../../domain/service-changes.ts';
import type { RoleHolders } from '../../domain/visitor-kinds.ts';
import { type SampleDeps, sampleItems } from './sample-items.ts';

export interface PreviewDeps extends SampleDeps {
  readonly users: Pick<UserStore, 'list'>;
  /** What is in force. */
  access(): AccessModel;
}

/** What a new access file would change. */
export interface AccessPreview {
  readonly services: readonly string[];
  readonly visitors: readonly VisitorChanges[];
  /** Items that were looked at. */
  readonly items: number;
  /** Whether these were all. */
  readonly complete: boolean;
  readonly warnings: readonly AccessRemark[];
}

/** More combinations of roles than this are not looked at: each is said in a sentence of its own. */
const MOST_COMBINATIONS = 100;

export async function previewAccess(deps: PreviewDeps, after: AccessModel, warnings: readonly AccessRemark[]): Promise<AccessPreview> {
  const before = deps.access();
  const [{ items, complete }, people] = await Promise.all([sampleItems(deps, [before, after]), findRoleHolders(deps)]);
  return {
    services: describeServiceChanges(before, after),
    visitors: compareAccess({ before, after, items, people, now: deps.clock.now() }),
    items: items.length,
    complete,
    warnings,
  };
}

/** Those who are somebody here, by what they hold; the combinations that most people have first. */
async function findRoleHolders({ users }: PreviewDeps): Promise<readonly RoleHolders[]> {
  const people = (await users.list()).filter(({ disabledAt }) => disabledAt === null);
  const holders = new Map<string, { readonly roles: readonly string[]; readonly names: string[] }>();
  for (const { name, roles } of people) {
    const sorted = [...new Set(roles)].sort();
    const same = holders.get(sorted.join(' ')) ?? { roles: sorted, names: [] };
    same.names.push(name);
    holders.set(sorted.join(' '), same);
  }
  return [...holders.values()].sort((a, b) => b.names.length - a.names.length).slice(0, MOST_COMBINATIONS);
}
