import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../texts.ts';
import { browserCheckFrame, browserCheckPage } from './browser-check.ts';
import { continuePage } from './continue.ts';
import { type FrontPage, frontPage } from './front.ts';
import { mediaPage } from './media.ts';
import { noticePage } from './notice.ts';
import { requestPage } from './request.ts';
import { requestsPage } from './requests.ts';
import { sessionPage } from './session.ts';
import { signInPage } from './sign-in.ts';
import { signOnRefusedPage } from './sign-on-refused.ts';
import { signOutPage } from './sign-out.ts';
import { signedOutPage } from './signed-out.ts';
import { termsPage } from './terms.ts';
import { tokenPage } from './token.ts';
import { ownTokensPage } from './tokens.ts';
import { viewerPage } from './viewer.ts';
import { windowDonePage } from './window-done.ts';

const HOSTILE = '"\'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;{user}$&';

/** Every page, with the same hostile text wherever data goes. */
function everyPage(lang: string, text: string): ReadonlyArray<readonly [name: string, page: string]> {
  const frame = { base: 'https://iiif.example.org/pictures', lang };
  const service = { name: 'members', label: text, heading: text, note: `${text}\n\n${text}`, confirmLabel: text };
  const form = { ...frame, service, action: `/auth/access/members?origin=${text}`, formToken: text, viewerOrigin: text };
  const visitor = { userName: text, signIn: text, session: text, signOut: text, administration: text };
  return [
    ['sign-in', signInPage({ ...form, choices: FORM_ALONE, error: null, userName: '', signedInAs: null })],
    ['sign-in after an error', signInPage({ ...form, choices: FORM_ALONE, error: text, userName: text, signedInAs: text })],
    ['sign-in with sources outside', signInPage({ ...form, choices: choices(text), error: null, userName: '', signedInAs: null })],
    [
      'sign-in elsewhere only',
      signInPage({ ...form, choices: { ...choices(text), takesPassword: false }, error: null, userName: '', signedInAs: null }),
    ],
    ['refused sign-on', signOnRefusedPage({ ...frame, sentence: text, code: text, again: text })],
    ['signed out here alone', signedOutPage({ ...frame, elsewhere: { label: text, url: text } })],
    ['signed-out window, and a source', windowDonePage({ ...frame, kind: 'signed-out', elsewhere: { label: text, url: text } })],
    ['terms', termsPage({ ...form, alreadyAgreed: true })],
    ['continue', continuePage({ ...form, userName: text })],
    ['signed-in window', windowDonePage({ ...frame, kind: 'signed-in' })],
    ['agreed window', windowDonePage({ ...frame, kind: 'agreed' })],
    ['declined window', windowDonePage({ ...frame, kind: 'declined' })],
    ['withdrawn window', windowDonePage({ ...frame, kind: 'withdrawn' })],
    ['withdrawn window, with what is still open', windowDonePage({ ...frame, kind: 'withdrawn', stillOpen: ['Staff <of> the library'] })],
    ['signed-out window', windowDonePage({ ...frame, kind: 'signed-out' })],
    [
      'token',
      tokenPage({ ...frame, message: { messageId: text }, targetOrigin: text, error: { heading: text, text }, mayAskForCookie: true }),
    ],
    ['browser check', browserCheckPage({ ...frame, frame: text })],
    ['frame of the browser check', browserCheckFrame({ ...frame, targetOrigin: text })],
    ['notice', noticePage({ ...frame, heading: text, text })],
    ['sign-out', signOutPage({ ...frame, action: text, formToken: text, userName: text })],
    ['request', requestPage({ ...form, title: text, userName: text, mailAddress: text, reason: text, error: text })],
    ['requests', requestsPage({ ...frame, now: AT, done: 'made', action: text, formToken: text, ...requestsNamed(text) })],
    ['session', sessionPage({ ...frame, session: sessionNamed(text), hasPersonalTokens: true })],
    ['no session', sessionPage({ ...frame, session: null, hasPersonalTokens: false })],
    ['own tokens', ownTokensPage({ ...frame, ...tokensNamed(text), mayCreate: true, error: 'name', secret: text })],
    ['own tokens of whoever may make none', ownTokensPage({ ...frame, ...tokensNamed(text), mayCreate: false, error: null, secret: null })],
    ['front', frontPage({ ...FRONT, ...frame, ...picturesNamed(text), title: text, visitor })],
    ['OpenSeadragon', viewerPage({ ...viewer(text), ...frame, visitor, viewer: 'openseadragon' })],
    ['Mirador', viewerPage({ ...viewer(text), ...frame, visitor, viewer: 'mirador' })],
    ['locked film', mediaPage({ ...media(text), ...frame, visitor, isLocked: true, services: [{ label: text, uri: text }] })],
    ['film', mediaPage({ ...media(text), ...frame, visitor })],
    ['stream', mediaPage({ ...media(text), ...frame, visitor, isStream: true })],
    ['document', mediaPage({ ...media(text), ...frame, visitor, facts: { ...FILM, kind: 'document' } })],
  ];
}

const FORM_ALONE = { takesPassword: true, accountsOf: [], elsewhere: [] };

function choices(text: string) {
  return { takesPassword: true, accountsOf: [text], elsewhere: [{ label: text, href: text }] };
}

const AT = new Date('2026-11-21T10:00:00Z');

function requestsNamed(text: string) {
  const request = { id: text, title: text, link: text, reason: text, madeAt: AT };
  const decided = { at: AT, by: text, answer: text };
  return {
    requests: [
      { ...request, decision: null },
      { ...request, link: null, decision: { kind: 'granted' as const, ...decided, items: text, until: AT } },
      { ...request, decision: { kind: 'declined' as const, ...decided } },
      { ...request, decision: { kind: 'withdrawn' as const, at: AT } },
    ],
    grants: [{ items: text, until: AT }],
  };
}

function sessionNamed(text: string) {
  const at = new Date('2026-11-21T10:00:00Z');
  const service = { service: text, label: text, origin: text, isOurs: false };
  return {
    action: text,
    formToken: text,
    userName: text,
    beganAt: at,
    idleEndsAt: at,
    endsAt: at,
    grants: [{ ...service, grantedAt: at }],
    tokens: [
      { ...service, key: text, firstLetters: text, endsAt: at },
      { ...service, origin: null, key: text, firstLetters: text, endsAt: at },
    ],
  };
}

function tokensNamed(text: string) {
  const at = new Date('2026-11-21T10:00:00Z');
  const token = { id: text, name: text, expiresAt: at, hasExpired: false, usedAt: at };
  return {
    action: text,
    formToken: text,
    userName: text,
    typed: { name: text, days: text },
    tokens: [token, { ...token, hasExpired: true, usedAt: null }],
  };
}

function viewer(text: string) {
  return {
    title: text,
    infoUri: text,
    probeUri: text,
    manifestUri: text,
    canvasUri: text,
    paging: { page: 2, pages: 3, previous: text, next: text },
    authVersion: 2 as const,
    roleMissing: true,
    links: { folder: text, otherViewer: text, image: text, request: text },
  };
}

const FILM = { kind: 'film', seconds: 3_725, size: { width: 640, height: 360 }, bytes: 1_234_567 } as const;

function media(text: string) {
  return {
    title: text,
    facts: FILM,
    mediaType: text,
    isStream: false,
    isLocked: false,
    access: { kind: 'locked' as const, text },
    services: [],
    links: { folder: text, manifest: text, file: text, request: text },
  };
}

function picturesNamed(text: string): Pick<FrontPage, 'documents' | 'pictures' | 'sections' | 'folders' | 'trail' | 'lab'> {
  const links = { openseadragon: text, mirador: text, information: text, manifest: text };
  const facts = { width: 10, height: 10, pages: 2, formatName: text };
  const access = { kind: 'locked' as const, text };
  const pictures = [
    { name: text, file: text, access, facts, thumbnail: { uri: text, width: 1, height: 1 }, links },
    { name: text, file: null, access, facts, thumbnail: null, links },
    { name: text, file: null, access, facts: null, thumbnail: null, links },
    { name: text, file: text, access, media: FILM, links: { page: text, manifest: text, file: text } },
  ];
  return {
    pictures,
    sections: [{ name: text, uri: text, pictures, complete: false }],
    folders: [{ name: text, uri: text }],
    documents: { manifest: text, mirador: text, collection: text },
    trail: [
      { name: text, uri: text },
      { name: text, uri: text },
    ],
    lab: { user: text, password: text, locked: [{ items: [text, text], how: text }] },
  };
}

const FRONT: FrontPage = {
  base: 'https://iiif.example.org',
  lang: 'en',
  title: 'Example Library',
  trail: [{ name: 'Example Library', uri: '/' }],
  folders: [],
  pictures: [],
  sections: [],
  documents: { manifest: null, mirador: null, collection: '/presentation/3/collection' },
  total: 0,
  complete: true,
  unlisted: 0,
  paging: { page: 1, pages: 1, previous: null, next: null },
  visitor: { userName: null, signIn: '/sign-in', session: null, signOut: null, administration: null },
  enforced: true,
  lab: null,
  labPage: null,
};

const EVERY = LANGUAGES.flatMap((lang) => everyPage(lang, HOSTILE).map(([name, page]) => ({ lang, name, page })));

function tags(page: string): readonly string[] {
  return page.match(/<[a-z!][^>]*>/gi) ?? [];
}

describe.each(EVERY)('the $name page in $lang', ({ lang, page }) => {
  it('says its language and has a title, a main part and one first heading', () => {
    expect(page).toContain(`<html lang="${lang}">`);
    expect(page).toMatch(/<title>[^<]+<\/title>/);
    expect(page.match(/<main[ >]/g)).toHaveLength(1);
    expect(page.match(/<h1[ >]/g)).toHaveLength(1);
  });

  it('runs no script and has no style but the files of our own that the policy allows', () => {
    const all = tags(page);
    for (const script of all.filter((tag) => tag.startsWith('<script'))) {
      expect(script).toMatch(/^<script (src="\/pictures\/assets\/[a-z/.-]+"( defer)?|type="application\/json" id="message")>$/);
    }
    expect(all.filter((tag) => /^<(style|base|iframe|object|embed)\b/i.test(tag))).toEqual([]);
    expect(all.filter((tag) => /\s(on[a-z]+|style)\s*=/i.test(withoutValues(tag)))).toEqual([]);
  });

  it('leaves no hostile letter of its data in a tag or a text', () => {
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img src=x');
    expect(tags(page).filter((tag) => (tag.match(/"/g) ?? []).length % 2 === 1)).toEqual([]);
  });

  it('has a label for each field that a person fills in', () => {
    for (const input of tags(page).filter((tag) => tag.startsWith('<input') && !tag.includes('type="hidden"'))) {
      const id = / id="([^"]+)"/.exec(input)?.[1] ?? 'none';
      expect(page).toContain(`<label for="${id}">`);
    }
  });

  it('has an alternative for each picture', () => {
    for (const image of tags(page).filter((tag) => tag.startsWith('<img'))) expect(image).toMatch(/ alt="/);
  });

  it('leaves no place of its texts unfilled', () => {
    const withoutData = page.replaceAll('{user}$&#38;', '').replace(/<script type=.*?<\/script>/s, '');
    expect(withoutData).not.toMatch(/>[^<]*\{[a-z]+\}[^<]*</);
  });
});

function withoutValues(tag: string): string {
  return tag.replace(/"[^"]*"/g, '""');
}

describe('the sign-in page', () => {
  const page = everyPage('en', 'x').find(([name]) => name === 'sign-in after an error')?.[1] ?? '';

  it('ties the error to both fields, and tells password managers what they are', () => {
    expect(page).toContain('id="sign-in-error" role="alert"');
    for (const [name, kind] of [
      ['user', 'username'],
      ['password', 'current-password'],
    ]) {
      const input = tags(page).find((tag) => tag.includes(`name="${name}"`)) ?? '';
      expect(input).toContain('aria-describedby="sign-in-error"');
      expect(input).toContain('aria-invalid="true"');
      expect(input).toContain(`autocomplete="${kind}"`);
    }
  });

  it('sends the form token, and never sends a password back', () => {
    expect(page).toContain('<input type="hidden" name="form-token" value="x">');
    expect(tags(page).find((tag) => tag.includes('name="password"'))).not.toContain('value=');
  });

  it('marks texts of a service in a language that the page itself does not speak', () => {
    const [, dutch = ''] = everyPage('nl', 'Inloggen').find(([name]) => name === 'sign-in') ?? [];
    expect(dutch).toContain('<html lang="en">');
    expect(dutch).toContain('<h1><span lang="nl">Inloggen</span></h1>');
  });
});

describe('the token page', () => {
  it('carries message and target as data that its script reads back unchanged', () => {
    const message = { messageId: '</script><script>alert(1)</script>\u2028<!--', accessToken: '"&\'' };
    const page = tokenPage({ base: 'https://iiif.example.org', lang: 'en', message, targetOrigin: 'https://viewer.example.org' });
    const block = /<script type="application\/json" id="message">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    expect(JSON.parse(block)).toEqual({ message, targetOrigin: 'https://viewer.example.org' });
    expect(page.match(/<script/g)).toHaveLength(2);
  });
});

describe('the front page', () => {
  const locked = {
    name: 'letter.jpg',
    file: null,
    access: { kind: 'locked' as const, text: 'Sign in' },
    facts: { width: 10, height: 10, pages: 1, formatName: 'JPEG' },
    thumbnail: null,
    links: { openseadragon: '/view/o', mirador: '/view/m', information: '/i', manifest: '/m' },
  };

  it('never asks for the picture of an item that the visitor may not see', () => {
    const page = frontPage({ ...FRONT, pictures: [locked] });
    expect(tags(page).filter((tag) => tag.startsWith('<img') && !tag.includes('/assets/'))).toEqual([]);
    expect(page).toContain('locked.svg');
  });

  it('has a heading for each section that leads to its folder, and a way to the rest only where there is one', () => {
    const section = { name: 'old maps', uri: '/browse/old%20maps', pictures: [locked] };
    const all = frontPage({ ...FRONT, sections: [{ ...section, complete: true }] });
    expect(all).toContain('<h2 id="folder-1"><a href="/browse/old%20maps"><bdi>old maps</bdi></a></h2>');
    expect(all).not.toContain('Show all');
    expect(frontPage({ ...FRONT, sections: [{ ...section, complete: false }] })).toContain('<a href="/browse/old%20maps">Show all');
  });

  it('lets a name with marks of direction turn nothing but itself', () => {
    const name = 'map \u202Egpj.exe';
    const folder = { name, uri: '/browse/x' };
    const page = frontPage({
      ...FRONT,
      trail: [...FRONT.trail, folder],
      folders: [folder],
      pictures: [{ ...locked, name, file: name }],
      sections: [{ ...folder, pictures: [{ ...locked, name }], complete: false }],
    });
    const [, body = ''] = page.split('<body');
    expect(body.split(name).length).toBeGreaterThan(12);
    expect(body.replaceAll(`<bdi>${name}</bdi>`, '')).not.toContain('\u202E');
  });

  it('counts pictures and locks where all are on the page, and entries where they are not', () => {
    const pictures = [locked, { ...locked, access: { kind: 'open' as const, text: 'Open to everyone' } }];
    const sections = [{ name: 'maps', uri: '/browse/maps', pictures, complete: true }];
    expect(frontPage({ ...FRONT, pictures, sections, total: 3 })).toContain('<p class="count">4 pictures · 2 of them locked</p>');
    expect(frontPage({ ...FRONT, pictures, sections, total: 3, complete: false })).toContain('<p class="count">3 entries</p>');
  });

  it('says what to do where a folder is empty', () => {
    expect(frontPage(FRONT)).toContain('No pictures in this folder yet');
  });

  it('tells of pictures that it does not list', () => {
    expect(frontPage({ ...FRONT, unlisted: 3 })).toContain('no policy opens them: 3');
  });
});
