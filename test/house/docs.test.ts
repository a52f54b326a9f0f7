import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  ...(await readdir(join(ROOT, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
];

/** `flows/serve-image`, in prose or in a drawing; URLs begin with a slash. */
const ROOM = /(?<![\w/.%-])(?:http|flows|domain|adapters|config|iiif\/(?:image|auth|presentation))\/[a-z0-9/.-]*[a-z0-9]/g;

function read(page: string): Promise<string> {
  return readFile(join(ROOT, page), 'utf8');
}

async function isThere(path: string): Promise<boolean> {
  return access(join(ROOT, path)).then(
    () => true,
    () => false,
  );
}

/** Titles as a reader of the page copies them: the page writes a vertical bar as `\|`. */
function testsNamedIn(page: string): ReadonlyArray<{ readonly file: string; readonly title: string }> {
  const rows = page.matchAll(/`((?:src|test)\/[^`]+\.test\.ts)`: ([^|\n]+)/g);
  return [...rows].flatMap(([, file = '', titles = '']) => [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })));
}

describe.each(PAGES)('%s', (page) => {
  it('names only files that are there', async () => {
    const text = await read(page);
    const files = [...text.matchAll(/`((?:src|test|tools|bench|docs)\/[\w./-]+)`/g)].map(([, file = '']) => file);
    const missing: string[] = [];
    for (const file of new Set(files)) {
      const found = (await isThere(file)) || (await isThere(`${file}.ts`));
      if (!found) missing.push(file);
    }
    expect(missing).toEqual([]);
  });

  it('names only files of rooms that are there', async () => {
    const text = await read(page);
    const names = [...text.matchAll(ROOM)].map(([name]) => name);
    const missing: string[] = [];
    for (const name of new Set(names)) {
      const path = join('src', name);
      if (!(await isThere(path)) && !(await isThere(`${path}.ts`))) missing.push(name);
    }
    expect(missing).toEqual([]);
  });

  it('links only to pages and headings that are there', async () => {
    const text = await read(page);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)/g)];
    const broken: string[] = [];
    for (const [whole, path = '', anchor = ''] of links) {
      const target = path === '' ? page : join(dirname(page), path);
      if (!(await isThere(target))) broken.push(whole);
      else if (anchor !== '' && !(await headingsOf(target)).includes(anchor)) broken.push(whole);
    }
    expect(broken).toEqual([]);
  });
});

async function headingsOf(page: string): Promise<readonly string[]> {
  const headings = (await read(page)).matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, text = '']) => {
    const plain = text.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '');
    return `#${plain.replaceAll(' ', '-')}`;
  });
}

describe('docs/explain/security.md', () => {
  it('names, for each promise, tests that exist by their titles', async () => {
    const named = testsNamedIn(await read('docs/explain/security.md'));
    expect(named.length).toBeGreaterThan(40);
    const missing: string[] = [];
    for (const { file, title } of named) {
      const source = (await isThere(file)) ? await read(file) : '';
      if (!source.includes(title)) missing.push(`${file}: ${title}`);
    }
    expect(missing).toEqual([]);
  });
});
