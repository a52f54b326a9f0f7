import { both, CLICKTHROUGH, EXTERNAL, KIOSK, LOGIN, NOWHERE } from '../lab-services.ts';
import { all, type LabRecipe, lockedBut, NOBODY, OPEN, picture, recipe, signedIn, through } from '../recipe.ts';
import { SECTION } from '../spec-sections.ts';

/** Each interaction pattern by itself, and several together. */
export const PATTERN_CASES: readonly LabRecipe[] = [
  recipe({
    id: 'open',
    group: 'patterns',
    title: 'Open',
    about: 'A picture that everybody may see. Nothing in it tells of access control.',
    sections: [SECTION.workflow1, SECTION.workflow2],
    steps: [
      'Read the information document: status 200, and no service in it.',
      'Show the picture. Send no credentials, and open no window.',
    ],
    services: {},
    policies: [{ allow: 'everyone' }],
    items: [{ file: 'julia.jpg', source: picture('julia'), label: 'Dust and Spirals', expected: OPEN }],
  }),
  recipe({
    id: 'login',
    group: 'patterns',
    title: 'Standard login',
    about: 'A picture for those who sign in, and nothing instead of it for others.',
    sections: [SECTION.login1, SECTION.allOrNothing1, SECTION.active2],
    steps: [
      'Read the information document: 401, with its size, its tiles and both kinds of service. Or ask the probe service: its status is 401.',
      'Show label, heading and note of the access service, and a button with its confirmLabel.',
      'On a click, open the access service with ?origin= in a new window, and wait until it closes.',
      'Load the token service in a hidden frame with ?messageId= and &origin=. Take a message only from the origin of the token service.',
      'Ask again with the token as Authorization: Bearer. Now the status is 200, and the access cookie opens the picture.',
    ],
    services: { 'lab-login': LOGIN },
    policies: [{ allow: [{ service: 'lab-login' }] }],
    items: [
      {
        file: 'ledger.jpg',
        source: picture('ledger'),
        label: 'Ledger of the Harbour Office',
        expected: lockedBut(through(['lab-login'], 'reader')),
      },
    ],
  }),
  recipe({
    id: 'login-role',
    group: 'patterns',
    title: 'Login by somebody who may not',
    about: 'The sign-in works for everybody of the lab, and the picture is for the curator alone: an access token does not mean access.',
    sections: [SECTION.workflow1, SECTION.probe2],
    steps: [
      'Go through the login as reader: the token service gives a token.',
      'Ask again with the token: still 401. Show the error texts, and do not ask for tokens without end.',
      'Sign out, and come as curator: 200.',
    ],
    services: { 'lab-login-role': LOGIN },
    policies: [{ allow: [{ service: 'lab-login-role', roles: ['curator'] }] }],
    items: [
      {
        file: 'observatory.jpg',
        source: picture('observatory'),
        label: 'An Observatory',
        expected: [...lockedBut(through(['lab-login-role'], 'curator')), all(through(['lab-login-role'], 'reader'), 401)],
      },
    ],
  }),
  recipe({
    id: 'clickthrough',
    group: 'patterns',
    title: 'Clickthrough',
    about: 'A picture for whoever agrees to terms of use. Nobody has to say a name.',
    sections: [SECTION.clickthrough1, SECTION.active2],
    steps: [
      'Show the terms and the button. In 1.0 the profile is clickthrough, in 2.0 it is active like a login.',
      'On a click, open the access service in a new window. In 1.0 it closes without more questions, in 2.0 it may ask.',
      'Get the token, and ask again: 200.',
    ],
    services: { 'lab-clickthrough': CLICKTHROUGH },
    policies: [{ allow: [{ service: 'lab-clickthrough' }] }],
    items: [
      {
        file: 'strata.jpg',
        source: picture('strata'),
        label: 'Section through the Glass Isles',
        expected: lockedBut(through(['lab-clickthrough'])),
      },
    ],
  }),
  recipe({
    id: 'kiosk',
    group: 'patterns',
    title: 'Kiosk',
    about: 'A picture that opens without a question: a window of the exhibition lets in whoever opens it.',
    sections: [SECTION.kiosk1, SECTION.kiosk2],
    steps: [
      'Show no text and no button: open the access service at once in a window.',
      'When it closes, get the token, and ask again: 200.',
      'Where the browser stops the window, show the error texts, with a way to try again.',
    ],
    services: { 'lab-kiosk': KIOSK },
    policies: [{ allow: [{ service: 'lab-kiosk' }] }],
    items: [{ file: 'waves.jpg', source: picture('waves'), label: 'Waves at Moonrise', expected: lockedBut(through(['lab-kiosk'])) }],
  }),
  recipe({
    id: 'kiosk-elsewhere',
    group: 'patterns',
    title: 'Kiosk, but not here',
    about: 'A reading room by its network, in which you are not: nothing that a viewer does from here can help.',
    sections: [SECTION.kiosk1, SECTION.kiosk2, SECTION.tokenErrors2],
    steps: [
      'Open the access service at once. Its window says where the item can be seen.',
      'The token service answers with an error: missingAspect, in 1.0 missingCredentials.',
      'Show errorHeading and errorNote of the service, which say where to go, and stop.',
    ],
    services: {
      'lab-kiosk-elsewhere': {
        ...KIOSK,
        networks: [NOWHERE],
        errorHeading: { en: ['In the reading room only'], de: ['Nur im Lesesaal'] },
        errorNote: { en: ['Please come to the reading room of the lab.'], de: ['Bitte kommen Sie in den Lesesaal des Labors.'] },
      },
    },
    policies: [{ allow: [{ service: 'lab-kiosk-elsewhere' }] }],
    items: [{ file: 'damask.jpg', source: picture('damask'), label: 'Silk Damask', expected: [all(NOBODY, 401)] }],
  }),
  recipe({
    id: 'external',
    group: 'patterns',
    title: 'External, with a hidden sign-in page',
    about:
      'A picture for staff, who sign in on a page of the site that no viewer is told of: /sign-in. Others are never shown a sign-in that is of no use to them.',
    sections: [SECTION.external1, SECTION.external2],
    steps: [
      'Open no window: the access service has no address. Load the token service at once.',
      'Without the cookie it answers with an error: show errorHeading and errorNote.',
      'Sign in at /sign-in in another tab, and load the item again: now there is a token, and the picture opens without a question.',
    ],
    services: { 'lab-external': EXTERNAL },
    policies: [{ allow: [{ service: 'lab-external' }] }],
    items: [{ file: 'fern.jpg', source: picture('fern'), label: 'Fern, Plate XII', expected: lockedBut(signedIn('reader')) }],
  }),
  recipe({
    id: 'login-shared',
    group: 'patterns',
    title: 'One login for several items',
    about: 'Two pictures with the same access service: who has signed in for one has signed in for both.',
    sections: [SECTION.login1, SECTION.declaring2],
    steps: [
      'Go through the login at the first picture.',
      'Go on to the second. Its access service has the same id: use the token that you have, and do not ask again.',
    ],
    services: { 'lab-login-shared': LOGIN },
    policies: [{ allow: [{ service: 'lab-login-shared' }] }],
    items: [
      {
        file: 'ledger.jpg',
        source: picture('ledger'),
        label: 'Ledger of the Harbour Office',
        expected: lockedBut(through(['lab-login-shared'], 'reader')),
      },
      {
        file: 'waves.jpg',
        source: picture('waves'),
        label: 'Waves at Moonrise',
        expected: lockedBut(through(['lab-login-shared'], 'reader')),
      },
    ],
  }),
  recipe({
    id: 'clickthrough-shared',
    group: 'patterns',
    title: 'One clickthrough for several items',
    about: 'Two pictures under the same terms of use. They are agreed to once.',
    sections: [SECTION.clickthrough1, SECTION.declaring2],
    steps: ['Agree to the terms at the first picture.', 'Go on to the second: no question any more.'],
    services: { 'lab-clickthrough-shared': CLICKTHROUGH },
    policies: [{ allow: [{ service: 'lab-clickthrough-shared' }] }],
    items: [
      {
        file: 'tartan.jpg',
        source: picture('tartan'),
        label: 'Tartan of the Glass Isles',
        expected: lockedBut(through(['lab-clickthrough-shared'])),
      },
      { file: 'damask.jpg', source: picture('damask'), label: 'Silk Damask', expected: lockedBut(through(['lab-clickthrough-shared'])) },
    ],
  }),
  recipe({
    id: 'clickthrough-external',
    group: 'patterns',
    title: 'Clickthrough and external together',
    about: 'Two access services on one picture: staff get in by what they have, everybody else by agreeing to terms.',
    sections: [SECTION.workflow1, SECTION.declaring2, SECTION.external2],
    steps: [
      'Try the services in the order of the specifications: external, kiosk, and what asks a person last.',
      'The token service of the external one answers with an error, unless somebody signed in at /sign-in. Go on without showing it.',
      'Show the terms. When they are agreed to, ask again: 200.',
    ],
    services: { 'lab-both-external': EXTERNAL, 'lab-both-clickthrough': CLICKTHROUGH },
    policies: [{ allow: [{ service: 'lab-both-external' }, { service: 'lab-both-clickthrough' }] }],
    items: [
      {
        file: 'observatory.jpg',
        source: picture('observatory'),
        label: 'An Observatory',
        expected: lockedBut(through(['lab-both-clickthrough']), signedIn('reader')),
      },
    ],
  }),
  recipe({
    id: 'book',
    group: 'patterns',
    title: 'A book whose pages share one login',
    about: 'Four pages of a manuscript in one manifest. The access service is in full once, and by reference after.',
    sections: [SECTION.login1, SECTION.declaring2, SECTION.manifest],
    steps: [
      'Read the manifest. In 3.0 the access service is in full in its services; each page refers to it. In 2.1 the first page has it in full.',
      'Go through the login on any page.',
      'Turn pages: every one opens, and nobody is asked again.',
    ],
    services: { 'lab-book': LOGIN },
    policies: [{ allow: [{ service: 'lab-book' }] }],
    items: [1, 2, 3, 4].map((page) => ({
      file: `leaf-${page}.jpg`,
      source: picture('manuscript', page),
      label: `Leaf ${page}`,
      expected: lockedBut(through(['lab-book'], 'reader')),
    })),
  }),
  recipe({
    id: 'per-item',
    group: 'patterns',
    title: 'A service for each item',
    about:
      'Two pictures, each with an access service of its own, though their texts are the same. Agreeing for one does not open the other.',
    sections: [SECTION.declaring2, SECTION.clickthrough1],
    steps: [
      'Agree to the terms at the first picture: its access service has the path of the picture in its id.',
      'Go on to the second. Its service has another id: the token that you have is of no use, so offer the terms again.',
    ],
    services: { 'lab-per-item': { ...CLICKTHROUGH, perItem: true } },
    policies: [{ allow: [{ service: 'lab-per-item' }] }],
    items: [
      {
        file: 'tartan.jpg',
        source: picture('tartan'),
        label: 'Tartan of the Glass Isles',
        expected: [
          ...lockedBut(through(['lab-per-item/lab/per-item/tartan.jpg'])),
          all(through(['lab-per-item/lab/per-item/waves.jpg']), 401),
        ],
      },
      {
        file: 'waves.jpg',
        source: picture('waves'),
        label: 'Waves at Moonrise',
        expected: [
          ...lockedBut(through(['lab-per-item/lab/per-item/waves.jpg'])),
          all(through(['lab-per-item/lab/per-item/tartan.jpg']), 401),
        ],
      },
    ],
  }),
  recipe({
    id: 'other-texts',
    group: 'patterns',
    title: 'One service, different texts',
    about: 'Two pictures with the same access service, whose note is another one on each.',
    sections: [SECTION.declaring2, SECTION.active2],
    steps: [
      'Show the note that stands with the picture, not the one that you saw first.',
      'Who has agreed at the first picture has agreed for both: the id is the same.',
    ],
    services: { 'lab-other-texts': CLICKTHROUGH },
    policies: [
      {
        items: 'map.jpg',
        allow: [{ service: 'lab-other-texts', note: both('This drawing may be printed.', 'Diese Zeichnung darf gedruckt werden.') }],
      },
      { allow: [{ service: 'lab-other-texts', note: both('This page may only be read.', 'Diese Seite darf nur gelesen werden.') }] },
    ],
    items: [
      {
        file: 'map.jpg',
        source: picture('strata'),
        label: 'Section through the Glass Isles',
        expected: lockedBut(through(['lab-other-texts'])),
      },
      { file: 'page.jpg', source: picture('manuscript'), label: 'Leaf 1', expected: lockedBut(through(['lab-other-texts'])) },
    ],
  }),
];
