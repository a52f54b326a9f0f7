/** Rows as they are stored. Times are milliseconds since 1970, UTC. */
interface ShadowLossesTable {
  outcome: 'access-needed' | 'refused';
  rule: string;
  folder: string;
  who: string;
  visits: number;
  first_at: number;
  last_at: number;
  /** Path of an item. */
  example: string;
}

export interface Tables {
  migrations: MigrationsTable;
  users: UsersTable;
  user_roles: UserRolesTable;
  user_words: UserWordsTable;
  user_links: UserLinksTable;
  sessions: SessionsTable;
  grants: GrantsTable;
  partitions: PartitionsTable;
  tokens: TokensTable;
  devices: DevicesTable;
  attempts: AttemptsTable;
  access_versions: AccessVersionsTable;
  audit: AuditTable;
  personal_tokens: PersonalTokensTable;
  admin_sessions: AdminSessionsTable;
  item_grants: ItemGrantsTable;
  pending_sign_ins: PendingSignInsTable;
  session_sign_ons: SessionSignOnsTable;
  one_time_ids: OneTimeIdsTable;
  second_factors: SecondFactorsTable;
  recovery_codes: RecoveryCodesTable;
  access_requests: AccessRequestsTable;
  seats: SeatsTable;
  seat_items: SeatItemsTable;
  changes: ChangesTable;
  shadow_losses: ShadowLossesTable;
}

/** One row. Another mark after each change of what processes keep in memory; triggers write it. */
interface ChangesTable {
  mark: string;
}

interface MigrationsTable {
  number: number;
  name: string;
  applied_at: number;
}

interface UsersTable {
  id: string;
  name: string;
  /** `userNameKey(name)`, unique. */
  name_key: string;
  email: string | null;
  /** With `subject`, unique; without one, `local`. */
  source: string;
  subject: string | null;
  password_hash: string | null;
  created_at: number;
  disabled_at: number | null;
  last_sign_in_at: number | null;
}

interface UserRolesTable {
  user_id: string;
  role: string;
  given: 'by-hand' | 'by-source';
  /** In which they were given. */
  position: number;
}

/** What users are found by: each word of the name and the address, as `searchWords` gives them. */
interface UserWordsTable {
  user_id: string;
  word: string;
}

interface UserLinksTable {
  secret_hash: string;
  user_id: string;
  kind: 'invitation' | 'reset';
  ends_at: number;
}

interface SessionsTable {
  id: string;
  session_secret_hash: string;
  access_secret_hash: string;
  user_id: string | null;
  created_at: number;
  used_at: number;
  ends_at: number;
  address: string | null;
  user_agent: string | null;
}

interface GrantsTable {
  session_id: string;
  service: string;
  origin: string;
  granted_at: number;
}

interface PartitionsTable {
  secret_hash: string;
  session_id: string;
  created_at: number;
}

interface TokensTable {
  token_hash: string;
  session_id: string;
  service: string;
  origin: string | null;
  expires_at: number;
  first_letters: string;
  device_id: string | null;
}

/** A link before it was used, a secret after. */
interface DevicesTable {
  id: string;
  name: string;
  service: string;
  link_hash: string | null;
  link_ends_at: number | null;
  secret_hash: string | null;
  created_at: number;
  used_at: number | null;
}

interface PersonalTokensTable {
  id: string;
  user_id: string;
  name: string;
  /** A JSON array of strings. */
  scopes: string;
  secret_hash: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

interface AccessRequestsTable {
  id: string;
  user_id: string;
  item: string;
  reason: string;
  language: string;
  made_at: number;
  /** `open`, `granted`, `declined` or `withdrawn`. */
  state: string;
  decided_at: number | null;
  decided_by: string | null;
  answer: string | null;
  granted_items: string | null;
  granted_until: number | null;
}

interface ItemGrantsTable {
  id: string;
  user_id: string;
  items: string;
  until: number;
  note: string | null;
  created_by: string | null;
  created_at: number;
}

interface AccessVersionsTable {
  number: number;
  at: number;
  by_name: string | null;
  comment: string | null;
  digest: string;
  /** The whole file. */
  content: string;
}

interface AttemptsTable {
  key: string;
  at: number;
}

interface AuditTable {
  id: string;
  at: number;
  action: string;
  actor: string | null;
  /** `userNameKey(actor)`, or the pseudonym. */
  actor_key: string | null;
  via: string;
  address: string | null;
  item: string | null;
  service: string | null;
  rule: string | null;
  target: string | null;
  /** Of a person only. */
  target_key: string | null;
  detail: string | null;
  /** 0 or 1. */
  pseudonymised: number;
}

interface AdminSessionsTable {
  id: string;
  secret_hash: string;
  user_id: string;
  created_at: number;
  used_at: number;
  ends_at: number;
  confirmed_at: number;
  address: string;
}

interface PendingSignInsTable {
  key_hash: string;
  source: string;
  browser_hash: string;
  sealed: string;
  ends_at: number;
}

interface SessionSignOnsTable {
  session_id: string;
  source: string;
  subject: string;
  session_index_hash: string | null;
  sealed_hint: string | null;
}

interface OneTimeIdsTable {
  id: string;
  ends_at: number;
}

interface SecondFactorsTable {
  id: string;
  user_id: string;
  /** `one-time-codes` or `passkey`. */
  kind: string;
  name: string;
  /** Sealed, of one-time codes; the public key of a passkey. */
  secret: string;
  credential_id: string | null;
  /** The last step used, or the signatures made. */
  counter: number;
  /** A JSON array of strings. */
  transports: string;
  created_at: number;
  used_at: number | null;
}

interface RecoveryCodesTable {
  user_id: string;
  code_hash: string;
}

interface SeatsTable {
  session_id: string;
  item: string;
  /** 1: has a seat; 0: waits for one. */
  seated: number;
  asked_at: number;
  used_at: number;
}

interface SeatItemsTable {
  item: string;
  asked_at: number;
}
