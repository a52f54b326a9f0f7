import { SaxesParser } from 'saxes';
import { type DraftAllow, type DraftPolicy, isWider, literalPattern, plainPath, type Remark } from './draft.ts';

/** An `index.meta` of a folder of digilib's, or the `.meta` beside an image. https://robcast.github.io/digilib/auth.html */
export interface MetaFile {
  /** Path below the folder of images: `maps/index.meta`, `maps/harz.tif.meta`. */
  readonly path: string;
  readonly text: string;
}

export const META_ENDING = '.meta';
const FOLDER_FILE = 'index.meta';

/** An access tag such as `group:museum` or `free`; null where metadata names none. */
type Tag = string | null;

interface Metadata {
  /** Undefined where it has nothing about the folder, or the image, itself. */
  readonly own: Tag | undefined;
  /** By path below the folder. */
  readonly files: ReadonlyMap<string, Tag>;
}

/** Who may see what has a tag; what has none; `say`: a line about a file that was read. */
export interface TagRules {
  allowOf(tag: Tag): DraftAllow;
  say(remark: Remark): void;
}

interface Named {
  readonly path: string;
  readonly tag: Tag;
  readonly from: string;
}

/**
 * Policies for all that metadata files are about, the most exact first. `names`: paths of files in the folder of images.
 * digilib finds `1.tif` by `1` and by `1.jpg` too, and the first image of a folder by the name of the folder: all of these
 * names are closed where it cannot be told which image they would show.
 */
export function metaPolicies(
  files: readonly MetaFile[],
  names: ReadonlySet<string>,
  below: string,
  rules: TagRules,
): { readonly policies: readonly DraftPolicy[]; readonly mistakes: readonly Remark[] } {
  const mistakes: Remark[] = [];
  const folders: Named[] = [];
  const images: Named[] = [];
  for (const { path, text } of files) {
    const read = readMetadata(text);
    if (typeof read === 'string') {
      mistakes.push({ file: path, line: 1, sentence: read });
      continue;
    }
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const isFolders = path === folder + FOLDER_FILE;
    const own = isFolders ? folder.slice(0, -1) : path.slice(0, -META_ENDING.length);
    const ownTag = isFolders ? read.own : (read.own ?? read.files.get(own.slice(folder.length)));
    if (ownTag !== undefined) (isFolders ? folders : images).push({ path: own, tag: ownTag, from: path });
    if (isFolders) for (const [name, tag] of read.files) images.push({ path: folder + name, tag, from: path });
  }
  const make = (items: readonly string[], allow: DraftAllow, comment: string): DraftPolicy => ({
    items: items.map((item) => `${below}${item}`),
    allow,
    comment,
  });
  for (const { path, from } of [...folders, ...images])
    if (isWider(path))
      rules.say({
        file: from,
        line: 1,
        sentence: `The name ${path} has a character with a meaning in patterns; a ? stands for it, and for any other one.`,
      });
  return { mistakes, policies: [...imagePolicies(images, names, rules, make), ...folderPolicies(folders, rules, make)] };
}

type Make = (items: readonly string[], allow: DraftAllow, comment: string) => DraftPolicy;

function imagePolicies(images: readonly Named[], names: ReadonlySet<string>, rules: TagRules, make: Make): readonly DraftPolicy[] {
  const known = Map.groupBy(
    images.filter(({ path }) => plainPath(path) === path),
    ({ path }) => path,
  );
  const alike = Map.groupBy(
    [...names].filter((name) => !name.endsWith(META_ENDING)),
    withoutEnding,
  );
  const exact: DraftPolicy[] = [];
  const loose: DraftPolicy[] = [];
  const holders = new Set<string>();
  for (const [path, said] of known) {
    const [{ tag, from } = { tag: null, from: path }] = said;
    const isSure = said.every((each) => each.tag === tag);
    if (!isSure)
      rules.say({
        file: from,
        line: 1,
        sentence: `Several files say different things of ${path}, and in digilib it depended on which one was read first; closed.`,
      });
    const allow = isSure ? rules.allowOf(tag) : 'nobody';
    const comment = `${from}: ${tag ?? 'no access tag'}`;
    const base = literalPattern(withoutEnding(path));
    const others = (alike.get(withoutEnding(path)) ?? []).filter((name) => name !== path);
    exact.push(make([literalPattern(path)], allow, comment));
    loose.push(make(eitherOf(base, '.*'), others.length === 0 ? allow : 'nobody', comment));
    if (path.includes('/')) holders.add(path.slice(0, path.lastIndexOf('/')));
  }
  const closed = [...holders].toSorted().flatMap((path) => eitherOf(literalPattern(path), ''));
  const byFolder = closed.length === 0 ? [] : [make(closed, 'nobody', 'digilib shows the first image of a folder by its name')];
  return [...exact, ...loose, ...byFolder];
}

/** What a folder's metadata says counts for the images in it, and for those of folders in it that say nothing themselves. */
function folderPolicies(folders: readonly Named[], rules: TagRules, make: Make): readonly DraftPolicy[] {
  const depth = (path: string) => (path === '' ? 0 : path.split('/').length);
  return folders
    .filter(({ path }) => path === '' || plainPath(path) === path)
    .toSorted((a, b) => depth(b.path) - depth(a.path) || (a.path < b.path ? -1 : 1))
    .map(({ path, tag, from }) => {
      const literal = literalPattern(path);
      const items = path === '' ? ['*', '*/*'] : [...eitherOf(literal, ''), `${literal}/*`, `${literal}/*/*`];
      return make(items, rules.allowOf(tag), `${from}: ${tag ?? 'no access tag'}`);
    });
}

/** The name, and the name with an ending; as alternatives, since a pattern that looks like a folder is taken for a slip of the pen. */
function eitherOf(pattern: string, ending: '.*' | ''): readonly string[] {
  const start = pattern.lastIndexOf('/') + 1;
  const name = pattern.slice(start);
  if (name.includes(',') || name.includes('..')) return [pattern, `${pattern}${ending}`];
  return [`${pattern.slice(0, start)}{${name},${name}${ending}}`];
}

function withoutEnding(path: string): string {
  return path.replace(/\.[^./]*$/, '');
}

interface Open {
  readonly isFiles: boolean;
  tag: Tag;
  /** Whether it says anything; else it is as if it were not there. */
  says: boolean;
}

/** As digilib reads them; a sentence where it cannot be read. */
function readMetadata(text: string): Metadata | string {
  const parser = new SaxesParser({ position: true });
  const files = new Map<string, Tag>();
  const open: string[] = [];
  let words = '';
  let [meta, own, ofFile]: [Open | null, Open | null, Open | null] = [null, null, null];
  let [name, folder, kind, group]: [string | null, string | null, string | null, string | null] = [null, null, null, null];
  let mistake: string | null = null;
  const isIn = (...path: readonly string[]) => path.every((each, at) => open[open.length - path.length + at] === each);

  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    mistake = 'The file has a document type, which is not read. Take it out.';
  });
  parser.on('text', (more) => {
    words += more;
  });
  parser.on('opentag', ({ name: given, attributes }) => {
    const element = localName(given);
    open.push(element);
    words = '';
    if (element === 'meta' && meta === null) meta = { isFiles: isIn('file', 'meta'), tag: null, says: false };
    else if (element === 'file' && meta === null) [name, folder] = [null, null];
    else if (isIn('access-conditions', 'access')) [kind, group] = [(attributes as Readonly<Record<string, string>>)['type'] ?? null, null];
  });
  parser.on('closetag', () => {
    if (meta === null) {
      if (isIn('file', 'name')) name = words;
      else if (isIn('file', 'path')) folder = words;
      // A file without metadata of its own has that of the one before it.
      else if (isIn('file') && ofFile?.says === true) files.set(folder === null ? (name ?? '') : `${folder}/${name ?? ''}`, ofFile.tag);
    } else if (isIn('access', 'name')) group = words;
    else if (isIn('access-conditions', 'access')) {
      const tag = kind === 'free' ? kind : kind === null || group === null ? null : `${kind}:${group}`;
      if (tag !== null) Object.assign(meta, { tag, says: true });
    } else if (open.includes('img') && !isIn('img')) meta.says = true;
    else if (isIn('meta')) {
      if (meta.isFiles) ofFile = meta;
      else own = meta;
      meta = null;
    }
    open.pop();
    words = '';
  });
  try {
    parser.write(text).close();
  } catch (error) {
    return `This is no XML: ${error instanceof Error ? error.message.replace(/^[^:]*:\d+:\d+: /, '') : 'it cannot be read'}.`;
  }
  if (mistake !== null) return mistake;
  const last = own as Open | null;
  return { own: last?.says === true ? last.tag : undefined, files };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
