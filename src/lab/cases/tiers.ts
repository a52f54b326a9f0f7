import { CLICKTHROUGH, LOGIN } from '../lab-services.ts';
import { all, type LabRecipe, NOBODY, picture, recipe, through, tieredBut } from '../recipe.ts';
import { SECTION } from '../spec-sections.ts';

/** Lesser versions for those who may not see the whole. */
export const TIER_CASES: readonly LabRecipe[] = [
  recipe({
    id: 'login-gray',
    group: 'tiers',
    title: 'Login with a gray lower tier',
    about: 'Everybody sees the picture in gray, and in colour after a sign-in.',
    sections: [SECTION.tiered1, SECTION.tiered2, SECTION.substitute2],
    steps: [
      '1.0: the information document sends you on with 302. The document there has another id, and the services of the whole picture: show it, and offer the sign-in beside it.',
      '2.0: the probe says 401 with one substitute. Show that, and offer the sign-in.',
      'After the sign-in ask for the first document again, with the token: 200, in colour. Draw the picture anew.',
    ],
    services: { 'lab-login-gray': LOGIN },
    policies: [
      {
        allow: [{ service: 'lab-login-gray' }],
        otherwise: { name: 'gray', label: { en: ['In gray'], de: ['In Grau'] }, gray: true },
      },
    ],
    items: [
      {
        file: 'waves.jpg',
        source: picture('waves'),
        label: 'Waves at Moonrise',
        expected: tieredBut(through(['lab-login-gray'], 'reader')),
      },
      { file: 'waves.jpg/~gray', source: null, label: 'Waves at Moonrise, in gray', expected: [all(NOBODY, 200)] },
    ],
  }),
  recipe({
    id: 'clickthrough-small',
    group: 'tiers',
    title: 'Clickthrough with a small, watermarked tier',
    about:
      'Before anybody agrees to the terms there is a version of 400 pixels with the name of the lab across it. No region and no format of it shows more.',
    sections: [SECTION.tiered1, SECTION.tiered2, SECTION.sizes],
    steps: [
      'Show the small version at once: its information document says how large it is, and nothing larger is there.',
      'Offer the terms. When they are agreed to, ask for the first document again.',
    ],
    services: { 'lab-clickthrough-small': CLICKTHROUGH },
    policies: [
      {
        allow: [{ service: 'lab-clickthrough-small' }],
        otherwise: {
          name: 'small',
          label: { en: ['A small version'], de: ['Eine kleine Fassung'] },
          maxSize: 400,
          watermark: 'Vitrine Lab',
        },
      },
    ],
    items: [
      {
        file: 'ledger.jpg',
        source: picture('ledger'),
        label: 'Ledger of the Harbour Office',
        expected: tieredBut(through(['lab-clickthrough-small'])),
      },
      { file: 'ledger.jpg/~small', source: null, label: 'The same, small', expected: [all(NOBODY, 200)] },
    ],
  }),
  recipe({
    id: 'substitutes-several',
    group: 'tiers',
    title: 'Several substitutes',
    about: 'Three versions of one picture: for the curator the whole, for readers one in gray, and one of 300 pixels for everybody.',
    sections: [SECTION.substitute2, SECTION.tiered2, SECTION.tiered1],
    steps: [
      'Before a sign-in the best version that you may see is the small one. 1.0 sends you there; 2.0 names it first, and after it the gray one with its services.',
      'Sign in as reader: the probe still says 401, and now it offers the gray version before the small one. Choose the first that you can show.',
      'Sign in as curator: 200.',
    ],
    services: { 'lab-substitutes': LOGIN },
    policies: [
      {
        allow: [{ service: 'lab-substitutes', roles: ['curator'] }],
        otherwise: [
          {
            name: 'gray',
            label: { en: ['In gray'], de: ['In Grau'] },
            gray: true,
            for: [{ service: 'lab-substitutes', roles: ['reader'] }],
          },
          { name: 'small', label: { en: ['Small'], de: ['Klein'] }, maxSize: 300 },
        ],
      },
    ],
    items: [
      {
        file: 'tartan.jpg',
        source: picture('tartan'),
        label: 'Tartan of the Glass Isles',
        expected: [
          { visitor: NOBODY, probe: 401, information: 302, content: 401, substitutes: 2 },
          all(through(['lab-substitutes'], 'curator'), 200),
          { visitor: through(['lab-substitutes'], 'reader'), probe: 401, information: 302, content: 401, substitutes: 2 },
        ],
      },
      {
        file: 'tartan.jpg/~gray',
        source: null,
        label: 'The same in gray',
        expected: [all(NOBODY, 401), all(through(['lab-substitutes'], 'reader'), 200), all(through(['lab-substitutes'], 'curator'), 200)],
      },
      { file: 'tartan.jpg/~small', source: null, label: 'The same, small', expected: [all(NOBODY, 200)] },
    ],
  }),
  recipe({
    id: 'substitute-locked',
    group: 'tiers',
    title: 'A substitute that is locked itself',
    about: 'The whole picture is for the curator, the one in gray for whoever agrees to terms. Nobody gets anything at once.',
    sections: [SECTION.substitute2, SECTION.tiered2],
    steps: [
      'The probe says 401, with one substitute. That has a probe service and an access service of its own: the terms.',
      'Offer both: the login for the whole picture, and the terms for the gray one.',
      'Agree to the terms, and ask the probe service of the substitute with that token: 200. The item itself stays at 401.',
    ],
    services: { 'lab-substitute-login': LOGIN, 'lab-substitute-terms': CLICKTHROUGH },
    policies: [
      {
        allow: [{ service: 'lab-substitute-login', roles: ['curator'] }],
        otherwise: { name: 'gray', label: { en: ['In gray'], de: ['In Grau'] }, gray: true, for: [{ service: 'lab-substitute-terms' }] },
      },
    ],
    items: [
      {
        file: 'strata.jpg',
        source: picture('strata'),
        label: 'Section through the Glass Isles',
        expected: [
          { visitor: NOBODY, probe: 401, information: 401, content: 401, substitutes: 1 },
          { visitor: through(['lab-substitute-terms']), probe: 401, information: 302, content: 401, substitutes: 1 },
          all(through(['lab-substitute-login'], 'curator'), 200),
        ],
      },
      {
        file: 'strata.jpg/~gray',
        source: null,
        label: 'The same in gray',
        expected: [all(NOBODY, 401), all(through(['lab-substitute-terms']), 200), all(through(['lab-substitute-login'], 'curator'), 200)],
      },
    ],
  }),
  recipe({
    id: 'open-max-size',
    group: 'tiers',
    title: 'Open, with an enforced size',
    about: 'Everybody may zoom into the picture, and no answer is longer than 512 pixels. The whole of it, in one piece, is for nobody.',
    sections: [SECTION.sizes, SECTION.tiered1],
    steps: [
      'Follow the redirect of the information document. The one there has the full width and height, and maxWidth and maxHeight of 512.',
      'Ask for tiles, and for no image beyond these limits: what is larger is refused.',
    ],
    services: {},
    policies: [{ allow: 'nobody', otherwise: { name: 'zoom', label: { en: ['To zoom into'], de: ['Zum Hineinzoomen'] }, maxOutput: 512 } }],
    items: [
      {
        file: 'observatory.jpg',
        source: picture('observatory'),
        label: 'An Observatory',
        expected: [{ visitor: NOBODY, probe: 403, information: 302, content: 403, substitutes: 1 }],
      },
      { file: 'observatory.jpg/~zoom', source: null, label: 'The same, to zoom into', expected: [all(NOBODY, 200)] },
    ],
  }),
  recipe({
    id: 'zoom-download',
    group: 'tiers',
    title: 'Zoom for all, download for the signed-in',
    about: 'Everybody may look at every detail, in answers of at most 512 pixels. Who signs in may have the whole picture.',
    sections: [SECTION.tiered1, SECTION.tiered2, SECTION.sizes],
    steps: [
      'Show the version to zoom into at once: it has the full size and all its tiles.',
      'Offer the download only for what the information document allows: up to maxWidth and maxHeight.',
      'After the sign-in ask for the first document again: no limit any more.',
    ],
    services: { 'lab-zoom': LOGIN },
    policies: [
      {
        allow: [{ service: 'lab-zoom' }],
        otherwise: { name: 'zoom', label: { en: ['To zoom into'], de: ['Zum Hineinzoomen'] }, maxOutput: 512 },
      },
    ],
    items: [
      { file: 'fern.jpg', source: picture('fern'), label: 'Fern, Plate XII', expected: tieredBut(through(['lab-zoom'], 'reader')) },
      { file: 'fern.jpg/~zoom', source: null, label: 'The same, to zoom into', expected: [all(NOBODY, 200)] },
    ],
  }),
];
