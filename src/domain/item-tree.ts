/** Many items in few words: folders whose items are all meant stand for them. */

/** An item, and the group that it belongs to. */
export interface GroupedItem {
  readonly path: string;
  readonly group: number;
}

/** A folder with the items below it, counted by group. */
export interface ItemTree {
  /** `''` is the root. */
  readonly folder: string;
  readonly folders: ReadonlyMap<string, ItemTree>;
  readonly items: readonly GroupedItem[];
  /** Of the items in the folder and below it. */
  readonly groups: ReadonlyMap<number, number>;
  readonly total: number;
}

/** Items of some groups: all of a folder, some of those right in it, or one. */
export interface ItemPlace {
  readonly kind: 'folder' | 'some' | 'item';
  /** Of the folder, or of the item. */
  readonly path: string;
  readonly count: number;
  /** How many there are right in the folder, where only some of them are meant. */
  readonly of: number;
}

/** More are told by their number. */
const NAMED_ITEMS = 3;

interface Growing extends ItemTree {
  readonly folders: Map<string, Growing>;
  readonly items: GroupedItem[];
  readonly groups: Map<number, number>;
  total: number;
}

export function buildItemTree(items: readonly GroupedItem[]): ItemTree {
  const root = emptyFolder('');
  for (const item of items) plant(root, item);
  return root;
}

function emptyFolder(folder: string): Growing {
  return { folder, folders: new Map(), items: [], groups: new Map(), total: 0 };
}

function plant(root: Growing, item: GroupedItem): void {
  let at = root;
  count(at, item.group);
  for (const name of item.path.split('/').slice(0, -1)) {
    const within = at.folders.get(name) ?? emptyFolder(at.folder === '' ? name : `${at.folder}/${name}`);
    at.folders.set(name, within);
    at = within;
    count(at, item.group);
  }
  at.items.push(item);
}

function count(folder: Growing, group: number): void {
  folder.total += 1;
  folder.groups.set(group, (folder.groups.get(group) ?? 0) + 1);
}

/** Where the items of these groups are, folders first. */
export function findPlaces(tree: ItemTree, groups: ReadonlySet<number>): readonly ItemPlace[] {
  const meant = sum([...groups].map((group) => tree.groups.get(group) ?? 0));
  if (meant === 0) return [];
  if (meant === tree.total) return [{ kind: 'folder', path: tree.folder, count: meant, of: meant }];
  return [...[...tree.folders.values()].flatMap((folder) => findPlaces(folder, groups)), ...placesRightIn(tree, groups)];
}

function placesRightIn({ folder, items }: ItemTree, groups: ReadonlySet<number>): readonly ItemPlace[] {
  const meant = items.filter(({ group }) => groups.has(group));
  if (meant.length > NAMED_ITEMS) return [{ kind: 'some', path: folder, count: meant.length, of: items.length }];
  return meant.map(({ path }) => ({ kind: 'item', path, count: 1, of: 1 }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}

/** `letters/** (120 items)`, `60 of the 120 items in letters`, `letters/anna.jpg`. */
export function writePlace({ kind, path, count: number, of }: ItemPlace): string {
  if (kind === 'item') return path;
  if (kind === 'folder') return `${path === '' ? '**' : `${path}/**`} (${number === 1 ? '1 item' : `${number} items`})`;
  const where = path === '' ? 'at the top' : `right in ${path}`;
  return number === of ? `all ${of} items ${where}` : `${number} of the ${of} items ${where}`;
}
