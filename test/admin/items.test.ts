import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAdministrator, signedInAdministrator } from '../harness/administrator.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

let vitrine: TestVitrine;
let admin: TestVisitor;

beforeAll(async () => {
  vitrine = await startTestVitrine();
  await addAdministrator(vitrine);
  admin = await signedInAdministrator(vitrine);
});
afterAll(() => vitrine.close());

async function read(path: string): Promise<{ status: number; html: string; text: string }> {
  const reply = await admin.ask(path);
  const html = await reply.text();
  return { status: reply.status, html, text: html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ') };
}

const about = (path: string, query = '') => read(`/admin/items/at?path=${encodeURIComponent(path)}${query}`);

describe('the items of the administration', () => {
  it('are the tree, each item with who sees it and by which policy', async () => {
    const root = await read('/admin/items');
    expect(root.html).toContain('/admin/items?folder=members');
    const { text, html } = await read('/admin/items?folder=members');
    expect(text).toContain('letter.jpg image sign in with the role reader or curator');
    expect(html).toContain('/admin/items/at?path=members%2Fletter.jpg');
    expect(html).toContain('/admin/access#policy-2');
    expect((await read('/admin/items?folder=nowhere')).text).toContain('nobody: no policy matches');
  });

  it('are found by a part of their path, in any case', async () => {
    const { text } = await read('/admin/items?search=LETTER');
    expect(text).toContain('members/letter.jpg');
    expect(text).not.toContain('open/photo.jpg');
    expect((await read('/admin/items?search=quite+another+thing')).text).toContain('There is nothing with this text in its path.');
  });

  it.each(['/admin/items?folder=none', '/admin/items?page=9', '/admin/items/at?path=none.jpg', '/admin/items/at?path=../access.yaml'])(
    'are missing at %s',
    async (path) => {
      expect((await read(path)).status).toBe(404);
    },
  );
});

describe('the small pictures of the administration', () => {
  const address = (path: string) => `/admin/items/thumbnail?path=${encodeURIComponent(path)}`;

  it('show locked items too, to administrators, and are kept by nobody else', async () => {
    const reply = await admin.ask(address('nowhere/unlisted.jpg'));
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('image/jpeg');
    expect(reply.headers.get('cache-control')).toBe('private, no-cache');
    const etag = reply.headers.get('etag') ?? '';
    expect((await admin.ask(address('nowhere/unlisted.jpg'), { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('are for nobody else, with a copy or without', async () => {
    const etag = (await admin.ask(address('members/letter.jpg'))).headers.get('etag') ?? '';
    const stranger = new TestVisitor(vitrine);
    for (const headers of [{}, { 'if-none-match': etag }]) {
      const reply = await stranger.ask(address('members/letter.jpg'), { headers });
      expect(reply.status).toBe(303);
      expect(reply.headers.get('location')).toContain('/admin/sign-in');
    }
  });

  it('do not open the picture to its administrator by any other way', async () => {
    await admin.ask(address('members/letter.jpg'));
    expect((await admin.ask('/iiif/3/members%2Fletter.jpg/full/max/0/default.jpg')).status).toBe(401);
  });

  it.each(['none.jpg', '../access.yaml', 'members'])('are not there for %s', async (path) => {
    expect((await admin.ask(address(path))).status).toBe(404);
  });
});

describe('who can see an item, and why', () => {
  it('is said of nobody in particular at first', async () => {
    const { text } = await about('members/letter.jpg');
    expect(text).toContain('To nobody in particular');
    expect(text).toContain('The item is locked, and can be unlocked');
    expect(text).toMatch(/Information document \(Authentication 1\.0\) 401 /);
    expect(text).toMatch(/Probe service \(Authentication 2\.0\) 401 /);
    expect(text).toMatch(/Manifest 200 given/);
    expect(text).toContain('Policy 2 (access.yaml line 15, items members/**) does not allow it');
  });

  it('is said of roles that were typed, signed in or not', async () => {
    const signedIn = await about('members/letter.jpg', '&asked=yes&roles=reader&service=members');
    expect(signedIn.text).toContain('To somebody with the roles reader');
    expect(signedIn.text).toContain('The item is seen');
    expect(signedIn.text).toMatch(/Pictures and tiles 200 given/);
    expect((await about('members/letter.jpg', '&asked=yes&roles=reader')).text).toContain('The item is locked');
    expect((await about('members/letter.jpg', '&asked=yes&roles=guest&service=members')).text).toContain('has none of the roles');
  });

  it('is said of a user, who counts as signed in where nothing else was asked for', async () => {
    expect((await about('members/letter.jpg', '&user=reader')).text).toContain('The item is seen');
    expect((await about('curators/diary.jpg', '&user=reader')).text).toContain('The item is locked');
  });

  it('is said of what no policy names', async () => {
    const { text } = await about('nowhere/unlisted.jpg');
    expect(text).toContain('The item is not seen');
    expect(text).toContain('No policy of access.yaml matches');
    expect(text).toMatch(/Information document \(Authentication 1\.0\) 403 /);
  });

  it('is said of a file that cannot be read', async () => {
    await writeFile(join(vitrine.images, 'open/no-picture.jpg'), 'no picture');
    expect((await about('open/no-picture.jpg')).text).toMatch(/Pictures and tiles 5\d\d the file cannot be read/);
  });

  it('is said of a sound: its file, its probe and its manifest', async () => {
    await writeFile(join(vitrine.images, 'members/talk.mp3'), Buffer.from('ID3'));
    const { text, html } = await about('members/talk.mp3');
    expect(text).toMatch(/File 401 locked/);
    expect(text).toMatch(/Probe service \(Authentication 2\.0\) 401 /);
    expect(text).toMatch(/Manifest 200 given/);
    expect(html).not.toContain('/admin/items/thumbnail');
    const signedIn = await about('members/talk.mp3', '&asked=yes&roles=reader&service=members');
    expect(signedIn.text).toMatch(/File 200 given/);
  });

  it('writes down no visit', async () => {
    await about('members/letter.jpg', '&asked=yes&address=203.0.113.99');
    expect((await read('/admin/audit?address=203.0.113.99')).text).not.toContain('members/letter.jpg');
  });

  it.each([
    ['&asked=yes&user=nemo', 'There is no user nemo.'],
    ['&asked=yes&user=reader&roles=curator', 'Give a user or roles, not both.'],
    ['&asked=yes&address=here', 'This is no address'],
    ['&asked=yes&at=tomorrow', 'This is no time'],
  ])('asks again for %s', async (query, sentence) => {
    const { status, text } = await about('members/letter.jpg', query);
    expect(status).toBe(400);
    expect(text).toContain(sentence);
    expect(text).not.toContain('The answer');
  });
});
