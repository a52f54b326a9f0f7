import type { IdentityOutcome, OneTimeIds, OutsideIdentity } from '../domain/identity.ts';
import { explainRoles, mapRoles } from '../domain/map-roles.ts';
import type { Clock, Randomness, Signer, UserStore } from '../domain/ports.ts';
import type { KnownSource } from '../domain/sign-on.ts';

/** How long the address of a test is good. */
export const TEST_MINUTES = 30;

const WRITTEN = /^([a-z0-9-]{1,64})\.(\d{1,16})\.([A-Za-z0-9_-]{16,64})\.([A-Za-z0-9_-]{43})$/;
const PURPOSE = 'test of an identity source';

interface LinkDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly signer: Signer;
}

/** What makes a sign-on a test, once: whoever has it may see what the source says about whom it signs in there. */
export function newTestLink({ clock, randomness, signer }: LinkDeps, source: string): string {
  const text = `${source}.${clock.now().getTime() + TEST_MINUTES * 60_000}.${randomness.token(18)}`;
  return `${text}.${signer.sign(PURPOSE, text)}`;
}

/** Whether the link is one for this source, and not over. */
export function isTestLink({ clock, randomness, signer }: LinkDeps, link: string, source: string): boolean {
  const [, name, until = '', , signature = ''] = WRITTEN.exec(link) ?? [];
  const isSigned = randomness.equal(signature, signer.sign(PURPOSE, link.slice(0, -signature.length - 1)));
  return isSigned && name === source && clock.now().getTime() < Number(until);
}

/** False where it was used before. */
export function spendTestLink({ oneTimeIds }: { readonly oneTimeIds: OneTimeIds }, link: string): Promise<boolean> {
  return oneTimeIds.spend(`identity test:${link}`, new Date(Number(WRITTEN.exec(link)?.[2] ?? 0)));
}

/** What a source said, and what would become of it. */
export interface SourceTest {
  readonly source: string;
  readonly type: string;
  readonly outcome:
    | {
        readonly kind: 'identified';
        readonly identity: OutsideIdentity;
        readonly roles: readonly string[];
        readonly reasons: readonly string[];
      }
    /** `code`: of a refusal, or `unavailable`. `privateDetail` is for whoever tests. */
    | { readonly kind: 'refused'; readonly code: string; readonly privateDetail: string };
  /** Who the person is here, as a sentence. */
  readonly user: string | null;
}

/** Nothing is kept, and nobody is signed in. */
export async function describeTest(
  { users }: { readonly users: Pick<UserStore, 'list'> },
  { name: source, type, rules }: Pick<KnownSource, 'name' | 'type' | 'rules'>,
  outcome: IdentityOutcome,
): Promise<SourceTest> {
  if (outcome.outcome !== 'identified') {
    const code = outcome.outcome === 'refused' ? outcome.code : 'unavailable';
    return { source, type, outcome: { kind: 'refused', code, privateDetail: outcome.privateDetail }, user: null };
  }
  const { identity } = outcome;
  const mapped = mapRoles(identity.attributes, rules);
  const reasons = explainRoles(mapped, identity.attributes);
  const user = describeUser(await users.list(), identity);
  return { source, type, outcome: { kind: 'identified', identity, roles: mapped.roles, reasons }, user };
}

function describeUser(users: Awaited<ReturnType<UserStore['list']>>, { source, subject, name }: OutsideIdentity): string {
  const known = users.find((user) => user.source === source && user.subject === subject);
  if (known === undefined) {
    const taken = users.some((user) => user.name.toLowerCase() === name.toLowerCase());
    return taken
      ? `This person is not a user here yet. The name ${name} is taken, so that the source will stand behind it.`
      : 'This person is not a user here yet, and becomes one at the first sign-in.';
  }
  const byHand = known.ownRoles.length === 0 ? '' : ` Roles given by hand: ${known.ownRoles.join(', ')}.`;
  const closed = known.disabledAt === null ? '' : ' The user is disabled, and is refused.';
  return `This person is the user ${known.name} here.${byHand}${closed}`;
}

/** The same for a terminal, a line each. */
export function testLines({ source, type, outcome, user }: SourceTest): readonly string[] {
  if (outcome.kind === 'refused') return [`${source} (${type}): ${outcome.code}: ${outcome.privateDetail}`];
  const { identity, roles, reasons } = outcome;
  return [
    `${source} (${type}) knows this person.`,
    `Subject: ${identity.subject}`,
    `User name: ${identity.name}`,
    `Mail address: ${identity.email ?? 'none'}`,
    'Attributes:',
    ...[...identity.attributes].map(([name, values]) => `  ${name}: ${values.join(' | ')}`),
    `Roles: ${roles.length === 0 ? 'none' : roles.join(', ')}`,
    ...reasons.map((reason) => `  ${reason}`),
    ...(user === null ? [] : [user]),
  ];
}
