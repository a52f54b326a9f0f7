import type { AccessModel } from '../../domain/access.ts';
import { decide, findPolicy } from '../../domain/decide.ts';
import { describePolicy } from '../../domain/describe-policy.ts';
import { explain } from '../../domain/explain.ts';
import type { FolderEntry, Item } from '../../domain/item.ts';
import { covers } from '../../domain/item-grant.ts';
import { imagineVisitor } from '../../flows/admin/imagine-visitor.ts';
import { listItems, searchItems } from '../../flows/admin/list-items.ts';
import { findTier } from '../../flows/find-item.ts';
import { type ItemPage, itemPage } from '../../ui/admin/pages/item.ts';
import { type EntryShown, itemsPage, noItemPage } from '../../ui/admin/pages/items.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminFrame, adminPage } from './guard.ts';
import type { ItemAnswer } from './item-answers.ts';
import { type Asked, readAsked } from './read-asked.ts';

/** `/admin/items`: a folder of the tree, or with `search` what is found in all of it. */
export function createItemsPage(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const frame = adminFrame(deps, request, admin);
    const folder = request.query.get('folder') ?? '';
    const search = (request.query.get('search') ?? '').trim();
    const number = parsePage(request.query.get('page'));
    const found = search === '' ? null : await searchItems(deps, search);
    const listed = found === null ? await listItems(deps, folder, number) : null;
    const entries = found?.entries ?? listed?.entries;
    if (entries === undefined) return page(404, noItemPage(frame, folder));
    const shown = {
      folder,
      search,
      page: listed === null ? 1 : number,
      pages: listed?.pages ?? 1,
      complete: found?.complete ?? true,
      entries: entries.map((entry) => entryOf(deps, entry, found !== null)),
    };
    return page(200, itemsPage(frame, shown));
  });
}

/** `/admin/items/at?path=`: who can see it, and why. */
export function createItemPage(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const frame = adminFrame(deps, request, admin);
    const path = request.query.get('path') ?? '';
    const item = await deps.items.find(path);
    if (item === null) return page(404, noItemPage(frame, path));
    const asked = await readAsked(deps, request.query);
    const access = deps.access();
    const policy = findPolicy(access, item.path);
    const now = deps.clock.now();
    const grants = await deps.itemGrants.list({ endsAfter: now });
    const shown: ItemPage = {
      path: item.identifier,
      kind: item.kind,
      isImage: item.kind === 'image',
      words: wordsOf(access, item.path, now),
      policy: policy === null ? null : { number: policy.number, line: policy.line },
      pages: deps.content.pages(request, item),
      granted: [...new Set(grants.filter((grant) => covers(grant, item.path)).map(({ userName }) => userName))],
      asked: asked.shown,
      answer: asked.imagined === null ? null : await answerOf(deps, request, item, asked),
    };
    return page(asked.imagined === null ? 400 : 200, itemPage(frame, shown));
  });
}

function parsePage(text: string | null): number {
  return text !== null && /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 1;
}

function entryOf(deps: AdminDeps, { kind, path, name }: FolderEntry, isFound: boolean): EntryShown {
  const isFolder = kind === 'folder';
  const policy = isFolder ? null : findPolicy(deps.access(), path);
  return {
    path,
    name: isFound ? path : name,
    kind,
    isFolder,
    hasThumbnail: kind === 'image',
    words: isFolder ? null : wordsOf(deps.access(), path, deps.clock.now()),
    policy: policy?.number ?? null,
  };
}

function wordsOf(access: AccessModel, path: string, now: Date): string {
  if (!access.enforced) return 'open to everyone: there is no access file';
  const policy = findPolicy(access, path);
  return policy === null ? 'nobody: no policy matches' : describePolicy(access, policy, now);
}

type Answer = NonNullable<ItemPage['answer']>;

async function answerOf(deps: AdminDeps, request: HttpRequest, item: Item, asked: Asked): Promise<Answer | null> {
  if (asked.imagined === null) return null;
  const access = deps.access();
  const { at: now } = asked;
  const visitor = imagineVisitor(asked.imagined, item.path);
  const fileName = deps.accessKeeper?.file.name ?? 'access.yaml';
  const partOf = async (heading: string, part: Item): Promise<Answer['parts'][number]> => {
    const decision = decide(access, part.path, visitor, now, part.tier);
    const answers = await deps.content.about(request, part, { visitor, now });
    return {
      heading,
      outcome: decision.outcome,
      sentences: explain(decision, { path: part.path, fileName, visitor, access, tier: part.tier, now }),
      answers: answers.map((each) => ({ ...each, what: NAMES[each.what], words: wordsOfStatus(each) })),
    };
  };
  const tiers = await Promise.all((findPolicy(access, item.path)?.otherwise ?? []).map((tier) => findTier(deps.items, item, tier)));
  const found = tiers.filter((tier) => tier !== null);
  const parts = [partOf('The item', item), ...found.map((tier) => partOf(`Its tier ${tier.tier?.name}`, tier))];
  return { who: asked.who, at: now, parts: await Promise.all(parts) };
}

const NAMES: Readonly<Record<ItemAnswer['what'], string>> = {
  information: 'Information document (Authentication 1.0)',
  pixels: 'Pictures and tiles',
  file: 'File',
  probe: 'Probe service (Authentication 2.0)',
  manifest: 'Manifest',
};

function wordsOfStatus({ status, what }: ItemAnswer): string {
  if (status === 200) return what === 'probe' ? 'it may be seen' : 'given';
  if (status === 302) return 'sent on to';
  if (status === 401) return 'locked, with the way to get access';
  if (status === 403) return 'refused: nothing that the visitor does can help';
  if (status === 404) return 'there is none for this visitor';
  return 'the file cannot be read';
}
