import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Options } from '../../src/config/options.ts';
import { freePort } from '../harness/process.ts';
import { type TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

/** `members` has one source outside, `both` accounts of ours as well, `elsewhere` another source, `guests` that and accounts of ours. */
export const CAMPUS_ACCESS = `accessServices:
  members:
    pattern: login
    label: { en: [Sign in to Example Library] }
    identity: [campus]
  both:
    pattern: login
    label: { en: [Readers of Example Library] }
    identity: [local, campus]
  elsewhere:
    pattern: login
    label: { en: [Guests of Example Library] }
    identity: [other]
  guests:
    pattern: login
    label: { en: [Guests and readers of Example Library] }
    identity: [local, other]
  terms:
    pattern: clickthrough
    label: { en: [Terms of use of Example Library] }
policies:
  - items: open/**
    allow: everyone
  - items: members/**
    allow: [{ service: members, roles: [reader] }]
  - items: curators/**
    allow: [{ service: both, roles: [reader] }]
  - items: terms/**
    allow: [{ service: terms }]
`;

export interface CampusVitrine extends TestVitrine {
  readonly identityFile: string;
  address(end: 'callback' | 'logout' | 'metadata', source?: string): string;
}

/** Roles for everybody whom a source knows. YAML reads JSON. */
export const READERS = [{ roles: 'reader' }];

/** A server with an identity file, at an address that is known before it starts: sources must be told of it. */
export async function planCampus(): Promise<{
  readonly base: string;
  start(sources: Readonly<Record<string, object>>, access?: string, options?: Partial<Options>): Promise<CampusVitrine>;
}> {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  return {
    base,
    async start(sources, access = CAMPUS_ACCESS, options = {}) {
      const folder = await mkdtemp(join(tmpdir(), 'vitrine-identity-'));
      const identityFile = join(folder, 'identity.yaml');
      await writeFile(identityFile, JSON.stringify({ sources }));
      const vitrine = await startTestVitrine({ access, options: { port, identity: identityFile, ...options } });
      return {
        ...vitrine,
        identityFile,
        address: (end, source = 'campus') => `${base}/identity/${source}/${end}`,
        async close() {
          await vitrine.close();
          await rm(folder, { recursive: true, force: true, maxRetries: 10 });
        },
      };
    },
  };
}

/** A place that nothing listens at. */
export const OTHER = { type: 'cas', label: 'Another institution', url: 'http://127.0.0.1:1/cas', roles: READERS };

export const WINDOW = { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site' };

/** What a browser sends with a form of another site: no cookie that is not meant for that. */
export async function postFromElsewhere(visitor: TestVisitor, path: string, form: Readonly<Record<string, string>>): Promise<Response> {
  const kept = new Map([...visitor.cookies].filter(([name]) => ['vitrine-session', 'vitrine-form'].includes(name)));
  for (const name of kept.keys()) visitor.cookies.delete(name);
  const response = await visitor.ask(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://idp.example.edu',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-dest': 'document',
    },
    body: new URLSearchParams(form).toString(),
  });
  for (const [name, value] of kept) if (!visitor.cookies.has(name)) visitor.cookies.set(name, value);
  return response;
}

export function pathOf(url: string | null): string {
  const { pathname, search } = new URL(url ?? '', 'http://localhost');
  return pathname + search;
}

/** Where the window of an access service that has one source leads; `/auth/access/… → /identity/…/start → the source`. */
export async function leaveByWindow(visitor: TestVisitor, service = 'members', origin = VIEWER): Promise<string> {
  const opened = await visitor.ask(`/auth/access/${service}?origin=${encodeURIComponent(origin)}`, { headers: WINDOW });
  const started = await visitor.ask(pathOf(opened.headers.get('location')), { headers: WINDOW });
  return started.headers.get('location') ?? '';
}

/** The link of a sign-in page to a source, as a browser on that page follows it. */
export async function leaveByLink(visitor: TestVisitor, page: string, source = 'campus'): Promise<string> {
  const html = await (await visitor.ask(page)).text();
  const href = new RegExp(`href="(/identity/${source}/start[^"]*)"`).exec(html)?.[1]?.replaceAll('&#38;', '&');
  if (href === undefined) throw new Error(`no link to ${source} on ${page}: ${html.slice(0, 800)}`);
  const started = await visitor.ask(href, { headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'document' } });
  return started.headers.get('location') ?? '';
}

export async function picture(visitor: TestVisitor, path = 'members%2Fletter.jpg'): Promise<number> {
  const response = await visitor.ask(`/iiif/3/${path}/full/50,/0/default.jpg`);
  await response.arrayBuffer();
  return response.status;
}
