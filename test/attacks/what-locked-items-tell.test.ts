import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { quarters, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { mp4 } from '../media/write-media.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
policies:
  - items: hidden/**
    allow: [{ service: members }]
    whenLocked: { listed: false }
  - items: sealed/**
    allow: nobody
  - items: later/**
    allow: [{ service: members }]
    embargoUntil: 2999-01-01
    otherwise: { name: tiny, maxSize: 60 }
    whenLocked: { thumbnail: 90 }
  - items: tiered/**
    allow: [{ service: members }]
    otherwise: { name: tiny, maxSize: 60 }
  - items: quiet/**
    allow: [{ service: members }]
    whenLocked: { label: false, dimensions: false }
  - items: thumbs/**
    allow: [{ service: members }]
    whenLocked: { thumbnail: 120 }
  - items: kept/**
    allow: [{ service: members }]
    whenLocked: { manifest: locked, label: false, dimensions: false }
  - items: announced/**
    allow: nobody
    whenLocked: { listed: true, thumbnail: 100 }
  - items: '**'
    allow: everyone
`;

/** Words and numbers that stand nowhere else. The pictures are twice as large as the numbers, for half the size is told of some too. */
const SECRETS = {
  hidden: ['whimbrel', 'Zwergschnepfe', '739', '421'],
  sealed: ['turnstone', 'Steinwaelzer', '743', '433'],
  later: ['dotterel', 'Mornell', '769', '457'],
  quiet: ['Odinshuehnchen', 'Phalarope', '751', '439'],
  film: ['Kampflaeufer', '757', '443', '4321', '1:12:0'],
  kept: ['Sanderling', '761', '449'],
} as const;

let manifests: string;
let vitrine: TestVitrine;
beforeAll(async () => {
  manifests = await mkdtemp(join(tmpdir(), 'vitrine-manifests-'));
  vitrine = await startTestVitrine({ access: ACCESS, options: { manifests } });
  const label = (text: string, more = '') => `label: { en: [${text}] }\nmetadata:\n  - { label: Kind, value: ${text} }\n${more}`;
  await writeFiles(vitrine.images, {
    'hidden/whimbrel.png': await quarters(739 * 2, 421 * 2),
    'hidden/whimbrel.png.meta.yaml': label('Zwergschnepfe'),
    'beside/hidden.png': await quarters(80, 60),
    'sealed/turnstone.png': await quarters(743 * 2, 433 * 2),
    'sealed/turnstone.png.meta.yaml': label('Steinwaelzer'),
    'later/dotterel.png': await quarters(769 * 2, 457 * 2),
    'later/dotterel.png.meta.yaml': label('Mornell'),
    'tiered/picture.png': await quarters(800, 600),
    'quiet/leaf.png': await quarters(751 * 2, 439 * 2),
    'quiet/leaf.png.meta.yaml': label('Odinshuehnchen', 'summary: Phalarope\nrequiredStatement: { label: Credit, value: Phalarope }\n'),
    'quiet/film.mp4': mp4({ seconds: 4321, size: [757, 443] }),
    'quiet/film.mp4.meta.yaml': label('Kampflaeufer'),
    'thumbs/picture.png': await quarters(800, 600),
    'kept/leaf.png': await quarters(761 * 2, 449 * 2),
    'kept/leaf.png.meta.yaml': label('Sanderling'),
    'announced/soon.png': await quarters(800, 600),
  });
  const canvas = (path: string) => ({
    id: `/canvas/${path}`,
    type: 'Canvas',
    label: { none: [path.includes('whimbrel') ? 'Zwergschnepfe' : 'other'] },
    width: 80,
    height: 60,
    thumbnail: [{ id: `/iiif/3/${path}/full/!90,90/0/default.jpg`, type: 'Image' }],
    items: [
      {
        id: `/canvas/${path}/page`,
        type: 'AnnotationPage',
        items: [
          {
            id: `/canvas/${path}/annotation`,
            type: 'Annotation',
            motivation: 'painting',
            target: `/canvas/${path}`,
            body: {
              id: `/iiif/3/${path}/full/max/0/default.jpg`,
              type: 'Image',
              service: [{ id: `/iiif/3/${path}`, type: 'ImageService3', profile: 'level2' }],
            },
          },
        ],
      },
    ],
  });
  const given = (items: readonly object[]) => ({
    '@context': 'http://iiif.io/api/presentation/3/context.json',
    id: 'manifest',
    type: 'Manifest',
    label: { none: ['Birds'] },
    rendering: [{ id: '/media/hidden%2Fwhimbrel.pdf', type: 'Text', label: { none: ['whole'] } }],
    start: { id: '/canvas/hidden%2Fwhimbrel.png', type: 'Canvas' },
    items,
    structures: [
      {
        id: 'range/1',
        type: 'Range',
        items: [
          { id: '/canvas/hidden%2Fwhimbrel.png', type: 'Canvas' },
          { id: '/canvas/beside%2Fhidden.png', type: 'Canvas' },
        ],
      },
      { id: 'range/2', type: 'Range', items: [{ id: '/canvas/hidden%2Fwhimbrel.png#xywh=0,0,1,1', type: 'Canvas' }] },
    ],
  });
  await writeFiles(manifests, {
    'birds.json': JSON.stringify(given([canvas('hidden%2Fwhimbrel.png'), canvas('beside%2Fhidden.png')])),
    'one.json': JSON.stringify(given([canvas('hidden%2Fwhimbrel.png')])),
  });
  await writeFiles(vitrine.images, { 'hidden/whimbrel.pdf': '%PDF-1.7' });
});
afterAll(async () => {
  await vitrine.close();
  await rm(manifests, { recursive: true, force: true, maxRetries: 10 });
});

const at = (path: string) => `${vitrine.base}${path}`;

/** Every page and document that can be reached from where people and viewers begin, as somebody who holds nothing. */
async function walkAll(): Promise<ReadonlyMap<string, string>> {
  const seen = new Map<string, string>();
  const ahead = ['/', '/presentation/2/collection', '/presentation/3/collection', '/session', '/browser-check'].map(at);
  for (let uri = ahead.shift(); uri !== undefined; uri = ahead.shift()) {
    const [address = uri] = uri.split('#');
    if (seen.has(address) || /\/(?:assets|media)\/|\/default\.|\/canvas\/|\/auth\/(?:access|token|logout)\//.test(address)) continue;
    const response = await fetch(address, { headers: { 'accept-language': 'en' }, redirect: 'manual' });
    // The token of a form is random, and may have any number in it.
    const text = (await response.text()).replaceAll(/(?<=name="form-token" value=")[^"]*/g, '');
    seen.set(address, `${response.headers.get('link')} ${response.headers.get('location')}\n${text}`);
    const written = [...text.matchAll(/(?:href|src|data-[a-z]+)="(\/[^"]*)"/g)].map(([, path = '']) => at(path.replaceAll('&amp;', '&')));
    const whole = [...text.matchAll(/https?:\/\/localhost:\d+[^\s"'<>\\]*/g)]
      .map(([found]) => found)
      .filter((found) => found.startsWith(vitrine.base));
    ahead.push(...written, ...whole);
    if (seen.size > 1_000) throw new Error('the walk does not end');
  }
  return seen;
}

function told(text: string, secret: string): boolean {
  return /^\d+$/.test(secret) ? new RegExp(`(?<!\\d)(?:${secret}|${Number(secret) * 2})(?!\\d)`).test(text) : text.includes(secret);
}

describe('what is reached by somebody who holds nothing', () => {
  it('says nothing of items that are in no list, and only of others what their policies allow', async () => {
    const seen = await walkAll();
    expect(seen.size).toBeGreaterThan(40);
    const leaks = [...seen].flatMap(([uri, text]) =>
      Object.values(SECRETS)
        .flat()
        .flatMap((secret) => (told(text, secret) ? [`${uri}: ${secret}`] : [])),
    );
    expect(leaks).toEqual([]);
    // The walk would see it: what may be told is there.
    const all = [...seen.values()].join('\n');
    for (const open of ['quiet%2Fleaf.png', 'beside%2Fhidden.png', '/thumbs%2Fpicture.png/~thumbnail'.slice(1).replace('/~', '%2F~')])
      expect(all).toContain(open);
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining([
        at('/presentation/3/quiet/manifest'),
        at('/view/openseadragon/quiet%2Fleaf.png'),
        at('/presentation/manifests/birds'),
      ]),
    );
  });

  it.each([
    ['/iiif/3/quiet%2Fleaf.png/info.json', 'quiet'],
    ['/iiif/2/quiet%2Fleaf.png/info.json', 'quiet'],
    ['/presentation/3/quiet%2Fleaf.png/manifest', 'quiet'],
    ['/presentation/2/quiet%2Fleaf.png/manifest', 'quiet'],
    ['/view/openseadragon/quiet%2Fleaf.png', 'quiet'],
    ['/view/mirador/quiet%2Fleaf.png', 'quiet'],
    ['/auth/probe/quiet%2Fleaf.png', 'quiet'],
    ['/view/media/quiet%2Ffilm.mp4', 'film'],
    ['/view/mirador/quiet%2Ffilm.mp4', 'film'],
    ['/media/quiet%2Ffilm.mp4', 'film'],
    ['/presentation/3/quiet%2Ffilm.mp4/manifest', 'film'],
    ['/presentation/2/quiet%2Ffilm.mp4/manifest', 'film'],
    ['/presentation/3/kept%2Fleaf.png/manifest', 'kept'],
    ['/presentation/3/kept/manifest', 'kept'],
    ['/presentation/2/kept/manifest', 'kept'],
    ['/iiif/3/sealed%2Fturnstone.png/info.json', 'sealed'],
    ['/iiif/3/later%2Fdotterel.png/info.json', 'later'],
    ['/presentation/3/later%2Fdotterel.png/manifest', 'later'],
    ['/presentation/3/later/manifest', 'later'],
    ['/view/openseadragon/later%2Fdotterel.png', 'later'],
    ['/auth/probe/later%2Fdotterel.png', 'later'],
  ] as const)('is not more at %s itself', async (path, kind) => {
    const text = await (await fetch(at(path))).text();
    expect(SECRETS[kind].filter((secret) => told(text, secret) && !path.includes(secret))).toEqual([]);
  });

  it('is all there for whoever may see the items', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    const read = async (path: string) => (await visitor.ask(path)).text();
    for (const [path, words] of [
      ['/presentation/3/quiet/manifest', ['Odinshuehnchen', 'Phalarope', '1502', '878', 'Kampflaeufer', '4321']],
      ['/iiif/3/quiet%2Fleaf.png/info.json', ['1502', '878']],
      ['/browse/quiet', ['Odinshuehnchen', 'Kampflaeufer']],
      ['/view/media/quiet%2Ffilm.mp4', ['Kampflaeufer', '757']],
      ['/presentation/3/hidden/manifest', ['Zwergschnepfe', '1478']],
      ['/presentation/manifests/birds', ['whimbrel']],
      ['/presentation/3/kept%2Fleaf.png/manifest', ['Sanderling']],
    ] as const) {
      const text = await read(path);
      expect([path, words.filter((word) => !text.includes(word))]).toEqual([path, []]);
    }
  });
});

describe('the information document of a picture whose dimensions are not told', () => {
  it.each([3, 2] as const)('has its access services all the same, Image API %i', async (version) => {
    const response = await fetch(at(`/iiif/${version}/quiet%2Fleaf.png/info.json`));
    const document = JSON.parse(await response.text());
    expect([response.status, document.width, document.sizes, document.tiles]).toEqual([401, undefined, undefined, undefined]);
    expect(document.service).toHaveLength(2);
  });
});

describe('a thumbnail that a policy allows', () => {
  it('is a small picture for everybody, on pages, in manifests and in collections', async () => {
    const small = `${vitrine.base}/iiif/3/thumbs%2Fpicture.png%2F~thumbnail`;
    const picture = await fetch(`${small}/full/max/0/default.jpg`);
    expect([picture.status, picture.headers.get('cache-control')]).toEqual([200, 'public, max-age=3600']);
    expect((await fetch(`${small}/full/^400,/0/default.jpg`)).status).not.toBe(200);
    const manifest = JSON.parse(await (await fetch(at('/presentation/3/thumbs/manifest'))).text());
    const thumbnail = [{ id: `${small}/full/120,90/0/default.jpg`, width: 120, height: 90 }];
    expect(manifest).toMatchObject({ thumbnail, items: [{ width: 800, height: 600, thumbnail }] });
    const older = JSON.parse(await (await fetch(at('/presentation/2/thumbs/manifest'))).text());
    expect(older.sequences[0].canvases[0].thumbnail['@id']).toContain('/iiif/2/thumbs%2Fpicture.png%2F~thumbnail/full/120,90/');
    expect(await (await fetch(at('/presentation/3/collection'))).text()).toContain(small);
    expect(await (await fetch(at('/browse/thumbs'))).text()).toContain('/iiif/3/thumbs%2Fpicture.png%2F~thumbnail/full/');
  });

  it('is no substitute, and sends nobody to it', async () => {
    const probe = JSON.parse(await (await fetch(at('/auth/probe/thumbs%2Fpicture.png'))).text());
    expect([probe.status, probe.substitute]).toEqual([401, undefined]);
    expect((await fetch(at('/iiif/3/thumbs%2Fpicture.png/info.json'), { redirect: 'manual' })).status).toBe(401);
  });

  it('is that of a tier that everybody may see, where there is no other', async () => {
    const tier = `${vitrine.base}/iiif/3/tiered%2Fpicture.png%2F~tiny`;
    const manifest = JSON.parse(await (await fetch(at('/presentation/3/tiered/manifest'))).text());
    const thumbnail = [{ id: `${tier}/full/60,45/0/default.jpg`, width: 60, height: 45 }];
    expect(manifest).toMatchObject({ thumbnail, items: [{ thumbnail }] });
    expect((await fetch(`${tier}/full/60,45/0/default.jpg`)).status).toBe(200);
    expect(await (await fetch(at('/presentation/3/collection'))).text()).toContain(tier);
  });

  it('is not there during an embargo', async () => {
    for (const tier of ['thumbnail', 'tiny']) {
      expect((await fetch(at(`/iiif/3/later%2Fdotterel.png%2F~${tier}/full/max/0/default.jpg`))).status).toBe(403);
    }
  });

  it('is not there where no policy allows it', async () => {
    for (const path of ['quiet%2Fleaf.png', 'beside%2Fhidden.png', 'quiet%2Ffilm.mp4']) {
      expect((await fetch(at(`/iiif/3/${path}%2F~thumbnail/info.json`))).status).toBe(404);
    }
  });
});

describe('a manifest that is locked', () => {
  it.each([
    ['of an item', 'kept%2Fleaf.png'],
    ['of a folder', 'kept'],
  ])('%s answers 401 with the access services and nothing of the item, and opens by a token', async (_of, path) => {
    const response = await fetch(at(`/presentation/3/${path}/manifest`));
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="IIIF"']);
    const document = JSON.parse(await response.text());
    expect(document.service).toMatchObject([{ '@id': at('/auth/access/1/members'), service: [{ '@type': 'AuthTokenService1' }, {}] }]);
    expect(JSON.stringify(document)).not.toContain('/iiif/');
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    const { message } = await visitor.token(1, 'members');
    const opened = await fetch(at(`/presentation/3/${path}/manifest`), {
      headers: { authorization: `Bearer ${message['accessToken']}`, origin: 'https://viewer.example' },
    });
    expect(opened.status).toBe(200);
    expect(await opened.text()).toContain('/iiif/3/kept%2Fleaf.png');
  });
});

describe('an item that is announced, and that nobody can open', () => {
  it('is named with an empty canvas and its thumbnail', async () => {
    const manifest = JSON.parse(await (await fetch(at('/presentation/3/announced/manifest'))).text());
    expect(manifest.items).toMatchObject([
      { label: { none: ['soon.png'] }, width: 800, height: 600, items: [], thumbnail: [{ width: 100 }] },
    ]);
    const older = JSON.parse(await (await fetch(at('/presentation/2/announced/manifest'))).text());
    expect(older.sequences[0].canvases[0].images).toEqual([]);
    expect(await (await fetch(at('/browse/announced'))).text()).toContain('soon.png');
  });
});

describe('a manifest that somebody already has', () => {
  it('loses what a policy keeps out of lists, and what only spoke of it', async () => {
    const manifest = JSON.parse(await (await fetch(at('/presentation/manifests/birds'))).text());
    expect(manifest.items.map(({ id }: { id: string }) => id)).toEqual([at('/canvas/beside%2Fhidden.png')]);
    expect(manifest.structures).toEqual([
      {
        id: at('/presentation/manifests/birds/range/1'),
        type: 'Range',
        items: [{ id: at('/canvas/beside%2Fhidden.png'), type: 'Canvas' }],
      },
    ]);
    expect([manifest.start, manifest.rendering]).toEqual([undefined, undefined]);
  });

  it('is not there where nothing is left of it', async () => {
    expect((await fetch(at('/presentation/manifests/one'))).status).toBe(404);
  });
});
