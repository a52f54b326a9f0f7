import { LOCAL_SOURCE, type User } from '../../domain/session.ts';
import { LINK_HOURS, type UserLink } from '../../domain/user-link.ts';
import { by, type Doer, type PeopleDeps } from './people-deps.ts';

/** 256 bits: never guessed, so that its hash needs no salt. */
const SECRET_BYTES = 32;

/** Shown this once: the store has its hash. */
export interface MadeLink extends UserLink {
  /** `/invitation/{secret}` or `/reset/{secret}`: what follows our base URI. */
  readonly path: string;
}

/** Whether the person has, or will have, a password here that a link can set. */
export function mayHaveLink({ source, disabledAt }: Pick<User, 'source' | 'disabledAt'>): boolean {
  return source === LOCAL_SOURCE && disabledAt === null;
}

/** An invitation for somebody who has no password yet, and else a link for another one. A link from before is worth nothing any more. */
export async function makeUserLink(deps: PeopleDeps, doer: Doer, user: User): Promise<MadeLink> {
  const kind = user.isInvited ? 'invitation' : 'reset';
  const secret = deps.randomness.token(SECRET_BYTES);
  const endsAt = new Date(deps.clock.now().getTime() + LINK_HOURS[kind] * 3_600_000);
  await deps.userLinks.create({ secretHash: deps.randomness.hash(secret), userId: user.id, kind, endsAt });
  await deps.audit.record({ ...by(doer), action: kind === 'invitation' ? 'user.invited' : 'user.reset', target: user.name });
  return { userId: user.id, kind, endsAt, path: `/${kind}/${secret}` };
}
