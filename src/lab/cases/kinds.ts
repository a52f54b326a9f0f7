import { CLICKTHROUGH, LOGIN } from '../lab-services.ts';
import { all, type LabRecipe, lockedBut, media, NOBODY, OPEN, picture, recipe, through, tieredFileBut } from '../recipe.ts';
import { SECTION } from '../spec-sections.ts';

const LOW = { name: 'low', label: { en: ['In low quality'], de: ['In geringer Qualität'] } } as const;

/** Films, sound, documents, models and streams. */
export const KIND_CASES: readonly LabRecipe[] = [
  recipe({
    id: 'film-open',
    group: 'kinds',
    title: 'Film, open',
    about: 'A short film as MP4 and as WebM, for everybody, in whole or in parts.',
    sections: [SECTION.interaction1, SECTION.workflow2],
    steps: ['Play it. It has no service, so send no token and no HEAD.', 'Seek: the server answers 206 to ranges.'],
    services: {},
    policies: [{ allow: 'everyone' }],
    items: [
      { file: 'voyage.mp4', source: media('voyage.mp4'), label: 'A Voyage over the Glass Isles', expected: OPEN },
      { file: 'voyage.webm', source: media('voyage.webm'), label: 'The same voyage as WebM', expected: OPEN },
    ],
  }),
  recipe({
    id: 'film-locked',
    group: 'kinds',
    title: 'Film, locked: the file is its own probe',
    about: 'Authentication 1.0 has no probe service: a viewer asks HEAD of the file itself, with its token, whether the cookie will do.',
    sections: [SECTION.interaction1, SECTION.login1],
    steps: [
      'Ask HEAD of the file: 401. Go through the login.',
      'Ask HEAD again with Authorization: Bearer: 200. A GET with the token alone stays 401, because a token never opens content.',
      'Play the file: the access cookie opens it.',
    ],
    services: { 'lab-film-locked': LOGIN },
    policies: [{ allow: [{ service: 'lab-film-locked' }] }],
    items: [
      {
        file: 'voyage.mp4',
        source: media('voyage.mp4'),
        label: 'A Voyage over the Glass Isles',
        expected: lockedBut(through(['lab-film-locked'], 'reader')),
      },
    ],
  }),
  recipe({
    id: 'film-probe',
    group: 'kinds',
    title: 'Film, locked: with a probe service',
    about: 'Authorization Flow 2.0 asks a probe service, and never the file, until the file may be played.',
    sections: [SECTION.probe2, SECTION.workflow2, SECTION.active2],
    steps: [
      'Ask the probe service: 401 in its body. Do not ask the file.',
      'Agree to the terms, get the token, and ask the probe service with it: 200.',
      'Play the file: the access cookie opens it.',
    ],
    services: { 'lab-film-probe': CLICKTHROUGH },
    policies: [{ allow: [{ service: 'lab-film-probe' }] }],
    items: [
      {
        file: 'voyage.webm',
        source: media('voyage.webm'),
        label: 'A Voyage over the Glass Isles',
        expected: lockedBut(through(['lab-film-probe'])),
      },
    ],
  }),
  recipe({
    id: 'sound-low',
    group: 'kinds',
    title: 'A low-quality sound, standing alone',
    about: 'The lower tier of a sound that is nowhere here: open to everybody, an item like any other.',
    sections: [SECTION.interaction1],
    steps: ['Play it. Nothing in it says that a better one is somewhere else.'],
    services: {},
    policies: [{ allow: 'everyone' }],
    items: [{ file: 'tune-low.mp3', source: media('tune-low.mp3'), label: 'A Tune, in low quality', expected: OPEN }],
  }),
  recipe({
    id: 'sound-locked',
    group: 'kinds',
    title: 'Sound, locked',
    about: 'A tune as MP3 and as Ogg Vorbis behind one login.',
    sections: [SECTION.interaction1, SECTION.probe2],
    steps: ['Ask the probe service: 401. Go through the login once.', 'Play either file: the cookie opens both.'],
    services: { 'lab-sound-locked': LOGIN },
    policies: [{ allow: [{ service: 'lab-sound-locked' }] }],
    items: [
      { file: 'tune.mp3', source: media('tune.mp3'), label: 'A Tune', expected: lockedBut(through(['lab-sound-locked'], 'reader')) },
      {
        file: 'tune.ogg',
        source: media('tune.ogg'),
        label: 'A Tune, as Ogg',
        expected: lockedBut(through(['lab-sound-locked'], 'reader')),
      },
    ],
  }),
  recipe({
    id: 'documents-locked',
    group: 'kinds',
    title: 'Documents, locked',
    about: 'A PDF, an EPUB and a plain text under terms of use.',
    sections: [SECTION.interaction1, SECTION.probe2],
    steps: ['Ask the probe service before you offer the link: 401.', 'Agree to the terms once; then each of the three opens.'],
    services: { 'lab-documents': CLICKTHROUGH },
    policies: [{ allow: [{ service: 'lab-documents' }] }],
    items: [
      {
        file: 'guide.pdf',
        source: media('guide.pdf'),
        label: 'A Guide to the Glass Isles',
        expected: lockedBut(through(['lab-documents'])),
      },
      { file: 'guide.epub', source: media('guide.epub'), label: 'The same guide as EPUB', expected: lockedBut(through(['lab-documents'])) },
      { file: 'log.txt', source: media('log.txt'), label: 'Log of the Clearwater', expected: lockedBut(through(['lab-documents'])) },
    ],
  }),
  recipe({
    id: 'model-locked',
    group: 'kinds',
    title: 'A locked model',
    about: 'A glazed vase as glTF, in its two forms: binary, and as JSON. Its texture is within.',
    sections: [SECTION.interaction1, SECTION.probe2],
    steps: ['Ask the probe service: 401. Go through the login.', 'Load the model with credentials: the cookie opens it.'],
    services: { 'lab-model': LOGIN },
    policies: [{ allow: [{ service: 'lab-model' }] }],
    items: [
      { file: 'vase.glb', source: media('vase.glb'), label: 'Glazed Vase', expected: lockedBut(through(['lab-model'], 'reader')) },
      { file: 'vase.gltf', source: media('vase.gltf'), label: 'The same as JSON', expected: lockedBut(through(['lab-model'], 'reader')) },
    ],
  }),
  recipe({
    id: 'dash-open',
    group: 'kinds',
    title: 'DASH, open',
    about: 'A stream of segments of two seconds, for everybody. The item is its playlist.',
    sections: [SECTION.workflow2],
    steps: ['Give the playlist to a player of MPEG-DASH. It finds the segments beside it.'],
    services: {},
    policies: [{ allow: 'everyone' }],
    items: [{ file: 'manifest.mpd', source: media('dash'), label: 'A Voyage over the Glass Isles', expected: OPEN }],
  }),
  recipe({
    id: 'hls-locked',
    group: 'kinds',
    title: 'HLS, locked',
    about: 'A stream behind a login. Playlists and segments are judged as one item: whoever may not have the playlist gets no segment.',
    sections: [SECTION.probe2, SECTION.interaction1],
    steps: [
      'Ask the probe service of the playlist: 401. Go through the login.',
      'Let the player send credentials (withCredentials), with the playlists and with each segment.',
    ],
    services: { 'lab-hls': LOGIN },
    policies: [{ allow: [{ service: 'lab-hls' }] }],
    items: [
      {
        file: 'master.m3u8',
        source: media('hls'),
        label: 'A Voyage over the Glass Isles',
        expected: lockedBut(through(['lab-hls'], 'reader')),
      },
    ],
  }),
  recipe({
    id: 'sound-tier',
    group: 'kinds',
    title: 'Sound with a lower tier',
    about: 'A tune for those who sign in, and a version in low quality for everybody: another file, named by the policy.',
    sections: [SECTION.tiered1, SECTION.tiered2, SECTION.substitute2],
    steps: [
      '1.0: the file sends you on with 302, to HEAD as well. Play what is there, and offer the sign-in.',
      '2.0: the probe says 401 with one substitute. Play that, and offer the sign-in.',
      'After the sign-in play the item itself, from the same second on.',
    ],
    services: { 'lab-sound-tier': LOGIN },
    policies: [
      { items: '*-low.mp3', allow: 'nobody' },
      { allow: [{ service: 'lab-sound-tier' }], otherwise: { ...LOW, item: '{folder}/{name}-low.{ending}' } },
    ],
    manifest: 'tune.mp3',
    items: [
      { file: 'tune.mp3', source: media('tune.mp3'), label: 'A Tune', expected: tieredFileBut(through(['lab-sound-tier'], 'reader')) },
      { file: 'tune.mp3/~low', source: null, label: 'A Tune, in low quality', expected: OPEN },
      {
        file: 'tune-low.mp3',
        source: media('tune-low.mp3'),
        label: 'The file of the tier, by its own address',
        expected: [all(NOBODY, 403)],
      },
    ],
  }),
  recipe({
    id: 'film-tier',
    group: 'kinds',
    title: 'Film with a lower tier',
    about: 'A film for whoever agrees to terms, and a small one in gray for everybody.',
    sections: [SECTION.tiered1, SECTION.tiered2, SECTION.substitute2],
    steps: [
      'Ask the probe service: 401, with one substitute of type Video. Play it.',
      'Offer the terms. When they are agreed to, change to the item itself.',
    ],
    services: { 'lab-film-tier': CLICKTHROUGH },
    policies: [
      { items: '*-low.mp4', allow: 'nobody' },
      { allow: [{ service: 'lab-film-tier' }], otherwise: { ...LOW, item: '{folder}/{name}-low.{ending}' } },
    ],
    manifest: 'voyage.mp4',
    items: [
      {
        file: 'voyage.mp4',
        source: media('voyage.mp4'),
        label: 'A Voyage over the Glass Isles',
        expected: tieredFileBut(through(['lab-film-tier'])),
      },
      { file: 'voyage.mp4/~low', source: null, label: 'The same, small and gray', expected: OPEN },
      {
        file: 'voyage-low.mp4',
        source: media('voyage-low.mp4'),
        label: 'The file of the tier, by its own address',
        expected: [all(NOBODY, 403)],
      },
    ],
  }),
  recipe({
    id: 'pdf-rendering',
    group: 'kinds',
    title: 'A locked PDF as rendering',
    about:
      'Two pictures for everybody, and the PDF of the whole book for those who sign in. In the manifest it is a rendering, with the services on it.',
    sections: [SECTION.rendering, SECTION.probe2],
    steps: [
      'Show the pictures. Ask the probe service of the rendering before you offer the download: 401.',
      'Go through the login; then the link opens the PDF, by the cookie.',
    ],
    services: { 'lab-pdf': LOGIN },
    policies: [{ items: '*.pdf', allow: [{ service: 'lab-pdf' }] }, { allow: 'everyone' }],
    items: [
      { file: 'leaf-1.jpg', source: picture('manuscript', 1), label: 'Leaf 1', expected: OPEN },
      { file: 'leaf-2.jpg', source: picture('manuscript', 2), label: 'Leaf 2', expected: OPEN },
      {
        file: 'guide.pdf',
        source: media('guide.pdf'),
        label: 'A Guide to the Glass Isles',
        expected: lockedBut(through(['lab-pdf'], 'reader')),
      },
    ],
  }),
  recipe({
    id: 'dash-tier',
    group: 'kinds',
    title: 'DASH, locked, with a lower tier',
    about: 'A stream behind a login, and a small one in gray for everybody: another playlist with segments of its own.',
    sections: [SECTION.tiered2, SECTION.substitute2, SECTION.probe2],
    steps: [
      'Ask the probe service: 401, with one substitute, which is a playlist too. Play it: its segments are open with it.',
      'After the sign-in play the item itself, and let the player send credentials with each segment.',
    ],
    services: { 'lab-dash-tier': LOGIN },
    policies: [
      { items: 'low/**', allow: 'nobody' },
      { allow: [{ service: 'lab-dash-tier' }], otherwise: { ...LOW, item: 'lab/dash-tier/low/manifest.mpd' } },
    ],
    manifest: 'full/manifest.mpd',
    items: [
      {
        file: 'full/manifest.mpd',
        source: media('dash'),
        label: 'A Voyage over the Glass Isles',
        expected: tieredFileBut(through(['lab-dash-tier'], 'reader')),
      },
      {
        file: 'low/manifest.mpd',
        source: media('dash-low'),
        label: 'The stream of the tier, by its own address',
        expected: [all(NOBODY, 403)],
      },
    ],
  }),
];
