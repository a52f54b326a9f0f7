import { CLICKTHROUGH, EXTERNAL, KIOSK, LOGIN } from '../lab-services.ts';
import { all, type LabRecipe, lockedBut, media, NOBODY, OPEN, picture, recipe, signedIn, through } from '../recipe.ts';
import { SECTION } from '../spec-sections.ts';

/** Items that every viewer of the lab gets without cookies, though no origin is on the list of the options. */
export function isInLocationCase(identifier: string): boolean {
  return identifier.startsWith('lab/probe-302/');
}

/** What a probe result says. */
export const PROBE_CASES: readonly LabRecipe[] = [
  recipe({
    id: 'probe-200',
    group: 'probe',
    title: 'Probe: 200',
    about: 'An open picture has a probe service too, though nothing points to it. Its result has a status and nothing else.',
    sections: [SECTION.probe2],
    steps: ['Ask the probe service of the item: HTTP 200, and status 200 in the body. Show the picture.'],
    services: {},
    policies: [{ allow: 'everyone' }],
    items: [{ file: 'damask.jpg', source: picture('damask'), label: 'Silk Damask', expected: OPEN }],
  }),
  recipe({
    id: 'probe-401',
    group: 'probe',
    title: 'Probe: 401, one for each profile',
    about:
      'Three pictures, each with one access service: active, kiosk and external. The answer to HTTP is 200 in every case; the status is in the body.',
    sections: [SECTION.probe2, SECTION.active2, SECTION.kiosk2, SECTION.external2],
    steps: [
      'Read status, heading and note from the body, not from HTTP.',
      'active: ask the person first. kiosk: open the window at once. external: open none.',
      'Ask the probe service again with the token: 200.',
    ],
    services: { 'lab-active': CLICKTHROUGH, 'lab-probe-kiosk': KIOSK, 'lab-probe-external': EXTERNAL },
    policies: [
      { items: 'active.jpg', allow: [{ service: 'lab-active' }] },
      { items: 'kiosk.jpg', allow: [{ service: 'lab-probe-kiosk' }] },
      { items: 'external.jpg', allow: [{ service: 'lab-probe-external' }] },
    ],
    items: [
      { file: 'active.jpg', source: picture('strata'), label: 'Profile active', expected: lockedBut(through(['lab-active'])) },
      { file: 'kiosk.jpg', source: picture('tartan'), label: 'Profile kiosk', expected: lockedBut(through(['lab-probe-kiosk'])) },
      { file: 'external.jpg', source: picture('fern'), label: 'Profile external', expected: lockedBut(signedIn('reader')) },
    ],
  }),
  recipe({
    id: 'probe-302',
    group: 'probe',
    title: 'Probe: 302, with a location',
    about:
      'A picture and a film that are somewhere else for whoever has a token: at an address that needs no cookie. Elsewhere the option contentWithoutCookies says which viewers get such addresses; here every viewer does.',
    sections: [SECTION.location2, SECTION.probe2],
    steps: [
      'Ask the probe service: 401. Go through the login, and ask with the token: status 302, and a location with an id.',
      'Show what is at the location, in place of the item. Send no cookie and no token with it.',
      'Keep the address to yourself: whoever has it, has the item, until the sign-out.',
      '1.0: the information document that the token opens has that address as its id.',
    ],
    services: { 'lab-probe-302': LOGIN },
    policies: [{ allow: [{ service: 'lab-probe-302' }] }],
    items: [
      {
        file: 'waves.jpg',
        source: picture('waves'),
        label: 'Waves at Moonrise',
        expected: [all(NOBODY, 401), { visitor: through(['lab-probe-302'], 'reader'), probe: 302, information: 200, content: 200 }],
      },
      {
        file: 'voyage.mp4',
        source: media('voyage.mp4'),
        label: 'A Voyage over the Glass Isles',
        expected: [all(NOBODY, 401), { visitor: through(['lab-probe-302'], 'reader'), probe: 302, content: 200 }],
      },
    ],
  }),
  recipe({
    id: 'probe-403',
    group: 'probe',
    manifest: null,
    title: 'Probe: 403, closed to everybody',
    about: 'A picture that nobody may see. No sign-in helps, so there is no service to open.',
    sections: [SECTION.probe2],
    steps: ['Ask the probe service: status 403, with a heading and a note.', 'Show both, and offer nothing to click.'],
    services: {},
    policies: [{ allow: 'nobody' }],
    items: [
      {
        file: 'observatory.jpg',
        source: picture('observatory'),
        label: 'An Observatory',
        expected: [all(NOBODY, 403), all(signedIn('curator'), 403)],
      },
    ],
  }),
  recipe({
    id: 'probe-403-embargo',
    group: 'probe',
    manifest: null,
    title: 'Probe: 403, an embargo',
    about:
      'A picture that opens to everybody on the first of January 2099, and to nobody before. The probe says the date, in the languages of its readers.',
    sections: [SECTION.probe2],
    steps: [
      'Ask the probe service: status 403, and the date in heading and note.',
      'Show both, in the language of your reader, and offer nothing to click.',
    ],
    services: {},
    policies: [{ allow: 'everyone', embargoUntil: '2099-01-01' }],
    items: [
      {
        file: 'strata.jpg',
        source: picture('strata'),
        label: 'Section through the Glass Isles',
        expected: [all(NOBODY, 403), all(signedIn('curator'), 403)],
      },
    ],
  }),
  recipe({
    id: 'probe-401-embargo',
    group: 'probe',
    title: 'Probe: 401, an embargo for others',
    about: 'Until 2099 the picture is for the curator, and then for everybody.',
    sections: [SECTION.probe2, SECTION.active2],
    steps: [
      'Ask the probe service: 401, with the access service that opens it before the date.',
      'Sign in as curator: 200. As reader: 401, though the token is good.',
    ],
    services: { 'lab-embargo': LOGIN },
    policies: [{ allow: 'everyone', embargoUntil: '2099-01-01', duringEmbargo: [{ service: 'lab-embargo', roles: ['curator'] }] }],
    items: [
      {
        file: 'fern.jpg',
        source: picture('fern'),
        label: 'Fern, Plate XII',
        expected: [...lockedBut(through(['lab-embargo'], 'curator')), all(through(['lab-embargo'], 'reader'), 401)],
      },
    ],
  }),
  recipe({
    id: 'probe-404',
    group: 'probe',
    manifest: null,
    title: 'Probe: 404, an item that is not there',
    about: 'An identifier under which there is nothing.',
    sections: [SECTION.probe2],
    steps: ['Ask the probe service: HTTP 200, and status 404 in the body.', 'Show heading and note, and offer nothing to click.'],
    services: {},
    policies: [{ allow: 'everyone' }],
    items: [{ file: 'lost.jpg', source: null, label: 'A lost picture', expected: [all(NOBODY, 404), all(signedIn('curator'), 404)] }],
  }),
  recipe({
    id: 'probe-two-services',
    group: 'probe',
    title: 'Two services, one of them elsewhere',
    about: 'A login and a reading room on one picture. From here only the login can help, so it is the one that is offered.',
    sections: [SECTION.declaring2, SECTION.kiosk2],
    steps: ['Ask the probe service: 401.', 'Offer the login. Who is in the reading room has 200 at once.'],
    services: { 'lab-two-login': LOGIN, 'lab-two-room': { ...KIOSK, networks: ['192.0.2.0/24'] } },
    policies: [{ allow: [{ service: 'lab-two-login' }, { service: 'lab-two-room' }] }],
    items: [
      {
        file: 'ledger.jpg',
        source: picture('ledger'),
        label: 'Ledger of the Harbour Office',
        expected: lockedBut(through(['lab-two-login'], 'reader')),
      },
    ],
  }),
];
