import { Document, isMap, isNode, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { Draft, DraftAllow, DraftPolicy, DraftRule, DraftService, DraftTexts, DraftTier, Remark } from './draft.ts';

const TEXT_KEYS = ['label', 'heading', 'note', 'confirmLabel', 'errorHeading', 'errorNote'] as const;
/** More of them are easier to read one a line. */
const MOST_IN_A_LINE = 3;

/** The text of an access file. `from`: what it was made from, for its first line. */
export function writeDraft({ services, policies, remarks }: Draft, from: string): string {
  const document = new Document({
    ...(services.length === 0
      ? {}
      : { accessServices: Object.fromEntries(services.map((service) => [service.name, plainService(service)])) }),
    policies: policies.map(plainPolicy),
  });
  document.commentBefore = comment([...HEADING(from), ...remarksInWords(remarks)]);
  commentServices(document, services);
  commentPolicies(document, policies);
  return document.toString({ lineWidth: 0 });
}

/** `digilib-auth.xml:12: sentence` */
export function formatRemark({ file, line, sentence }: Remark): string {
  return `${file}:${line}: ${sentence}`;
}

const HEADING = (from: string): readonly string[] => [
  `Made by "vitrine import" from ${from}. Read it before it is used:`,
  'docs/reference/access-file.md has every key, and "vitrine access explain" says what it means for one item.',
];

function remarksInWords(remarks: readonly Remark[]): readonly string[] {
  return remarks.length === 0
    ? []
    : ['', 'What has no counterpart here, or had to be taken to mean something:', ...remarks.map((remark) => `- ${formatRemark(remark)}`)];
}

function plainService({ pattern, texts, networks, perItem }: DraftService): object {
  return { pattern, ...plainTexts(texts), ...(networks === undefined ? {} : { networks }), ...(perItem === true ? { perItem } : {}) };
}

/** In the order in which people read them. */
function plainTexts(texts: DraftTexts): object {
  return Object.fromEntries(TEXT_KEYS.flatMap((key) => (texts[key] === undefined ? [] : [[key, oneLine(texts[key])]])));
}

function plainPolicy({ items, allow, embargoUntil, otherwise }: DraftPolicy): object {
  return {
    items: items.length === 1 ? items[0] : items,
    ...(embargoUntil === undefined ? {} : { embargoUntil }),
    allow: plainAllow(allow),
    ...(otherwise === undefined || otherwise.length === 0 ? {} : { otherwise: otherwise.map(plainTier) }),
  };
}

function plainAllow(allow: DraftAllow): unknown {
  return typeof allow === 'string' ? allow : allow.map(plainRule);
}

function plainRule({ service, roles, from, texts }: DraftRule): object {
  return {
    ...(service === null ? { everyone: true } : { service }),
    ...(roles === undefined || roles.length === 0 ? {} : { roles }),
    ...(from === undefined ? {} : { from }),
    ...plainTexts(texts ?? {}),
  };
}

function plainTier(tier: DraftTier): object {
  const { for: audience, ...less } = tier;
  return { ...less, ...(audience === 'everyone' ? {} : { for: audience.map(plainRule) }) };
}

function commentServices(document: Document, services: readonly DraftService[]): void {
  const map = document.get('accessServices');
  if (!isMap(map)) return;
  for (const [index, { comment: said }] of services.entries()) {
    const pair = map.items[index] as Pair | undefined;
    if (pair === undefined) continue;
    if (said !== undefined && isNode(pair.key)) pair.key.commentBefore = comment([said]);
    if (isMap(pair.value)) inOneLine(pair.value, ['networks']);
  }
}

function commentPolicies(document: Document, policies: readonly DraftPolicy[]): void {
  const list = document.get('policies');
  if (!isSeq(list)) return;
  for (const [index, { comment: said }] of policies.entries()) {
    const policy = list.items[index];
    if (!isMap(policy)) continue;
    policy.spaceBefore = index > 0;
    if (said !== undefined) policy.commentBefore = comment([said]);
    inOneLine(policy, ['items']);
    for (const key of ['allow', 'otherwise']) rulesInLines(policy, key);
  }
}

function inOneLine(map: YAMLMap, keys: readonly string[]): void {
  for (const key of keys) {
    const list = map.get(key);
    if (isSeq(list)) list.flow = list.items.length <= MOST_IN_A_LINE;
  }
}

/** A rule is a line, as people write it, unless it has texts of its own. */
function rulesInLines(policy: YAMLMap, key: string): void {
  const list = policy.get(key);
  if (!isSeq(list)) return;
  for (const rule of list.items) {
    if (isMap(rule)) rule.flow = !TEXT_KEYS.some((text) => rule.has(text));
  }
}

/** Whatever stood in the file that was read stays within the comment. */
function comment(lines: readonly string[]): string {
  return lines.map((line) => ` ${oneLine(line)}`).join('\n');
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
