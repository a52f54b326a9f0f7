import { SaxesParser } from 'saxes';
import { parseNetwork } from '../../lib/network.ts';
import { type MetaFile, metaPolicies, type TagRules } from './digilib-meta.ts';
import {
  createRoleNames,
  type Draft,
  type DraftAllow,
  type DraftPolicy,
  type DraftRule,
  type DraftService,
  EVERYTHING,
  type Imported,
  type ImportWishes,
  isWider,
  patternOf,
  plainPath,
  type Remark,
  serviceName,
  signInLabel,
  together,
} from './draft.ts';

/**
 * digilib's `digilib-auth.xml`: `digilib-paths` (PathAuthzOps), `digilib-access` (MetaAccessAuthzOps), `digilib-addresses`
 * (IpAuthnOps) and `digilib-oauth` (OpenIdAuthnOps). https://robcast.github.io/digilib/auth.html
 */
export interface DigilibFile {
  readonly name: string;
  readonly text: string;
}

/** What lies in the folder of images. */
export interface DigilibImages {
  readonly metadata: readonly MetaFile[];
  /** Paths of all files. */
  readonly names: ReadonlySet<string>;
}

/** `config`: `digilib-config.xml`, which says what of the other file counts. `images`: null where nobody says where they are. */
export function importDigilib(
  auth: DigilibFile,
  config: DigilibFile | null,
  wishes: ImportWishes,
  images: DigilibImages | null = null,
): Imported {
  const read = readEntries(auth, AUTH_ENTRIES);
  const settings = config === null ? { entries: [], mistakes: [] } : readEntries(config, CONFIG_ENTRIES);
  const mistakes = [...read.mistakes, ...settings.mistakes];
  if (mistakes.length > 0) return { ok: false, mistakes };
  const parameters = new Map(settings.entries.map(({ key, value }) => [key, value]));
  const of = (list: string) => read.entries.filter((entry) => entry.list === list);
  const authz = authzClass(auth, parameters, { paths: of('digilib-paths'), access: of('digilib-access') });
  if ('sentence' in authz) return { ok: false, mistakes: [authz] };
  const making: Making = { file: auth.name, wishes, remarks: [], roles: createRoleNames() };
  if (parameters.get('use-authorization') === 'false') {
    making.remarks.push({
      file: config?.name ?? '',
      line: 1,
      sentence: 'use-authorization is false: in digilib everything was open, and these rules did not count.',
    });
  }
  const authn = parameters.get('authnops-class') ?? '';
  const addresses = counts(authn, /Ip/) ? of('digilib-addresses') : unused(making, of('digilib-addresses'), authn);
  const openIds = counts(authn, /OpenId/) ? of('digilib-oauth') : unused(making, of('digilib-oauth'), authn);
  const people = makePeople(making, addresses, openIds, authn);
  if (authz.paths) return { ok: true, draft: draftOf(making, pathPolicies(making, of('digilib-paths'), people), people) };
  if (images === null) return { ok: true, draft: draftOf(making, accessPolicies(making, of('digilib-access')), people) };
  const tagged = taggedPolicies(making, of('digilib-access'), people, images);
  return tagged.mistakes.length > 0
    ? { ok: false, mistakes: tagged.mistakes }
    : { ok: true, draft: draftOf(making, tagged.policies, people) };
}

interface Entry {
  readonly list: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

interface EntryKind {
  readonly list: string;
  readonly element: string;
  readonly key: string;
  readonly value: string;
}

const AUTH_ENTRIES: readonly EntryKind[] = [
  { list: 'digilib-paths', element: 'path', key: 'name', value: 'role' },
  { list: 'digilib-access', element: 'access', key: 'type', value: 'role' },
  { list: 'digilib-addresses', element: 'address', key: 'ip', value: 'role' },
  { list: 'digilib-oauth', element: 'openid', key: 'issuer', value: 'roles' },
];
const CONFIG_ENTRIES: readonly EntryKind[] = [{ list: 'digilib-config', element: 'parameter', key: 'name', value: 'value' }];

/** What nobody writes by hand. */
const LONGEST_FILE = 5_000_000;

function readEntries({ name, text }: DigilibFile, kinds: readonly EntryKind[]): { entries: readonly Entry[]; mistakes: readonly Remark[] } {
  const entries = new Map<string, Entry>();
  const mistakes: Remark[] = [];
  const wrong = (line: number, sentence: string) => mistakes.push({ file: name, line, sentence });
  if (text.length > LONGEST_FILE)
    return { entries: [], mistakes: [{ file: name, line: 1, sentence: 'The file is too long to be one of these.' }] };
  const parser = new SaxesParser({ position: true });
  const open: string[] = [];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => wrong(parser.line, 'The file has a document type, which is not read. Take it out.'));
  parser.on('opentag', ({ name: element, attributes }) => {
    const kind = kinds.find((each) => each.element === element && open.includes(each.list));
    open.push(element);
    if (kind === undefined) return;
    const { [kind.key]: key, [kind.value]: value } = attributes as Readonly<Record<string, string>>;
    if (key === undefined || value === undefined) {
      wrong(parser.line, `<${element}> needs the attributes ${kind.key} and ${kind.value}; digilib does not start without them.`);
    } else {
      // Of two with the same key digilib takes the later one.
      entries.set(`${kind.list} ${key}`, { list: kind.list, key, value, line: parser.line });
    }
  });
  parser.on('closetag', () => {
    open.pop();
  });
  try {
    parser.write(text).close();
  } catch (error) {
    wrong(parser.line, `This is no XML: ${error instanceof Error ? error.message.replace(/^[^:]*:\d+:\d+: /, '') : 'it cannot be read'}.`);
  }
  return { entries: [...entries.values()], mistakes };
}

/** Which of two kinds of rules counts is written in another file; to guess could open what was closed. */
function authzClass(
  { name }: DigilibFile,
  parameters: ReadonlyMap<string, string>,
  { paths, access }: { readonly paths: readonly Entry[]; readonly access: readonly Entry[] },
): { readonly paths: boolean } | Remark {
  const named = parameters.get('authzops-class');
  if (named?.endsWith('PathAuthzOps') === true) return { paths: true };
  if (named?.endsWith('MetaAccessAuthzOps') === true) return { paths: false };
  if (named !== undefined)
    return { file: name, line: 1, sentence: `digilib-config.xml names the class ${named}, whose rules are not in this file.` };
  const [first] = access;
  if (paths.length > 0 && first !== undefined) {
    return {
      file: name,
      line: first.line,
      sentence:
        'The file has digilib-paths and digilib-access, of which one counts: name digilib-config.xml with --digilib-config, which says which.',
    };
  }
  if (paths.length === 0 && access.length === 0)
    return { file: name, line: 1, sentence: 'The file has neither digilib-paths nor digilib-access: there is nothing to import.' };
  return { paths: paths.length > 0 };
}

/** Without the other file, whatever is in this one counts. */
function counts(authn: string, kind: RegExp): boolean {
  return authn === '' || kind.test(authn);
}

interface Making {
  readonly file: string;
  readonly wishes: ImportWishes;
  readonly remarks: Remark[];
  readonly roles: ReturnType<typeof createRoleNames>;
}

function unused({ file, remarks }: Making, entries: readonly Entry[], authn: string): readonly Entry[] {
  for (const { line, key } of entries)
    remarks.push({ file, line, sentence: `${key} did not count in digilib, whose authnops-class is ${authn}; left out.` });
  return [];
}

/** Who can have which role. */
interface People {
  readonly services: readonly DraftService[];
  rulesFor(roles: readonly string[]): readonly DraftRule[];
}

const MEMBERS = 'members';

function makePeople(making: Making, addresses: readonly Entry[], openIds: readonly Entry[], authn: string): People {
  for (const { line, key, value } of openIds) {
    making.remarks.push({
      file: making.file,
      line,
      sentence: `The provider ${key} belongs in an identity file (type oidc, with the roles ${rolesIn(value).join(', ') || 'of your choice'} for everyone), and its name in "identity" of the service ${MEMBERS}: docs/guides/sign-on.md. Until then nobody has these roles by it.`,
    });
  }
  const networks = networksByRole(making, addresses);
  const taken = new Set([MEMBERS]);
  const services = new Map<string, DraftService>();
  for (const [role, list] of networks) {
    const key = list.toSorted().join(' ');
    if (services.has(key)) continue;
    const name = serviceName(`${role}-addresses`, taken);
    taken.add(name);
    services.set(key, {
      name,
      pattern: 'external',
      texts: { label: `Network of ${making.wishes.institution}` },
      networks: list,
      comment: `addresses that had the role ${role} in digilib`,
    });
  }
  const members: DraftService = {
    name: MEMBERS,
    pattern: 'login',
    texts: { label: signInLabel(making.wishes) },
    comment: 'people and their roles: "vitrine user add NAME --role ROLE", or an identity file',
  };
  // Where addresses alone gave roles, a sign-in would be an offer that helps nobody.
  const signsIn = !/\bIpAuthnOps$/.test(authn);
  return {
    services: [...(signsIn ? [members] : []), ...services.values()],
    rulesFor: (roles) => {
      const places = new Set(roles.flatMap((role) => services.get((networks.get(role) ?? []).toSorted().join(' '))?.name ?? []));
      const byPerson: readonly DraftRule[] = signsIn ? [{ service: MEMBERS, roles: roles.map((role) => making.roles.nameOf(role)) }] : [];
      return [...byPerson, ...[...places].map((service) => ({ service }))];
    },
  };
}

function networksByRole({ file, remarks }: Making, addresses: readonly Entry[]): ReadonlyMap<string, readonly string[]> {
  const networks = new Map<string, string[]>();
  for (const { key, value, line } of addresses) {
    const network = networkOf(key);
    if (network === null) {
      remarks.push({ file, line, sentence: `${JSON.stringify(key)} is no beginning of an address; left out, so that it opens nothing.` });
      continue;
    }
    for (const role of rolesIn(value)) networks.set(role, [...(networks.get(role) ?? []), network]);
  }
  return networks;
}

/** `130.92.68` is `130.92.68.0/24`: digilib compares whole parts from the left. */
function networkOf(beginning: string): string | null {
  const isV6 = beginning.includes(':');
  const parts = beginning.split(isV6 ? ':' : '.');
  const most = isV6 ? 8 : 4;
  if (beginning.includes('::')) return asNetwork(beginning);
  if (parts.length > most) return null;
  const full = [...parts, ...Array<string>(most - parts.length).fill('0')].join(isV6 ? ':' : '.');
  return asNetwork(`${full}/${parts.length * (isV6 ? 16 : 8)}`);
}

function asNetwork(text: string): string | null {
  return 'mistake' in parseNetwork(text) ? null : text;
}

/** digilib splits at commas, and takes spaces for parts of names. */
function rolesIn(value: string): readonly string[] {
  return [...new Set(value.split(',').map((role) => role.trim()))].filter((role) => role !== '');
}

function pathPolicies(making: Making, entries: readonly Entry[], people: People): readonly DraftPolicy[] {
  const paths = entries.flatMap((entry) => readPath(making, entry));
  const required = paths.map(({ path, line }) => {
    // A role of any folder above is enough in digilib.
    const roles = [
      ...new Set(paths.filter((other) => path === other.path || path.startsWith(`${other.path}/`)).flatMap((other) => other.roles)),
    ].toSorted();
    return { pattern: patternOf(`${making.wishes.below}${path}`), roles, line, sameAs: JSON.stringify(roles) };
  });
  const closed = together(required).map((group): DraftPolicy => {
    const roles = group[0]?.roles ?? [];
    const rules = people.rulesFor(roles);
    const lines = group.map(({ line }) => line).join(', ');
    return {
      items: [...new Set(group.map(({ pattern }) => pattern))],
      allow: roles.length === 0 || rules.length === 0 ? 'nobody' : rules,
      comment: `${making.file}, line ${lines}: ${roles.join(', ') || 'no role'}`,
    };
  });
  return [
    ...closed,
    { items: [`${making.wishes.below}${EVERYTHING}`], allow: 'everyone', comment: 'digilib asks for roles only in the paths above' },
  ];
}

interface ReadPath {
  readonly path: string;
  readonly roles: readonly string[];
  readonly line: number;
}

function readPath({ file, remarks, roles }: Making, { key, value, line }: Entry): readonly ReadPath[] {
  const say = (sentence: string) => remarks.push({ file, line, sentence });
  const path = plainPath(key);
  if (path === null) {
    say(`No item can be at ${JSON.stringify(key)}; left out.`);
    return [];
  }
  if (path !== key) say(`In digilib the path ${JSON.stringify(key)} matched nothing, by its slashes; here it closes ${path}.`);
  if (isWider(path)) say(`The name ${path} has a character with a meaning in patterns; a ? stands for it, and for any other one.`);
  const given = rolesIn(value);
  if (given.length === 0) say(`No role is named for ${path}: nobody gets in, as in digilib.`);
  if (value.split(',').some((role) => role !== role.trim()))
    say(`Spaces around the roles of ${path} are left out; digilib took them for a part of the name.`);
  for (const role of given.filter((each) => roles.isChanged(each)))
    say(`The role ${JSON.stringify(role)} is called ${roles.nameOf(role)} here: names of roles have no spaces and quotes.`);
  return [{ path, roles: given, line }];
}

/** What is tagged in metadata beside the images, and at the end what is not. */
function taggedPolicies(making: Making, entries: readonly Entry[], people: People, { metadata, names }: DigilibImages) {
  const { file, remarks, wishes } = making;
  const byTag = new Map(entries.filter(({ key }) => !isDefault(key)).map(({ key, value }) => [key, rolesIn(value)]));
  const untagged = entries.filter(({ key }) => isDefault(key)).flatMap(({ value }) => rolesIn(value));
  const allowRoles = (roles: readonly string[]): DraftAllow => {
    const rules = people.rulesFor(roles);
    return roles.length === 0 || rules.length === 0 ? 'nobody' : rules;
  };
  const byDefault = untagged.length === 0 ? 'everyone' : allowRoles(untagged);
  const unknown = new Set<string>();
  const rules: TagRules = {
    allowOf(tag) {
      if (tag === null) return byDefault;
      if (tag.toLowerCase() === 'free') return 'everyone';
      const roles = byTag.get(tag);
      if (roles !== undefined) return allowRoles(roles);
      unknown.add(tag);
      return byDefault;
    },
    say: (remark) => remarks.push(remark),
  };
  const { policies, mistakes } = metaPolicies(metadata, names, wishes.below, rules);
  for (const tag of unknown) {
    remarks.push({
      file,
      line: 1,
      sentence: `No roles are named for the access tag ${tag}: as in digilib, it is as open as what has no tag.`,
    });
  }
  const rest: DraftPolicy = { items: [`${wishes.below}${EVERYTHING}`], allow: byDefault, comment: 'what has no access tag' };
  return { policies: [...policies, rest], mistakes };
}

function isDefault(key: string): boolean {
  return key.toLowerCase() === 'default';
}

/** What an object needs is written in `index.meta` files beside the images; here it is closed until somebody names it. */
function accessPolicies({ file, wishes, remarks }: Making, entries: readonly Entry[]): readonly DraftPolicy[] {
  for (const { key, value, line } of entries) {
    const roles = rolesIn(value);
    const nobody = isDefault(key) ? 'everyone' : 'nobody';
    const who = roles.length === 0 ? nobody : `the roles ${roles.join(', ')}`;
    const what = isDefault(key) ? 'what has no access tag' : `what has the access tag ${key}`;
    remarks.push({
      file,
      line,
      sentence: `Which items these are is in index.meta files beside the images: name their folder with --images, or write a policy for the folders of ${what}, for ${who}.`,
    });
  }
  return [{ items: [`${wishes.below}${EVERYTHING}`], allow: 'nobody', comment: 'closed until the folders are named, see above' }];
}

function draftOf({ remarks, wishes, file }: Making, policies: readonly DraftPolicy[], people: People): Draft {
  const used = new Set(policies.flatMap(({ allow }) => (typeof allow === 'string' ? [] : allow.map(({ service }) => service))));
  const services = people.services.filter(({ name }) => used.has(name));
  const named = services.some(({ name }) => name === MEMBERS)
    ? [{ file, line: 1, sentence: `The sign-in is called "${signInLabel(wishes)}": the label must name your institution.` }]
    : [];
  return { services, policies, remarks: [...remarks, ...named].toSorted((a, b) => a.line - b.line) };
}
