import { findMediaType } from '../../domain/media-types.ts';
import { findStandInMistake } from '../../domain/stand-in.ts';
import { TIER_OUTPUTS } from '../access-tiers.ts';
import { createServiceBook, readAuth1Service, type ServiceBook } from './auth1-services.ts';
import {
  type DraftPolicy,
  type DraftRule,
  type DraftTier,
  type Imported,
  type ImportWishes,
  isWider,
  literalPattern,
  plainPath,
  type Remark,
  together,
} from './draft.ts';
import { isObject, type JsonWithLines, readJsonObject } from './json-with-lines.ts';

/** The `policy.json` of digirati-co-uk/iiif-auth-server: an entry for each file, by its name. What has no entry is closed. */
export function importSeed(file: string, text: string, wishes: ImportWishes): Imported {
  const read = readJsonObject(text);
  if (!read.ok) return { ok: false, mistakes: [{ file, line: read.line, sentence: read.sentence }] };
  const making: Making = { file, json: read.json, wishes, remarks: [], services: createServiceBook(wishes) };
  const entries = [...read.json.entries].flatMap(([key, entry]) => readEntry(making, key, entry));
  if (entries.length === 0)
    return { ok: false, mistakes: [{ file, line: 1, sentence: 'The file has no entry for an item, so there is nothing to import.' }] };
  const policies = together(entries).map((group): DraftPolicy => {
    return { items: [...new Set(group.map(({ pattern }) => pattern))], ...(group[0]?.rule ?? { allow: 'nobody' }) };
  });
  making.remarks.push({
    file,
    line: 1,
    sentence: 'What has no entry here is closed, as it was; for the rest, add a policy with items "**" at the end.',
  });
  return { ok: true, draft: { services: making.services.all(), policies, remarks: making.remarks } };
}

interface Making {
  readonly file: string;
  readonly json: JsonWithLines;
  readonly wishes: ImportWishes;
  readonly remarks: Remark[];
  readonly services: ServiceBook;
}

interface Entry {
  readonly pattern: string;
  readonly sameAs: string;
  readonly rule: Pick<DraftPolicy, 'allow' | 'otherwise'>;
}

/** Read from the files, or there for every item: nothing of them is lost. */
const NOT_NEEDED = ['type', 'format', 'width', 'height', 'explicit_probe', 'degraded_for', 'shared', 'description'];
const READ = ['label', 'open', 'auth_services', 'degraded', 'maxWidth'];

function readEntry(making: Making, key: string, entry: unknown): readonly Entry[] {
  const { json, wishes } = making;
  const say = (sentence: string) => void making.remarks.push({ file: making.file, line: json.lineOf(key), sentence });
  // A comment, and the example of a shared sign-in.
  if (!isObject(entry) || (findMediaType(key) === null && key === 'shared')) return [];
  const path = plainPath(key);
  if (path === null || findMediaType(path) === null) {
    say(`No item can have the name ${JSON.stringify(key)}; left out.`);
    return [];
  }
  for (const each of Object.keys(entry))
    if (!NOT_NEEDED.includes(each) && !READ.includes(each)) say(`"${each}" of ${path} has no counterpart here; left out.`);
  if (typeof entry['label'] === 'string')
    say(`The label of ${path} belongs in a file beside it: ${path}.meta.yaml with label: ${JSON.stringify(entry['label'])}.`);
  if (isWider(path)) say(`The name ${path} has a character with a meaning in patterns; a ? stands for it, and for any other one.`);
  const rule = ruleOf(making, path, entry, say);
  return [{ pattern: literalPattern(`${wishes.below}${path}`), rule, sameAs: JSON.stringify(rule) }];
}

type Say = (sentence: string) => void;

function ruleOf(making: Making, path: string, entry: Readonly<Record<string, unknown>>, say: Say): Entry['rule'] {
  // Python takes more for true than JSON has; so does this.
  const isOpen = Boolean(entry['open']);
  const allow = isOpen ? 'everyone' : rulesOf(making, path, entry, say);
  const limit = readLimit(path, entry['maxWidth'], say);
  const degraded = isOpen ? null : degradedOf(making, path, entry['degraded'], say);
  const lesser = degraded === null ? [] : [degraded];
  if (limit === null) return { allow, otherwise: lesser };
  if (allow === 'nobody') return { allow, otherwise: lesser };
  // It holds for everybody, so what those get who may see it is a lesser version too.
  return { allow: 'nobody', otherwise: [{ ...limit, for: allow }, ...lesser] };
}

function rulesOf(making: Making, path: string, entry: Readonly<Record<string, unknown>>, say: Say): 'nobody' | readonly DraftRule[] {
  const given = Array.isArray(entry['auth_services']) ? entry['auth_services'] : [];
  const isShared = Boolean(entry['shared']);
  const rules = given.flatMap((each: unknown): readonly DraftRule[] => {
    const service = readAuth1Service(each);
    if (service === null) {
      say(`A service of ${path} has no pattern of Authentication 1.0 in "profile"; left out.`);
      return [];
    }
    if (service.pattern === 'kiosk')
      say(`The kiosk of ${path} let in whoever opened it; here addresses do: write its networks, which stand as an example now.`);
    return [making.services.ruleFor(`${service.pattern}${isShared ? ' shared' : ''}`, service, { perItem: !isShared })];
  });
  if (rules.length > 0) return rules;
  say(`Nothing opens ${path}: it is neither open nor has it a service.`);
  return 'nobody';
}

/** The limit was one of each answer. */
function readLimit(path: string, given: unknown, say: Say): Pick<DraftTier, 'maxOutput' | 'maxSize'> | null {
  if (given === undefined || given === null) return null;
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1) {
    say(`"maxWidth" of ${path} is no number of pixels: nobody gets more than the smallest limit.`);
    return { maxSize: TIER_OUTPUTS.smallest };
  }
  if (limit < TIER_OUTPUTS.smallest) {
    say(`"maxWidth" of ${path} is less than a tile can be: it limits the whole image here.`);
    return { maxSize: limit };
  }
  if (limit > TIER_OUTPUTS.largest) say(`"maxWidth" of ${path} is ${TIER_OUTPUTS.largest} here, the most that can be written.`);
  return { maxOutput: Math.min(limit, TIER_OUTPUTS.largest) };
}

/** Another file of the folder, which has an entry of its own. */
function degradedOf({ json, wishes }: Making, path: string, given: unknown, say: Say): DraftTier | null {
  if (given === undefined || given === null) return null;
  const other = typeof given === 'string' ? json.entries.get(given) : undefined;
  const item = typeof given === 'string' ? plainPath(given) : null;
  const canStandIn = item !== null && findMediaType(item) !== null && !/[{}]/.test(item) && findStandInMistake(item) === null;
  if (!canStandIn || !isObject(other) || !other['open']) {
    say(`${JSON.stringify(given)}, the lesser version of ${path}, is no open item of this file; left out.`);
    return null;
  }
  return { item: `${wishes.below}${item}`, ...readLimit(item, other['maxWidth'], () => {}), for: 'everyone' };
}
