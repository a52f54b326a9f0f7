/**
 * LDAP: search for the person, then bind as the person.
 * https://www.rfc-editor.org/rfc/rfc4511, https://www.rfc-editor.org/rfc/rfc4513#section-5.1.2
 */
import { connect } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Client, type Entry, InvalidCredentialsError, NoSuchObjectError, ResultCodeError } from 'ldapts';
import type { LdapSettings } from '../../config/identity-sources.ts';
import {
  type IdentityOutcome,
  type IdentityRefused,
  identify,
  identityRefused,
  identityUnavailable,
  type PasswordIdentitySource,
} from '../../domain/identity.ts';
import type { RoleCondition } from '../../domain/map-roles.ts';
import { fillFilter } from './ldap-filter.ts';

const LONGEST_NAME = 200;
const LONGEST_PASSWORD = 1_000;
const MOST_GROUPS = 1_000;

/** Binary in Active Directory, and read as it writes it. */
const GUID = 'objectguid';

/** A directory that says so refuses the person: 8 stronger auth, 19 password policy, 48 no password, 50 no rights, 53 locked. */
const REFUSING_CODES = [8, 19, 48, 50, 53];

export function createLdapSource(settings: LdapSettings): PasswordIdentitySource {
  async function find(directory: Client, name: string): Promise<Entry | IdentityRefused> {
    const { searchEntries } = await directory.search(settings.base, {
      scope: 'sub',
      filter: fillFilter(settings.filter, { name }),
      sizeLimit: 2,
      attributes: [...attributesOf(settings)],
      explicitBufferAttributes: ['objectGUID'],
    });
    const [entry, ...more] = searchEntries;
    if (entry === undefined) return identityRefused('identity.password', 'there is no such entry');
    return more.length === 0 ? entry : identityRefused('identity.password', 'several entries have that name');
  }

  async function findGroups(directory: Client, dn: string, name: string): Promise<readonly string[]> {
    if (settings.groupBase === null) return [];
    const { searchEntries } = await directory.search(settings.groupBase, {
      scope: 'sub',
      filter: fillFilter(settings.groupFilter, { dn, name }),
      sizeLimit: MOST_GROUPS,
      attributes: [settings.groupName],
    });
    return searchEntries.flatMap((group) => valuesOf(group, settings.groupName));
  }

  async function judge(name: string, password: string): Promise<IdentityOutcome> {
    return withDirectory(settings, async (directory) => {
      if (settings.bindDn !== null && settings.bindPassword !== null) await directory.bind(settings.bindDn, settings.bindPassword);
      const entry = await find(directory, name);
      // Whoever is not there costs as many questions as whoever is.
      const dn = 'outcome' in entry ? `cn=nobody,${settings.base}` : entry.dn;
      const wrong = await withDirectory(settings, (own) => bindAs(own, String(dn), password));
      if ('outcome' in entry) return entry as IdentityRefused;
      if (wrong !== null) return wrong;
      return toPerson(entry, await findGroups(directory, entry.dn, valuesOf(entry, settings.userName)[0] ?? ''), settings);
    });
  }

  return {
    flow: 'password',
    name: settings.name,

    async check(name, password) {
      const mistake = findMistake(name, password);
      if (mistake !== null) return identityRefused('identity.password', mistake);
      try {
        return await judge(name.trim(), password);
      } catch (error) {
        return identityUnavailable(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
      }
    },
  };
}

/** A bind with a name and no password is anonymous, and succeeds: RFC 4513 §5.1.2 asks clients to refuse it. */
function findMistake(name: string, password: string): string | null {
  if (password === '') return 'there is no password';
  if (password.length > LONGEST_PASSWORD) return 'the password is longer than any';
  if (name.trim() === '' || name.length > LONGEST_NAME) return 'the name is empty, or longer than any';
  return /\p{Cc}/u.test(name) ? 'the name holds a control character' : null;
}

/** Null where name and password belong together. */
async function bindAs(directory: Client, dn: string, password: string): Promise<IdentityRefused | null> {
  try {
    await directory.bind(dn, password);
    return null;
  } catch (error) {
    const refused = error instanceof InvalidCredentialsError || error instanceof NoSuchObjectError;
    if (refused || (error instanceof ResultCodeError && REFUSING_CODES.includes(error.code))) {
      return identityRefused('identity.password', `the directory refused the bind: ${error.message}`);
    }
    throw error;
  }
}

/** A connection of its own, encrypted as the file says, for so long and no longer. */
async function withDirectory<T>(settings: LdapSettings, use: (directory: Client) => Promise<T>): Promise<T> {
  const { hostname } = new URL(settings.url);
  const milliseconds = settings.timeoutSeconds * 1000;
  const tls: ConnectionOptions = {
    host: hostname.replace(/^\[|\]$/g, ''),
    ...(settings.certificateAuthority === null ? {} : { ca: settings.certificateAuthority }),
  };
  const directory = new Client({
    url: settings.url,
    timeout: milliseconds,
    connectTimeout: milliseconds,
    ...(settings.url.startsWith('ldaps:') ? { tlsOptions: tls } : { createConnection: connectOnce() }),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${settings.timeoutSeconds} seconds`)), milliseconds);
  });
  const work = async () => {
    if (settings.startTls) await directory.startTLS(tls);
    return use(directory);
  };
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
    await directory.unbind().catch(() => undefined);
  }
}

/** The library connects again by itself, and would do so without StartTLS. */
function connectOnce(): typeof connect {
  let connected = false;
  const once = (port: number, host: string) => {
    if (connected) throw new Error('the connection was lost');
    connected = true;
    return connect(port, host);
  };
  return once as typeof connect;
}

function toPerson(entry: Entry, groups: readonly string[], settings: LdapSettings): IdentityOutcome {
  const attributes = new Map<string, readonly string[]>([['dn', [entry.dn]]]);
  for (const name of attributesOf(settings)) {
    const values = valuesOf(entry, name);
    if (values.length > 0) attributes.set(name, values);
  }
  if (groups.length > 0) attributes.set('groups', groups);
  const subjects = valuesOf(entry, settings.subject);
  const subject = subjects.length === 1 ? (subjects[0] ?? null) : null;
  return identify({ source: settings.name, subject, attributes, sessionIndex: null }, settings);
}

/** What is asked for: what the file lists, and what its rules look at. */
function attributesOf({ subject, userName, email, attributes, roles }: LdapSettings): ReadonlySet<string> {
  const inRules = roles.flatMap(({ when }) => (when === null ? [] : attributesIn(when)));
  return new Set([subject, userName, email, ...attributes, ...inRules].filter((name) => name !== 'groups' && name !== 'dn'));
}

function attributesIn(condition: RoleCondition): readonly string[] {
  return condition.kind === 'all' || condition.kind === 'any' ? condition.of.flatMap(attributesIn) : [condition.attribute];
}

/** Names of attributes do not heed case: a directory answers with its own spelling. */
function valuesOf(entry: Entry, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  const found = Object.entries(entry).find(([key]) => key !== 'dn' && key.toLowerCase() === wanted)?.[1] ?? [];
  const values: readonly (string | Buffer)[] = Array.isArray(found) ? found : [found];
  return values.map((value) => (typeof value === 'string' ? value : readBytes(value, wanted))).filter((value) => value !== '');
}

function readBytes(bytes: Buffer, name: string): string {
  if (name !== GUID || bytes.length !== 16) return bytes.toString('utf8');
  const [a, b, c] = [bytes.readUInt32LE(0).toString(16).padStart(8, '0'), bytes.readUInt16LE(4), bytes.readUInt16LE(6)];
  const short = (number: number) => number.toString(16).padStart(4, '0');
  return [a, short(b), short(c), bytes.toString('hex', 8, 10), bytes.toString('hex', 10)].join('-');
}
