/** What an event is about, and whether its target is a person: then it is pseudonymised with the others. */
interface ActionFacts {
  /** What the actor did, after a name: `anna` `changed the roles of` `bert`. */
  readonly words: string;
  readonly target: 'person' | 'thing' | 'nothing';
}

/** Everything that is written down, and nothing else. */
export const AUDIT_ACTIONS = {
  'sign-in': { words: 'signed in', target: 'nothing' },
  'sign-in.failed': { words: 'failed to sign in as', target: 'person' },
  'sign-out': { words: 'signed out', target: 'nothing' },
  agreed: { words: 'agreed to terms', target: 'nothing' },
  refused: { words: 'was refused', target: 'nothing' },
  view: { words: 'viewed', target: 'nothing' },
  'would-be-refused': { words: 'would have been refused, were it not shadow mode', target: 'nothing' },
  'administrator.sign-in': { words: 'signed in to the administration', target: 'nothing' },
  'administrator.sign-in.failed': { words: 'failed to sign in to the administration as', target: 'person' },
  'administrator.sign-out': { words: 'signed out of the administration', target: 'nothing' },
  'administrator.confirmed': { words: 'confirmed to be who they are', target: 'nothing' },
  'second-factor.added': { words: 'added a second factor for', target: 'person' },
  'second-factor.removed': { words: 'removed a second factor of', target: 'person' },
  'second-factor.failed': { words: 'gave a wrong second factor for', target: 'person' },
  'recovery-codes.made': { words: 'made new recovery codes for', target: 'person' },
  'user.created': { words: 'created the user', target: 'person' },
  'user.invited': { words: 'invited', target: 'person' },
  'user.changed': { words: 'changed the user', target: 'person' },
  'user.roles': { words: 'changed the roles of', target: 'person' },
  'user.password': { words: 'changed the password of', target: 'person' },
  'user.reset': { words: 'made a link for a new password of', target: 'person' },
  'user.disabled': { words: 'disabled', target: 'person' },
  'user.enabled': { words: 'enabled', target: 'person' },
  'user.removed': { words: 'removed the user', target: 'person' },
  'users.imported': { words: 'imported users', target: 'nothing' },
  'users.exported': { words: 'exported users', target: 'nothing' },
  'session.ended': { words: 'ended a session of', target: 'person' },
  'sessions.ended': { words: 'ended the sessions of', target: 'person' },
  'sessions.all-ended': { words: 'ended every session', target: 'nothing' },
  'token.ended': { words: 'ended an access token of', target: 'person' },
  'item-grant.created': { words: 'gave access for a time to', target: 'person' },
  'item-grant.changed': { words: 'changed the access for a time of', target: 'person' },
  'item-grant.removed': { words: 'took access for a time from', target: 'person' },
  'request.made': { words: 'asked for access to', target: 'nothing' },
  'request.granted': { words: 'granted a request of', target: 'person' },
  'request.declined': { words: 'declined a request of', target: 'person' },
  'request.withdrawn': { words: 'withdrew a request for', target: 'nothing' },
  'access.saved': { words: 'saved the access file', target: 'thing' },
  'access.restored': { words: 'brought back the access file', target: 'thing' },
  'device.created': { words: 'made a link for the device', target: 'thing' },
  'device.registered': { words: 'registered a browser as the device', target: 'thing' },
  'device.removed': { words: 'removed the device', target: 'thing' },
  'personal-token.created': { words: 'created a personal access token for', target: 'person' },
  'personal-token.revoked': { words: 'revoked a personal access token of', target: 'person' },
  'identity.tested': { words: 'tested the identity source', target: 'thing' },
  'cache.purged': { words: 'removed what was kept of images', target: 'nothing' },
  'backup.made': { words: 'made a backup', target: 'nothing' },
  'backup.restored': { words: 'restored a backup', target: 'nothing' },
  'shadow.cleared': { words: 'cleared the counts of shadow mode', target: 'nothing' },
  'audit.exported': { words: 'exported the audit', target: 'nothing' },
} as const satisfies Record<string, ActionFacts>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

export type AuditEventId = `evt_${string}`;

/** Something that happened: who did what, when, from where, and under which rule. Names of people are nowhere but in `actor` and `target`. */
export interface AuditEvent {
  readonly id: AuditEventId;
  readonly at: Date;
  readonly action: AuditAction;
  /** Name of the user, as it was then; null for somebody who was nobody here, and at the command line. */
  readonly actor: string | null;
  readonly via: 'web' | 'api' | 'command line';
  /** Where the actor was; null at the command line. */
  readonly address: string | null;
  /** Path of the item or folder. */
  readonly item: string | null;
  /** The access service. */
  readonly service: string | null;
  /** The rule that decided, in words. */
  readonly rule: string | null;
  /** Whom or what it was done to: the name of a user, a device, a token. */
  readonly target: string | null;
  /** What else there is to say, in English. Never a secret, and never the name of a person. */
  readonly detail: string | null;
  /** Whether names and address have been replaced. */
  readonly pseudonymised: boolean;
}

/** Who does something, how, and where they are. */
export type AuditActor = Pick<AuditEvent, 'actor' | 'via' | 'address'>;

/** What those who record say of an event; all else has its default. */
export type AuditEntry = Pick<AuditEvent, 'action'> & Partial<Omit<AuditEvent, 'id' | 'at' | 'action' | 'pseudonymised'>>;

/** Where flows write down what happened. */
export interface AuditTrail {
  /**
   * Resolves once the event is stored; of views and refusals, which are many, at once. Never rejects: what cannot be
   * written is kept and tried again, and no request fails for it.
   */
  record(entry: AuditEntry): Promise<void>;
}

/** Which events are wanted. What is absent makes no difference. */
export interface AuditFilter {
  /** Name of a user, whoever acted on whom, whatever its case; or a pseudonym. */
  readonly person?: string;
  readonly action?: AuditAction;
  /** Path of an item; with a slash at the end, a folder and all in it. */
  readonly item?: string;
  readonly address?: string;
  /** From then on, that moment included. */
  readonly from?: Date;
  /** Before then. */
  readonly until?: Date;
}

/** A place in the list: the event after which to go on. */
export type AuditPlace = Pick<AuditEvent, 'id' | 'at'>;

/** Makes the pseudonym that stands for a person's name (by its key, `userNameKey`) or an address, always the same. */
export type Pseudonymise = (kind: 'person' | 'address', text: string) => string;

export interface AuditStore {
  /** All of them, or none. */
  add(events: readonly AuditEvent[]): Promise<void>;
  /** Newest first; `after`: those that follow in that order. */
  list(filter: AuditFilter, page: { readonly after?: AuditPlace | undefined; readonly limit: number }): Promise<readonly AuditEvent[]>;
  /** The oldest ones of before that time, so many at most. Tells how many they were. */
  removeBefore(time: Date, most: number): Promise<number>;
  /** Replaces names and addresses in events of before that time, so many at most. Tells how many they were. */
  pseudonymiseBefore(time: Date, most: number, pseudonymise: Pseudonymise): Promise<number>;
}

export function targetsPerson(action: AuditAction): boolean {
  return AUDIT_ACTIONS[action].target === 'person';
}
