import type { AccessFile, AccessRemark, AccessVersion, AccessVersionStore } from '../../domain/access-file.ts';
import type { AuditTrail } from '../../domain/audit.ts';
import type { Clock, Randomness } from '../../domain/ports.ts';
import type { InTurn } from '../turns.ts';

export interface AccessKeeperDeps {
  readonly file: AccessFile;
  readonly accessVersions: AccessVersionStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly randomness: Pick<Randomness, 'hash'>;
  readonly inTurn: InTurn;
  /** Told of a change on the server that could not be kept. */
  readonly onFailure: (error: unknown) => void;
}

export interface AccessChangeAsked {
  readonly text: string;
  /** Digest of the text that it was made from. */
  readonly over: string;
  /** Name of the administrator. */
  readonly by: string;
  readonly address: string;
  /** Null where nothing was said. */
  readonly comment: string | null;
}

export type AccessSaved =
  | { readonly kind: 'saved'; readonly version: AccessVersion }
  /** It is so already. */
  | { readonly kind: 'same' }
  /** `text`: what somebody else made of it meanwhile. */
  | { readonly kind: 'changed'; readonly text: string }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly AccessRemark[] }
  | { readonly kind: 'hindered'; readonly sentence: string };

/** Everything that writes the access file or its versions, one after the other. */
export interface AccessKeeper {
  readonly file: AccessFile;
  /** Takes over what was changed on the server, and keeps it, once it is valid. */
  notice(): Promise<void>;
  /** The same for whoever cannot wait. */
  noticeSoon(): void;
  save(asked: AccessChangeAsked): Promise<AccessSaved>;
}

export function createAccessKeeper(deps: AccessKeeperDeps): AccessKeeper {
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => deps.inTurn('access file', work);
  const noticeInTurn = () => inTurn(() => notice(deps));
  return {
    file: deps.file,
    notice: noticeInTurn,
    noticeSoon: () => void noticeInTurn().catch(deps.onFailure),
    save: (asked) => inTurn(() => save(deps, asked)),
  };
}

async function notice(deps: AccessKeeperDeps): Promise<void> {
  await deps.file.takeOver();
  const text = await deps.file.read();
  if (text === null || !deps.file.check(text).ok) return;
  await keep(deps, text, { by: null, comment: null });
}

async function save(deps: AccessKeeperDeps, { text, over, by, address, comment }: AccessChangeAsked): Promise<AccessSaved> {
  await notice(deps);
  const current = await deps.file.read();
  if (current === null) return { kind: 'hindered', sentence: 'It is not there, or cannot be read.' };
  if (deps.randomness.hash(current) !== over) return { kind: 'changed', text: current };
  if (current === text) return { kind: 'same' };
  const reading = deps.file.check(text);
  if (!reading.ok) return { kind: 'mistaken', mistakes: reading.mistakes };
  const replacement = await deps.file.replace(text, current);
  if (replacement.kind === 'hindered') return replacement;
  if (replacement.kind === 'changed') return { kind: 'changed', text: (await deps.file.read()) ?? '' };
  const earlier = await findEarlier(deps, text);
  const version = await keep(deps, text, { by, comment });
  await deps.audit.record({
    action: earlier === null ? 'access.saved' : 'access.restored',
    actor: by,
    address,
    target: deps.file.name,
    detail: earlier === null ? `version ${version.number}` : `version ${version.number}, as version ${earlier} was`,
  });
  return { kind: 'saved', version };
}

/** Newest ones among which one that is brought back is looked for. */
const LOOKED_THROUGH = 1_000;

/** Number of the version that had this text. */
async function findEarlier({ accessVersions, randomness }: AccessKeeperDeps, text: string): Promise<number | null> {
  const digest = randomness.hash(text);
  const kept = await accessVersions.list({ limit: LOOKED_THROUGH });
  return kept.find((version) => version.digest === digest)?.number ?? null;
}

/** Asks for the newest first: the file is looked at often, and its text is long. */
async function keep(deps: AccessKeeperDeps, text: string, said: Pick<AccessVersion, 'by' | 'comment'>): Promise<AccessVersion> {
  const digest = deps.randomness.hash(text);
  const [newest] = await deps.accessVersions.list({ limit: 1 });
  if (newest?.digest === digest && said.by === null) return newest;
  return deps.accessVersions.add({ at: deps.clock.now(), digest, text, ...said });
}
