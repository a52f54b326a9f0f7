import { describe, expect, it } from 'vitest';
import type { AccessModel, AccessService, Policy } from '../../domain/access.ts';
import type { FolderEntry, Item } from '../../domain/item.ts';
import { nobody, type Visitor } from '../../domain/visitor.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import type { HttpRequest } from '../server/exchange.ts';
import { createFrontPage, ENTRIES_ON_A_PAGE, LISTINGS_A_PAGE, PICTURES_ON_A_PAGE } from './front-page.ts';
import { createViewerPage } from './viewer-page.ts';

const MODIFIED = new Date('2026-01-01T00:00:00Z');
const TITLES = new Map([['atlas.tif', 'An Atlas']]);
const NAMES = ['broken.jpg', 'open.jpg', 'letter #1 & <b>.jpg', 'secret.jpg'];

const MEMBERS: AccessService = {
  name: 'members',
  pattern: 'login',
  label: { en: ['Sign in to Example Library'] },
  networks: [],
  heading: null,
  note: null,
  confirmLabel: null,
  errorHeading: null,
  errorNote: null,
};

function policy(number: number, items: readonly string[], allow: Policy['allow']): Policy {
  return { number, line: number, items, allow };
}

const MODEL: AccessModel = {
  enforced: true,
  services: new Map([['members', MEMBERS]]),
  policies: [
    policy(3, ['curators/**'], [{ service: 'members', roles: ['curator'] }]),
    policy(1, ['letter*', 'letters/**'], [{ service: 'members', roles: [] }]),
    policy(2, ['open.jpg', 'broken.jpg', 'many/**', 'atlas.tif', 'shelves/**'], 'everyone'),
  ],
};

/** Names in a folder, folders first; those with a dot are pictures'. */
type Tree = (folder: string) => readonly string[] | null;

const SMALL: Tree = (folder) => {
  if (folder === 'many') return Array.from({ length: 100 }, (_, at) => `${at}.jpg`);
  return folder === '' ? ['old maps', ...NAMES] : null;
};

function entriesOf(folder: string, names: readonly string[]): readonly FolderEntry[] {
  return names.map((name) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    return name.includes('.') ? { kind: 'image', path, name, bytes: 1, modified: MODIFIED } : { kind: 'folder', path, name };
  });
}

/** Ports of a tree of folders; `busiest` is the most files that were described at once. */
function startPages(visitor: Visitor = nobody('192.0.2.1'), tree: Tree = SMALL) {
  const seen = { running: 0, busiest: 0, listed: [] as string[], described: [] as string[], failures: [] as unknown[] };
  const deps = {
    title: 'Example Library',
    slashSubstitute: null,
    lab: null,
    labFolder: null,
    catalogue: { find: async () => null },
    manifests: { find: async () => null },
    titleOf: (path: string) => TITLES.get(path) ?? null,
    access: () => MODEL,
    recognise: () => Promise.resolve(visitor),
    now: () => MODIFIED,
    onFailure: (error: unknown) => void seen.failures.push(error),
    items: {
      find: (identifier: string): Promise<Item | null> => {
        const page = /[.]tif\/([2-9])$/.exec(identifier)?.[1];
        return Promise.resolve({
          identifier,
          path: page === undefined ? identifier : identifier.slice(0, -2),
          page: Number(page ?? 1),
          kind: 'image',
          mediaType: 'image/jpeg',
          source: { file: '/private/x', bytes: 1, modified: MODIFIED, version: '1' },
        });
      },
      list: async (folder: string, { offset, limit }: { offset: number; limit: number }) => {
        seen.listed.push(folder);
        const names = tree(folder);
        return names === null
          ? null
          : {
              entries: entriesOf(folder, names.slice(offset, offset + limit)),
              total: names.length,
              folders: names.filter((name) => entriesOf(folder, [name])[0]?.kind === 'folder').length,
            };
      },
    },
    files: { describe: async () => ({ seconds: 62, size: null }) },
    seating: { seat: async (visitor: Visitor) => visitor },
    images: {
      async describe(item: Item) {
        seen.described.push(item.path);
        seen.running += 1;
        seen.busiest = Math.max(seen.busiest, seen.running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.running -= 1;
        if (item.path === 'broken.jpg') throw new Failure(refuse('source.broken', 'The file is broken.'), '/private/x is broken');
        const pages = item.path === 'atlas.tif' ? 4 : 1;
        return {
          width: 4000,
          height: 1000,
          pages,
          tile: null,
          levels: [],
          byRegion: false,
          pyramid: false,
          alpha: false,
          gray: false,
          formatName: 'JPEG',
          rights: null,
        };
      },
      copy: () => Promise.reject(new Error('a page renders nothing')),
      render: () => Promise.reject(new Error('a page renders nothing')),
    },
  };
  return { seen, front: createFrontPage(deps), viewer: createViewerPage(deps) };
}

function request(path: string, params: Record<string, string> = {}, query = ''): HttpRequest {
  return {
    method: 'GET',
    path,
    query: new URLSearchParams(query),
    params,
    header: () => null,
    cookies: new Map(),
    address: '192.0.2.1',
    origin: 'https://iiif.example.org',
    base: 'https://iiif.example.org/pictures',
    form: () => Promise.resolve(new URLSearchParams()),
    json: () => Promise.resolve(null),
    raw: { peer: '192.0.2.7', headers: [], query: '' },
    signal: new AbortController().signal,
  };
}

const MEMBER: Visitor = {
  ...nobody('192.0.2.1'),
  by: 'session-cookie',
  sessionId: 'ses_1',
  user: { name: 'Ada', roles: [], itemGrants: [] },
  services: new Set(['members']),
};

function headings(body: unknown): readonly string[] {
  return [...String(body).matchAll(/<h3><bdi>(.*?)<\/bdi><\/h3>/g)].map(([, text]) => text ?? '');
}

describe('the front page', () => {
  it('shows a broken file as one that cannot be read, everything else beside it, and leaves the reason to the log', async () => {
    const { front, seen } = startPages();
    const reply = await front(request('/'));
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('Cannot be read');
    expect(String(seen.failures[0])).toContain('/private/x is broken');
    expect(reply.body).toContain('4000 × 1000 pixels · JPEG');
    expect(reply.body).not.toContain('/private/');
  });

  it('shows the thumbnail of an open picture, in the size that it will have', async () => {
    const { body } = await startPages().front(request('/'));
    expect(body).toContain('src="/pictures/iiif/3/open.jpg/full/!400,300/0/default.jpg" width="400" height="100"');
  });

  it('shows a drawing for a locked picture, and the picture to whoever may see it', async () => {
    const thumbnail = '/pictures/iiif/3/letter%20%231%20%26%20%3Cb%3E.jpg/full/';
    const locked = await startPages().front(request('/'));
    expect(locked.body).not.toContain(thumbnail);
    expect(locked.body).toContain('Sign in to Example Library');
    const granted = await startPages(MEMBER).front(request('/'));
    expect(granted.body).toContain(thumbnail);
    expect(granted.body).toContain('Open to you');
    expect(granted.body).toContain('You are signed in as Ada.');
  });

  it('tells nothing of a picture that no policy opens, and does not read it', async () => {
    const { front, seen } = startPages(MEMBER);
    const { body } = await front(request('/'));
    expect(body).not.toContain('secret.jpg');
    expect(body).toContain('no policy opens them: 1');
    expect(seen.described).not.toContain('secret.jpg');
  });

  it('lists a long folder page by page, and describes several files at once but never all', async () => {
    const { front, seen } = startPages();
    const { body } = await front(request('/browse/many', { folder: 'many' }, 'page=2'));
    expect(String(body).match(/class="picture"/g)).toHaveLength(ENTRIES_ON_A_PAGE);
    expect(body).toContain('Page 2 of 3');
    expect(body).toContain('<a rel="prev" href="/pictures/browse/many">');
    expect(body).toContain('<a rel="next" href="/pictures/browse/many?page=3">');
    expect(seen.busiest).toBeGreaterThan(1);
    expect(seen.busiest).toBeLessThan(ENTRIES_ON_A_PAGE);
  });

  it.each([
    ['a folder that is not there', { folder: 'nothing' }, ''],
    ['what is not UTF-8', { folder: '%ff' }, ''],
    ['a page after the last', { folder: 'many' }, 'page=4'],
  ])('answers 404 with a page for %s', async (_name, params, query) => {
    const reply = await startPages().front(request('/browse/x', params, query));
    expect(reply.status).toBe(404);
    expect(reply.body).toContain('There is no such folder');
  });

  it('links to folders below the base path', async () => {
    expect((await startPages().front(request('/'))).body).toContain('<a href="/pictures/browse/old%20maps">');
  });

  it('shows the pictures of subfolders in a section for each, named from there on', async () => {
    const tree: Tree = (folder) =>
      ({ '': ['shelves', 'nothing', 'atlas.tif'], shelves: ['top', 'a.jpg'], 'shelves/top': ['b.jpg'], nothing: [] })[folder] ?? null;
    const { body } = await startPages(undefined, tree).front(request('/'));
    expect(body).toContain('<h2 id="folder-1"><a href="/pictures/browse/shelves"><bdi>shelves</bdi></a></h2>');
    expect(headings(body)).toEqual(['An Atlas', 'a.jpg', 'b.jpg']);
    expect(body).toContain('<p class="file"><bdi>atlas.tif</bdi></p>');
    expect(body).toContain('<p class="file"><bdi>top/b.jpg</bdi></p>');
    expect(body).toContain('/pictures/view/openseadragon/shelves%2Ftop%2Fb.jpg');
    expect(body).toContain('<li><a href="/pictures/browse/nothing"><bdi>nothing</bdi></a></li>');
    expect(body).toContain('3 pictures');
    expect(body).not.toContain('Show all');
  });

  it('begins with the folders that are open to the visitor', async () => {
    const tree: Tree = (folder) => ({ '': ['letters', 'shelves'], letters: ['1.jpg'], shelves: ['a.jpg'] })[folder] ?? null;
    const order = async (visitor?: Visitor) => headings((await startPages(visitor, tree).front(request('/'))).body);
    expect(await order()).toEqual(['a.jpg', '1.jpg']);
    expect(await order(MEMBER)).toEqual(['1.jpg', 'a.jpg']);
  });

  it('tells nothing of pictures below that no policy opens, but their number', async () => {
    const tree: Tree = (folder) => ({ '': ['attic'], attic: ['secret.jpg'] })[folder] ?? null;
    const { front, seen } = startPages(MEMBER, tree);
    const { body } = await front(request('/'));
    expect(body).not.toContain('secret');
    expect(body).toContain('no policy opens them: 1');
    expect(seen.described).toEqual([]);
  });

  it('asks for few listings and describes few files, however many there are below', async () => {
    const tree: Tree = (folder) => {
      const deep = folder.split('/').length > 2;
      return Array.from({ length: 10_000 }, (_, at) => (deep ? `${at}.jpg` : `${at}`));
    };
    const { front, seen } = startPages(undefined, tree);
    const { body } = await front(request('/browse/many', { folder: 'many' }));
    expect(seen.listed.length).toBeLessThanOrEqual(LISTINGS_A_PAGE);
    expect(seen.described.length).toBeLessThanOrEqual(PICTURES_ON_A_PAGE);
    expect(headings(body).length).toBe(seen.described.length);
    expect(headings(body).length).toBeGreaterThan(48);
    expect(body).toContain('Show all');
  });

  it('keeps to its number of pictures where the folder has many of its own', async () => {
    const own = Array.from({ length: 40 }, (_, at) => `own ${at}.jpg`);
    const tree: Tree = (folder) => (folder === 'many' ? ['a', 'b', ...own] : Array.from({ length: 100 }, (_, at) => `${at}.jpg`));
    const { body } = await startPages(undefined, tree).front(request('/browse/many', { folder: 'many' }));
    expect(headings(body)).toHaveLength(40 + 24 + 24);
    expect(String(body).match(/Show all/g)).toHaveLength(2);
  });
});

describe('the viewer page', () => {
  const identifier = 'letter%20%231%20%26%20%3Cb%3E.jpg';

  it('names the documents with their whole URIs, and the picture escaped', async () => {
    const reply = await startPages().viewer(request(`/view/openseadragon/${identifier}`, { viewer: 'openseadragon', identifier }));
    expect(reply.status).toBe(200);
    expect(reply.body).toContain(`data-info="https://iiif.example.org/pictures/iiif/3/${identifier}/info.json"`);
    expect(reply.body).toContain('letter #1 &#38; &#60;b&#62;.jpg');
  });

  it('lets no inline script run, and inline styles for Mirador only', async () => {
    const policyOf = async (viewer: string) => {
      const reply = await startPages().viewer(request('/view', { viewer, identifier }));
      return String(reply.headers['content-security-policy']);
    };
    expect(await policyOf('openseadragon')).not.toContain('unsafe');
    expect(await policyOf('mirador')).toContain("style-src 'self' 'unsafe-inline'");
    expect(await policyOf('mirador')).toContain("script-src 'self';");
  });

  it.each([
    ['an unknown viewer', 404, { viewer: 'other', identifier: 'open.jpg' }],
    ['a page after the last', 404, { viewer: 'openseadragon', identifier: 'atlas.tif%2F5' }],
    ['an identifier that leads out', 404, { viewer: 'mirador', identifier: '..%2Fopen.jpg' }],
    ['a picture that no policy opens', 403, { viewer: 'mirador', identifier: 'secret.jpg' }],
  ])('answers %s with %i and tells nothing', async (_name, status, params) => {
    const reply = await startPages().viewer(request('/view', params));
    expect(reply.status).toBe(status);
    expect(reply.body).not.toContain('secret');
  });

  it('turns the pages of a file by links, and names picture and page', async () => {
    const open = async (viewer: string, identifier: string) =>
      String((await startPages().viewer(request(`/view/${viewer}/${identifier}`, { viewer, identifier }))).body);
    const second = await open('openseadragon', 'atlas.tif%2F2');
    expect(second).toContain('<title>An Atlas, Page 2 of 4 – OpenSeadragon</title>');
    expect(second).toContain('<a rel="prev" href="/pictures/view/openseadragon/atlas.tif">');
    expect(second).toContain('<a rel="next" href="/pictures/view/openseadragon/atlas.tif%2F3">');
    expect(second).toContain('data-info="https://iiif.example.org/pictures/iiif/3/atlas.tif%2F2/info.json"');
    expect(await open('openseadragon', 'atlas.tif')).not.toContain('rel="prev"');
    expect(await open('openseadragon', 'atlas.tif%2F4')).not.toContain('rel="next"');
    expect(await open('openseadragon', 'open.jpg')).not.toMatch(/rel="(prev|next)"|Page 1/);
  });

  it('opens Mirador with the whole file, at the page that was asked for', async () => {
    const params = { viewer: 'mirador', identifier: 'atlas.tif%2F3' };
    const { body } = await startPages().viewer(request('/view', params));
    const presentation = 'https://iiif.example.org/pictures/presentation/3/atlas.tif';
    expect(body).toContain(`data-manifest="${presentation}/manifest" data-canvas="${presentation}/canvas/3"`);
  });

  it('opens for a file that cannot be read: the viewer says what is wrong', async () => {
    const reply = await startPages().viewer(request('/view', { viewer: 'openseadragon', identifier: 'broken.jpg' }));
    expect(reply.status).toBe(200);
  });

  it('tells the viewer that another account is needed, to whoever is signed in without the role', async () => {
    const { viewer } = startPages(MEMBER);
    const told = await viewer(request('/view', { viewer: 'openseadragon', identifier: 'curators%2Fproof.jpg' }));
    expect(told.body).toContain(' data-access="role-missing"');
    const stranger = await startPages().viewer(request('/view', { viewer: 'openseadragon', identifier: 'curators%2Fproof.jpg' }));
    expect(stranger.body).not.toContain('role-missing');
  });

  it('leads back to itself after signing in', async () => {
    const { body } = await startPages().viewer(request(`/view/mirador/${identifier}`, { viewer: 'mirador', identifier }));
    expect(body).toContain(`href="/pictures/sign-in?return=${encodeURIComponent(`/view/mirador/${identifier}`)}"`);
  });
});
