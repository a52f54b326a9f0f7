import { describe, expect, it } from 'vitest';
import type { AccessModel, AccessService, Policy } from '../domain/access.ts';
import type { FolderEntry, Item } from '../domain/item.ts';
import { nobody, type Visitor } from '../domain/visitor.ts';
import { Failure, refuse } from '../lib/problems.ts';
import type { HttpRequest } from './exchange.ts';
import { createFrontPage, ENTRIES_ON_A_PAGE } from './front-page.ts';
import { createViewerPage } from './viewer-page.ts';

const MODIFIED = new Date('2026-01-01T00:00:00Z');
const NAMES = ['broken.jpg', 'open.jpg', 'letter #1 & <b>.jpg', 'secret.jpg'];

const MEMBERS: AccessService = {
  name: 'members',
  pattern: 'login',
  label: { en: ['Sign in to Example Library'] },
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
  policies: [policy(1, ['letter*'], [{ service: 'members', roles: [] }]), policy(2, ['open.jpg', 'broken.jpg', 'many/**'], 'everyone')],
};

function entriesOf(folder: string): readonly FolderEntry[] {
  const image = (name: string): FolderEntry => ({
    kind: 'image',
    path: folder === '' ? name : `${folder}/${name}`,
    name,
    bytes: 1,
    modified: MODIFIED,
  });
  if (folder === 'many') return Array.from({ length: 100 }, (_, at) => image(`${at}.jpg`));
  return [{ kind: 'folder', path: 'old maps', name: 'old maps' }, ...NAMES.map(image)];
}

/** Ports of a small folder; `busiest` is the most files that were described at once. */
function startPages(visitor: Visitor = nobody('192.0.2.1')) {
  const seen = { running: 0, busiest: 0, described: [] as string[], failures: [] as unknown[] };
  const deps = {
    title: 'Example Library',
    slashSubstitute: null,
    lab: null,
    access: () => MODEL,
    recognise: () => Promise.resolve(visitor),
    now: () => MODIFIED,
    onFailure: (error: unknown) => void seen.failures.push(error),
    items: {
      find: (identifier: string): Promise<Item | null> =>
        Promise.resolve({
          identifier,
          path: identifier,
          page: 1,
          source: { file: '/private/x', bytes: 1, modified: MODIFIED, version: '1' },
        }),
      list: (folder: string, { offset, limit }: { offset: number; limit: number }) => {
        if (folder !== '' && folder !== 'many') return Promise.resolve(null);
        const entries = entriesOf(folder);
        return Promise.resolve({ entries: entries.slice(offset, offset + limit), total: entries.length });
      },
    },
    images: {
      async describe(item: Item) {
        seen.described.push(item.path);
        seen.running += 1;
        seen.busiest = Math.max(seen.busiest, seen.running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.running -= 1;
        if (item.path === 'broken.jpg') throw new Failure(refuse('source.broken', 'The file is broken.'), '/private/x is broken');
        return { width: 4000, height: 1000, pages: 1, tile: null, levels: [], alpha: false, gray: false, formatName: 'JPEG', rights: null };
      },
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
    signal: new AbortController().signal,
  };
}

const MEMBER: Visitor = {
  ...nobody('192.0.2.1'),
  by: 'session-cookie',
  sessionId: 'ses_1',
  user: { name: 'Ada', roles: [] },
  services: new Set(['members']),
};

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
    ['an identifier that leads out', 404, { viewer: 'mirador', identifier: '..%2Fopen.jpg' }],
    ['a picture that no policy opens', 403, { viewer: 'mirador', identifier: 'secret.jpg' }],
  ])('answers %s with %i and tells nothing', async (_name, status, params) => {
    const reply = await startPages().viewer(request('/view', params));
    expect(reply.status).toBe(status);
    expect(reply.body).not.toContain('secret');
  });

  it('leads back to itself after signing in', async () => {
    const { body } = await startPages().viewer(request(`/view/mirador/${identifier}`, { viewer: 'mirador', identifier }));
    expect(body).toContain(`href="/pictures/sign-in?return=${encodeURIComponent(`/view/mirador/${identifier}`)}"`);
  });
});
