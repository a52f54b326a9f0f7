export interface StreamPlaylists {
  /** The playlist that stands for the stream. */
  readonly main: string;
  readonly others: readonly string[];
}

/**
 * The playlists of the stream that a file belongs to, as paths: those beside it, or else in the nearest folder above that
 * has any. Encoders of HLS put one list for all sizes, under a name of its own, above one for each: then that one stands
 * for the stream. What lies further up may still close it, so every playlist on the way to the root is named.
 *
 * The root is a stream for its own files only: a playlist left there must not stand for the whole collection.
 */
export async function findPlaylists(
  path: string,
  namesIn: (folder: string) => Promise<readonly string[]>,
): Promise<StreamPlaylists | null> {
  const folders = foldersAbove(path);
  const playlists = await Promise.all(folders.map(async (folder) => (await namesIn(folder)).map((name) => join(folder, name))));
  const nearest = playlists.findIndex((each) => each.length > 0);
  if (nearest < 0 || (folders[nearest] === '' && nearest > 0)) return null;
  const main = topmost(playlists.slice(nearest, -1)) ?? playlists[nearest]?.[0];
  return main === undefined ? null : { main, others: playlists.flat().filter((each) => each !== main) };
}

/** What encoders call the list of all sizes. */
const OVER_ALL = /(?:^|\/)(?:master|main|index)\.m3u8$/;

/** `playlists`: of a folder that has some, and of those above it up to the root, without it. */
function topmost(playlists: ReadonlyArray<readonly string[]>): string | undefined {
  const above = playlists.slice(1).findIndex(([first]) => first === undefined || !OVER_ALL.test(first));
  const chain = above < 0 ? playlists : playlists.slice(0, above + 1);
  const isDash = playlists[0]?.[0]?.endsWith('.mpd') === true;
  return isDash ? undefined : chain.at(-1)?.[0];
}

/** Nearest first, the root (`''`) last. */
function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return [...names.map((_, at) => names.slice(0, names.length - at).join('/')), ''];
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
