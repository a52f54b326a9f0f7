import { canvas2, canvas3, type LabContent, manifest2, manifest3 } from '../documents/parts.ts';
import { CLICKTHROUGH, EXTERNAL, KIOSK, LOGIN } from '../lab-services.ts';
import type { LabPicture } from '../pictures.ts';
import {
  all,
  type LabRecipe,
  lockedBut,
  media,
  NOBODY,
  OPEN,
  picture,
  recipe,
  signedIn,
  through,
  tieredBut,
  tieredFileBut,
} from '../recipe.ts';
import { SECTION } from '../spec-sections.ts';

const CHOICE = {
  plain: image('choice/plain.jpg', 'Ledger, as it is', 'ledger'),
  locked: image('choice/restored.jpg', 'Ledger, restored', 'ledger'),
  tiered: image('choice/infrared.jpg', 'Waves, in infrared', 'waves'),
};

const HELL = {
  open: image('from-hell/open.jpg', 'Open', 'julia'),
  login: image('from-hell/login.jpg', 'For those who sign in', 'ledger'),
  terms: image('from-hell/terms.jpg', 'Under terms of use', 'strata'),
  gray: image('from-hell/gray.jpg', 'In gray for others', 'waves'),
  small: image('from-hell/small.jpg', 'Small for everybody, whole for nobody', 'tartan'),
  kiosk: image('from-hell/kiosk.jpg', 'For the exhibition', 'damask'),
  external: image('from-hell/external.jpg', 'For staff', 'fern'),
  closed: image('from-hell/closed.jpg', 'Closed to everybody', 'observatory'),
  lost: image('from-hell/lost.jpg', 'Not there', 'damask'),
  film: { path: 'lab/from-hell/film.mp4', label: 'A film, open', kind: 'film', format: 'video/mp4' },
  lockedFilm: { path: 'lab/from-hell/locked-film.mp4', label: 'A film, with a lower tier', kind: 'film', format: 'video/mp4' },
  stream: { path: 'lab/from-hell/stream/master.m3u8', label: 'A stream, locked', kind: 'stream', format: 'application/vnd.apple.mpegurl' },
  sound: { path: 'lab/from-hell/sound.mp3', label: 'A sound, locked', kind: 'sound', format: 'audio/mpeg' },
  lostSound: { path: 'lab/from-hell/lost.mp3', label: 'A sound that is not there', kind: 'sound', format: 'audio/mpeg' },
  pdf: { path: 'lab/from-hell/guide.pdf', label: 'A PDF, locked', kind: 'document', format: 'application/pdf' },
  epub: { path: 'lab/from-hell/guide.epub', label: 'An EPUB, open', kind: 'document', format: 'application/epub+zip' },
  model: { path: 'lab/from-hell/vase.glb', label: 'A model, under terms of use', kind: 'model', format: 'model/gltf-binary' },
  lostText: { path: 'lab/from-hell/lost.txt', label: 'A text that is not there', kind: 'text', format: 'text/plain' },
} as const satisfies Readonly<Record<string, LabContent>>;

/** Everything on one canvas each, and what no canvas can show beside them. */
const HELL_CANVASES = [
  HELL.open,
  HELL.login,
  HELL.terms,
  HELL.gray,
  HELL.small,
  HELL.kiosk,
  HELL.external,
  HELL.closed,
  HELL.lost,
  HELL.film,
  HELL.lockedFilm,
  HELL.stream,
  HELL.sound,
  HELL.lostSound,
] as const;
const HELL_RENDERINGS = [HELL.pdf, HELL.epub, HELL.model, HELL.lostText] as const;

const HELL_LABEL = 'The manifest from hell';
const HELL_ABOUT = 'One manifest that mixes what is open, locked, tiered, closed and missing, of every kind.';
const PLAIN = { ...image('plain-image/ledger.jpg', 'Ledger of the Harbour Office', 'ledger'), kind: 'plain image' } as const;
const PLAIN_LABEL = 'A plain image, locked';
const PLAIN_ABOUT = 'An image without an image service on the canvas. The services are on the image itself, as on a film.';
const CHOICE_LABEL = 'Choice bodies';
const CHOICE_ABOUT = 'A choice between an open picture, a locked one and one with a lower tier, on one canvas.';

/** Manifests that are a test by themselves. */
export const MANIFEST_CASES: readonly LabRecipe[] = [
  recipe({
    id: 'choice',
    group: 'manifests',
    title: CHOICE_LABEL,
    about: CHOICE_ABOUT,
    sections: [SECTION.content, SECTION.declaring2],
    steps: [
      'Show the first picture, which is open, and name the others. Ask nobody to sign in yet.',
      'When a reader chooses the second, go through its login; for the third show the gray version, and offer the login.',
      'Going back to the first needs nothing.',
    ],
    services: { 'lab-choice': LOGIN },
    policies: [
      { items: 'plain.jpg', allow: 'everyone' },
      { items: 'restored.jpg', allow: [{ service: 'lab-choice' }] },
      { allow: [{ service: 'lab-choice' }], otherwise: { name: 'gray', label: { en: ['In gray'], de: ['In Grau'] }, gray: true } },
    ],
    documents: {
      '2.1': manifest2(CHOICE_LABEL, CHOICE_ABOUT, [canvas2(1, 'A choice of three', [CHOICE.plain, CHOICE.locked, CHOICE.tiered])]),
      '3.0': manifest3(CHOICE_LABEL, CHOICE_ABOUT, [canvas3(1, 'A choice of three', [CHOICE.plain, CHOICE.locked, CHOICE.tiered])]),
    },
    items: [
      { file: 'plain.jpg', source: picture('ledger'), label: CHOICE.plain.label, expected: OPEN },
      {
        file: 'restored.jpg',
        source: picture('ledger'),
        label: CHOICE.locked.label,
        expected: lockedBut(through(['lab-choice'], 'reader')),
      },
      {
        file: 'infrared.jpg',
        source: picture('waves'),
        label: CHOICE.tiered.label,
        expected: tieredBut(through(['lab-choice'], 'reader')),
      },
    ],
  }),
  recipe({
    id: 'plain-image',
    group: 'manifests',
    title: PLAIN_LABEL,
    about: PLAIN_ABOUT,
    sections: [SECTION.content, SECTION.declaring2, SECTION.probe2],
    steps: [
      'Read the manifest: there is no information document to ask. The access services of 1.0 and the probe service of 2.0 are on the image.',
      'Ask the probe service, 401, or the image itself by HEAD, and offer the login.',
      'Afterwards show the image as it is: the cookie opens it.',
    ],
    services: { 'lab-plain-image': LOGIN },
    policies: [{ allow: [{ service: 'lab-plain-image' }] }],
    documents: {
      '2.1': manifest2(PLAIN_LABEL, PLAIN_ABOUT, [canvas2(1, PLAIN.label, [PLAIN])]),
      '3.0': manifest3(PLAIN_LABEL, PLAIN_ABOUT, [canvas3(1, PLAIN.label, [PLAIN])]),
    },
    items: [
      {
        file: 'ledger.jpg',
        source: picture('ledger'),
        label: PLAIN.label,
        expected: lockedBut(through(['lab-plain-image'], 'reader')),
      },
    ],
  }),
  recipe({
    id: 'two-probes',
    group: 'manifests',
    title: 'Two probe services',
    about:
      'A film that two access services open, each with a probe service of its own: one film, two twins of it, each under one of the services.',
    sections: [SECTION.workflow2],
    steps: [
      'Ask each probe service in the order of the manifest, until one says 200.',
      'Where none does, offer the access services of each. One of them is enough.',
      'Play the film when either probe service says 200.',
    ],
    services: { 'lab-two-probes-login': LOGIN, 'lab-two-probes-terms': CLICKTHROUGH },
    policies: [
      { items: 'by-login.mp4', allow: [{ service: 'lab-two-probes-login' }] },
      { items: 'by-terms.mp4', allow: [{ service: 'lab-two-probes-terms' }] },
      { allow: [{ service: 'lab-two-probes-login' }, { service: 'lab-two-probes-terms' }] },
    ],
    manifest: 'special',
    items: [
      {
        file: 'voyage.mp4',
        source: media('voyage-low.mp4'),
        label: 'A Voyage over the Glass Isles',
        expected: lockedBut(through(['lab-two-probes-login'], 'reader'), through(['lab-two-probes-terms'])),
      },
      {
        file: 'by-login.mp4',
        source: media('voyage-low.mp4'),
        label: 'Its twin for those who sign in',
        expected: [...lockedBut(through(['lab-two-probes-login'], 'reader')), all(through(['lab-two-probes-terms']), 401)],
      },
      {
        file: 'by-terms.mp4',
        source: media('voyage-low.mp4'),
        label: 'Its twin under terms of use',
        expected: [...lockedBut(through(['lab-two-probes-terms'])), all(through(['lab-two-probes-login'], 'reader'), 401)],
      },
    ],
  }),
  recipe({
    id: 'from-hell',
    group: 'manifests',
    title: HELL_LABEL,
    about: HELL_ABOUT,
    sections: [SECTION.manifest, SECTION.workflow1, SECTION.workflow2, SECTION.tiered2],
    steps: [
      'Open it. Whatever is wrong with one canvas, the others stand: no error ends the whole.',
      'Show what is open at once, and lesser versions where there are some.',
      'Ask for a sign-in only where a reader has come to; say on each canvas what it needs, in its own words.',
      'One sign-in opens all that names its service. What is closed or missing offers nothing to click.',
    ],
    services: {
      'lab-hell-login': LOGIN,
      'lab-hell-terms': CLICKTHROUGH,
      'lab-hell-kiosk': KIOSK,
      'lab-hell-external': EXTERNAL,
    },
    policies: [
      { items: 'open.jpg', allow: 'everyone' },
      { items: 'film.mp4', allow: 'everyone' },
      { items: 'guide.epub', allow: 'everyone' },
      { items: 'lost.*', allow: 'everyone' },
      { items: 'closed.jpg', allow: 'nobody' },
      { items: 'low/**', allow: 'nobody' },
      { items: 'small.jpg', allow: 'nobody', otherwise: { name: 'small', label: { en: ['Small'], de: ['Klein'] }, maxSize: 300 } },
      { items: 'terms.jpg', allow: [{ service: 'lab-hell-terms' }] },
      { items: 'vase.glb', allow: [{ service: 'lab-hell-terms' }] },
      { items: 'kiosk.jpg', allow: [{ service: 'lab-hell-kiosk' }] },
      { items: 'external.jpg', allow: [{ service: 'lab-hell-external' }] },
      {
        items: 'gray.jpg',
        allow: [{ service: 'lab-hell-login' }],
        otherwise: { name: 'gray', label: { en: ['In gray'], de: ['In Grau'] }, gray: true },
      },
      {
        items: 'locked-film.mp4',
        allow: [{ service: 'lab-hell-login' }],
        otherwise: { name: 'low', label: { en: ['In low quality'], de: ['In geringer Qualität'] }, item: '{folder}/low/{name}.{ending}' },
      },
      { allow: [{ service: 'lab-hell-login' }] },
    ],
    documents: {
      '2.1': manifest2(
        HELL_LABEL,
        HELL_ABOUT,
        HELL_CANVASES.filter(({ kind }) => kind === 'image').map((content, at) => canvas2(at + 1, content.label, [content])),
        [...HELL_CANVASES.filter(({ kind }) => kind !== 'image'), ...HELL_RENDERINGS],
      ),
      '3.0': manifest3(
        HELL_LABEL,
        HELL_ABOUT,
        HELL_CANVASES.map((content, at) => canvas3(at + 1, content.label, [content])),
        HELL_RENDERINGS,
      ),
    },
    items: [
      { ...inHell(HELL.open), source: picture('julia'), expected: OPEN },
      { ...inHell(HELL.login), source: picture('ledger'), expected: lockedBut(through(['lab-hell-login'], 'reader')) },
      { ...inHell(HELL.terms), source: picture('strata'), expected: lockedBut(through(['lab-hell-terms'])) },
      { ...inHell(HELL.gray), source: picture('waves'), expected: tieredBut(through(['lab-hell-login'], 'reader')) },
      {
        ...inHell(HELL.small),
        source: picture('tartan'),
        expected: [{ visitor: NOBODY, probe: 403, information: 302, content: 403, substitutes: 1 }],
      },
      { ...inHell(HELL.kiosk), source: picture('damask'), expected: lockedBut(through(['lab-hell-kiosk'])) },
      { ...inHell(HELL.external), source: picture('fern'), expected: lockedBut(signedIn('reader')) },
      { ...inHell(HELL.closed), source: picture('observatory'), expected: [all(NOBODY, 403)] },
      { ...inHell(HELL.lost), source: null, expected: [all(NOBODY, 404)] },
      { ...inHell(HELL.film), source: media('voyage-low.mp4'), expected: OPEN },
      { ...inHell(HELL.lockedFilm), source: media('voyage.mp4'), expected: tieredFileBut(through(['lab-hell-login'], 'reader')) },
      {
        file: 'low/locked-film.mp4',
        source: media('voyage-low.mp4'),
        label: 'The file of the lower tier, by its own address',
        expected: [all(NOBODY, 403)],
      },
      { ...inHell(HELL.stream), source: media('hls'), expected: lockedBut(through(['lab-hell-login'], 'reader')) },
      { ...inHell(HELL.sound), source: media('tune.mp3'), expected: lockedBut(through(['lab-hell-login'], 'reader')) },
      { ...inHell(HELL.lostSound), source: null, expected: [all(NOBODY, 404)] },
      { ...inHell(HELL.pdf), source: media('guide.pdf'), expected: lockedBut(through(['lab-hell-login'], 'reader')) },
      { ...inHell(HELL.epub), source: media('guide.epub'), expected: OPEN },
      { ...inHell(HELL.model), source: media('vase.glb'), expected: lockedBut(through(['lab-hell-terms'])) },
      { ...inHell(HELL.lostText), source: null, expected: [all(NOBODY, 404)] },
    ],
  }),
];

function image(file: string, label: string, of: LabPicture) {
  return { path: `lab/${file}`, label, kind: 'image', format: 'image/jpeg', picture: of } as const;
}

function inHell({ path, label }: LabContent): { readonly file: string; readonly label: string } {
  return { file: path.slice('lab/from-hell/'.length), label };
}
