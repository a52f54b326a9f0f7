import { findMediaType } from '../../domain/media-types.ts';
import { findStandInMistake } from '../../domain/stand-in.ts';
import { type Auth1Service, createServiceBook, readAuth1Service, type ServiceBook } from './auth1-services.ts';
import {
  createRoleNames,
  type DraftPolicy,
  type DraftRule,
  type DraftTier,
  EVERYTHING,
  type Imported,
  type ImportWishes,
  isWider,
  literalPattern,
  type Remark,
  together,
} from './draft.ts';
import { isObject, isTexts, readJsonObject } from './json-with-lines.ts';

/** Loris's rules authorizer: a `.rules.json` beside an image has its name, and says who may see it. */
export interface RulesFile {
  /** Path below the folder of images: `maps/harz.rules.json`. */
  readonly path: string;
  readonly text: string;
}

export const RULES_ENDING = '.rules.json';

/** `names`: paths of files in the folder, among which are the images that the rules are about; empty where nobody knows them. */
export function importLoris(files: readonly RulesFile[], names: ReadonlySet<string>, wishes: ImportWishes): Imported {
  const making: Making = {
    wishes,
    images: imagesByBase(names),
    remarks: [],
    mistakes: [],
    services: createServiceBook(wishes),
    roles: createRoleNames(),
  };
  const rules = files.flatMap((file) => readRules(making, file));
  if (making.mistakes.length > 0) return { ok: false, mistakes: making.mistakes };
  const policies = together(rules).map((group): DraftPolicy => {
    const { allow, otherwise } = group[0]?.rule ?? { allow: 'nobody', otherwise: [] };
    return { items: [...new Set(group.map(({ pattern }) => pattern))], allow, otherwise };
  });
  const open: DraftPolicy = {
    items: [`${wishes.below}${EVERYTHING}`],
    allow: 'everyone',
    comment: 'Loris asks for roles only where there are rules beside an image',
  };
  return { ok: true, draft: { services: making.services.all(), policies: [...policies, open], remarks: making.remarks } };
}

interface Making {
  readonly wishes: ImportWishes;
  /** Paths of images, by what they are without their ending. */
  readonly images: ReadonlyMap<string, readonly string[]>;
  readonly remarks: Remark[];
  readonly mistakes: Remark[];
  readonly services: ServiceBook;
  readonly roles: ReturnType<typeof createRoleNames>;
}

interface Rules {
  readonly pattern: string;
  readonly sameAs: string;
  readonly rule: { readonly allow: 'nobody' | readonly DraftRule[]; readonly otherwise: readonly DraftTier[] };
}

const KEYS = ['allowed', 'extraInfo', 'tiers'];

/** Loris's own where its configuration has the addresses of the services. */
const PLAIN_SIGN_IN: Auth1Service = { pattern: 'login', id: '', texts: {} };

function readRules(making: Making, { path, text }: RulesFile): readonly Rules[] {
  const read = readJsonObject(text);
  if (!read.ok) {
    making.mistakes.push({ file: path, line: read.line, sentence: read.sentence });
    return [];
  }
  const { entries, lineOf } = read.json;
  const say = (key: string, sentence: string) => void making.remarks.push({ file: path, line: lineOf(key), sentence });
  for (const key of entries.keys()) if (!KEYS.includes(key)) say(key, `"${key}" has no counterpart here; left out.`);
  const allowed = entries.get('allowed') ?? [];
  if (!allowed || (Array.isArray(allowed) && allowed.length === 0)) {
    if (entries.has('tiers')) say('tiers', 'The image is open, so nobody is sent to its tiers; left out.');
    return [];
  }
  const roles = isTexts(allowed) ? allowed.filter((role) => role !== '') : [];
  if (!isTexts(allowed)) say('allowed', '"allowed" is no list of roles: nobody gets in until you name some.');
  for (const role of roles.filter((each) => making.roles.isChanged(each))) {
    say(
      'allowed',
      `The role ${JSON.stringify(role)} is called ${making.roles.nameOf(role)} here: names of roles have no spaces and quotes.`,
    );
  }
  const services = readServices(entries.get('extraInfo'), (sentence) => say('extraInfo', sentence));
  const rulesOf = (given: readonly string[], quiet: boolean) =>
    services.map((service) => ruleOf(making, service, given, (sentence) => quiet || say('extraInfo', sentence)));
  const allow: Rules['rule']['allow'] = roles.length === 0 ? 'nobody' : rulesOf(roles, false);
  const otherwise = readTiers(
    making,
    entries.get('tiers'),
    (given) => rulesOf(given, true),
    (sentence) => say('tiers', sentence),
  );
  const rule = { allow, otherwise };
  return patternsOf(making, path, (sentence) => say('allowed', sentence)).map((pattern) => ({
    pattern,
    rule,
    sameAs: JSON.stringify(rule),
  }));
}

/** The images that have the name of the rules; `*` for their ending where there are none to be seen. */
function patternsOf({ images, wishes }: Making, path: string, say: (sentence: string) => void): readonly string[] {
  const base = path.slice(0, -RULES_ENDING.length);
  if (isWider(base)) say('The name has a character with a meaning in patterns; a ? stands for it, and for any other one.');
  const named = images.get(base) ?? [];
  if (named.length > 0) return named.map((name) => literalPattern(`${wishes.below}${name}`));
  say('There is no image of this name beside the rules; they are taken to be about every ending.');
  return [`${literalPattern(`${wishes.below}${base}`)}.*`];
}

function imagesByBase(names: ReadonlySet<string>): Making['images'] {
  const images = [...names].filter((name) => findMediaType(name)?.kind === 'image');
  return Map.groupBy(images, (name) => name.slice(0, name.lastIndexOf('.')));
}

function readServices(extraInfo: unknown, say: (sentence: string) => void): readonly Auth1Service[] {
  const given = isObject(extraInfo) ? extraInfo['service'] : undefined;
  const list: readonly unknown[] = given === undefined ? [] : Array.isArray(given) ? given : [given];
  const services = list.flatMap((each) => readAuth1Service(each) ?? []);
  if (services.length < list.length)
    say('A service without a pattern of Authentication 1.0 in "profile" has no counterpart here; left out.');
  return services.length === 0 ? [PLAIN_SIGN_IN] : services;
}

function ruleOf({ services, roles }: Making, service: Auth1Service, given: readonly string[], say: (sentence: string) => void): DraftRule {
  if (service.pattern === 'kiosk')
    say(`The page ${service.id} gave roles in a reading room; here addresses do: write its networks, which stand as an example now.`);
  if (service.pattern === 'clickthrough')
    say(`The page ${service.id} gave the roles ${given.join(', ')} to whoever agreed; here whoever agrees gets in, without a role.`);
  return services.ruleFor(`${service.pattern} ${service.id}`, service, { roles: given.map((role) => roles.nameOf(role)) });
}

function readTiers(
  making: Making,
  tiers: unknown,
  rulesOf: (roles: readonly string[]) => readonly DraftRule[],
  say: (sentence: string) => void,
): readonly DraftTier[] {
  if (tiers === undefined) return [];
  if (!Array.isArray(tiers)) {
    say('"tiers" is no list; left out.');
    return [];
  }
  return tiers.flatMap((tier: unknown): readonly DraftTier[] => {
    const identifier = isObject(tier) && typeof tier['identifier'] === 'string' ? tier['identifier'] : null;
    const item = identifier === null ? null : itemOf(identifier);
    if (item === null) {
      say(`The tier ${JSON.stringify(identifier)} names no file that could be an item; left out.`);
      return [];
    }
    if (identifier !== item) say(`The tier ${identifier} is taken to be the file ${item} of the same folder of images.`);
    const allowed = isObject(tier) ? (tier['allowed'] ?? []) : [];
    const path = `${making.wishes.below}${item}`;
    if (Array.isArray(allowed) && allowed.length === 0) return [{ item: path, for: 'everyone' }];
    if (isTexts(allowed)) return [{ item: path, for: rulesOf(allowed) }];
    say(`Who may have the tier ${item} is no list of roles; left out.`);
    return [];
  });
}

/** An identifier, or the base URI of one. */
function itemOf(identifier: string): string | null {
  const encoded = /^https?:\/\//.test(identifier)
    ? identifier.replace(/\/+$/, '').slice(identifier.replace(/\/+$/, '').lastIndexOf('/') + 1)
    : identifier;
  try {
    const path = decodeURIComponent(encoded);
    return findMediaType(path) === null || /[{}]/.test(path) || findStandInMistake(path) !== null ? null : path;
  } catch {
    return null;
  }
}
