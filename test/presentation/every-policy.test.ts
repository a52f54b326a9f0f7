import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { quarters, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { mp3, mp4 } from '../media/write-media.ts';
import { walkDocuments } from './walk-documents.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
  loan: { pattern: clickthrough, label: { en: [Lending desk] }, perItem: true, note: Be careful. }
policies:
  - { items: plain/**, allow: [{ service: members }] }
  - { items: both/**, allow: [{ service: members }, { service: loan }] }
  - { items: loan/**, allow: [{ service: loan, note: For this one only. }] }
  - { items: tiered/**, allow: [{ service: members }], otherwise: [{ name: gray, gray: true, for: [{ service: loan }] }, { name: tiny, maxSize: 60 }] }
  - { items: shut/**, allow: nobody, otherwise: { name: tiny, maxSize: 60 } }
  - { items: later/**, allow: everyone, embargoUntil: 2999-01-01, duringEmbargo: [{ service: members }] }
  - { items: announced/**, allow: everyone, embargoUntil: 2999-01-01, whenLocked: { listed: true, dimensions: false } }
  - { items: silent/**, allow: [{ service: members }], whenLocked: { label: false, dimensions: false } }
  - { items: small/**, allow: [{ service: members }], whenLocked: { thumbnail: 90 } }
  - { items: kept/**, allow: [{ service: members }], whenLocked: { manifest: locked } }
  - { items: soon/**, allow: nobody, whenLocked: { listed: true, thumbnail: 90 } }
  - { items: hidden/**, allow: [{ service: members }], whenLocked: { listed: false } }
`;
const FOLDERS = ['plain', 'both', 'loan', 'tiered', 'shut', 'later', 'announced', 'silent', 'small', 'kept', 'soon', 'hidden'];

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  const png = await quarters(80, 60);
  const kinds = {
    'leaf.png': png,
    'film.mp4': mp4({ seconds: 12.5, size: [640, 360] }),
    'song.mp3': mp3(100),
    'book.pdf': '%PDF-1.7',
    'vase.glb': 'glTF',
    'notes.txt': 'notes',
  };
  for (const folder of FOLDERS) {
    const together = Object.entries(kinds).map(([name, content]) => [`${folder}/all/${name}`, content]);
    const alone = Object.entries(kinds).map(([name, content]) => [`${folder}/${name.split('.')[0]}/${name}`, content]);
    await writeFiles(vitrine.images, Object.fromEntries([...together, ...alone]));
  }
});
afterAll(() => vitrine.close());

it.each([3, 2] as const)(
  'every document of every kind under every policy is sound, for nobody and for a member, Presentation API %i',
  async (version) => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    const { message } = await visitor.token(2, 'members');
    const holding = { authorization: `Bearer ${message['accessToken']}`, origin: 'https://viewer.example' };
    const foldersIn = async (headers: Record<string, string>) => {
      const seen = await walkDocuments(vitrine.base, version, headers);
      return FOLDERS.filter((folder) => seen.some(({ uri }) => uri.includes(`/${folder}%2Fall/`)));
    };
    expect(await foldersIn({})).toEqual(FOLDERS.filter((folder) => folder !== 'hidden'));
    expect(await foldersIn(holding)).toEqual(FOLDERS);
  },
);
