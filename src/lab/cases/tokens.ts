import type { LabTokenRequest } from '../../domain/lab-case.ts';
import { CLICKTHROUGH, LOGIN } from '../lab-services.ts';
import { all, type LabRecipe, lockedBut, NOBODY, picture, recipe, through } from '../recipe.ts';
import { SECTION } from '../spec-sections.ts';

/** The service whose tokens are never stored: `failing-tokens.ts` sees to it. */
export const UNAVAILABLE_SERVICE = 'lab-token-unavailable';

/** What an access token service says. */
export const TOKEN_CASES: readonly LabRecipe[] = [
  tokenCase({
    id: 'token-issued',
    title: 'A token, in both specifications',
    about: 'The token service as it should be: a message with accessToken, expiresIn and your messageId, and in 2.0 a type.',
    steps: [
      'Load the token service in a frame, after the access service has closed.',
      'Take the message only where event.origin is that of the token service and messageId is yours.',
      'Use the token until expiresIn is over; ask for the next one before.',
    ],
    service: 'lab-token-issued',
    request: (service) => ({ visitor: through([service]), messageId: true, origin: 'own', profile: null, error: null }),
  }),
  tokenCase({
    id: 'token-invalid-request',
    title: 'Token error: invalidRequest',
    about: 'A request without origin is incomplete.',
    steps: [
      'Leave out origin: the page says what is wrong to a person, and has nobody to post to.',
      'Send messageId and origin each time.',
    ],
    service: 'lab-token-request',
    request: (service) => ({
      visitor: through([service]),
      messageId: true,
      origin: 'missing',
      profile: 'invalidRequest',
      error: 'invalidRequest',
    }),
  }),
  tokenCase({
    id: 'token-invalid-origin',
    title: 'Token error: invalidOrigin',
    about: 'A token is for the viewer that sent the person to the access service. Another viewer gets none, even in the same browser.',
    steps: [
      'Go through the access service from one viewer, and load the token service from another.',
      'The message is an error: invalidOrigin. Offer the access service again; after that there is a token.',
    ],
    service: 'lab-token-origin',
    request: (service) => ({
      visitor: through([service]),
      messageId: true,
      origin: 'other',
      profile: 'invalidOrigin',
      error: 'invalidOrigin',
    }),
  }),
  tokenCase({
    id: 'token-missing-aspect',
    title: 'Token error: missingAspect',
    about: 'No cookie came with the request: nobody has been through an access service here, or the browser kept the cookie back.',
    steps: [
      'Load the token service before anything else: missingAspect, in 1.0 missingCredentials.',
      'Show heading and note: they say what to do, and where the browser withheld the cookie they say that.',
    ],
    service: 'lab-token-missing',
    request: () => ({ visitor: NOBODY, messageId: true, origin: 'own', profile: 'missingAspect', error: 'missingCredentials' }),
  }),
  tokenCase({
    id: 'token-invalid-aspect',
    title: 'Token error: invalidAspect',
    about: 'A cookie came, but its owner has not been through this service.',
    steps: [
      'Go through another access service of the lab, and load the token service of this one: invalidAspect, in 1.0 invalidCredentials.',
      'Offer the access service of this item.',
    ],
    service: 'lab-token-aspect',
    other: 'lab-token-aspect-other',
    request: () => ({
      visitor: through(['lab-token-aspect-other']),
      messageId: true,
      origin: 'own',
      profile: 'invalidAspect',
      error: 'invalidCredentials',
    }),
  }),
  tokenCase({
    id: 'token-expired-aspect',
    title: 'Token error: expiredAspect',
    about: 'What is got at this access service counts for one minute. After that the cookie still comes, and is worth nothing here.',
    steps: [
      'Agree to the terms, get the token, and look at the picture. expiresIn is a minute at most.',
      'Wait for a minute. The token service says expiredAspect now, in 1.0 invalidCredentials.',
      'Offer the access service again: one click, and there is another minute.',
    ],
    service: 'lab-token-expired',
    minutes: { minutes: 1 },
    afterMinutes: 2,
    request: (service) => ({
      visitor: through([service]),
      messageId: true,
      origin: 'own',
      profile: 'expiredAspect',
      error: 'invalidCredentials',
    }),
  }),
  recipe({
    id: 'token-unavailable',
    group: 'tokens',
    title: 'Token error: unavailable',
    about: 'The access service lets everybody in, and the token service is broken: the lab lets it fail on purpose.',
    sections: [SECTION.tokenErrors2, SECTION.tokenErrors1],
    steps: [
      'Go through the access service: it works.',
      'The message is an error: unavailable. Show heading and note, offer to try again later, and do not ask again by yourself.',
    ],
    services: { [UNAVAILABLE_SERVICE]: LOGIN },
    policies: [{ allow: [{ service: UNAVAILABLE_SERVICE }] }],
    items: [
      {
        file: 'strata.jpg',
        source: picture('strata'),
        label: 'Section through the Glass Isles',
        expected: [all(NOBODY, 401), { visitor: through([UNAVAILABLE_SERVICE], 'reader'), probe: 401, content: 200 }],
      },
    ],
    tokenRequests: [
      {
        service: UNAVAILABLE_SERVICE,
        visitor: through([UNAVAILABLE_SERVICE], 'reader'),
        afterMinutes: 0,
        messageId: true,
        origin: 'own',
        profile: 'unavailable',
        error: 'unavailable',
      },
    ],
  }),
];

/** A picture under terms, and one request to their token service. */
function tokenCase(part: {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly steps: readonly string[];
  readonly service: string;
  /** For a service of which what was got counts for some minutes. */
  readonly minutes?: { readonly minutes: number };
  /** A second service, with a picture of its own. */
  readonly other?: string;
  /** Time after which `request` is made. */
  readonly afterMinutes?: number;
  request(service: string): Omit<LabTokenRequest, 'service' | 'afterMinutes'>;
}): LabRecipe {
  const { id, title, about, steps, service, other } = part;
  const more = other === undefined ? [] : [other];
  return recipe({
    id,
    group: 'tokens',
    title,
    about,
    sections: [SECTION.tokenRequest2, SECTION.tokenErrors2, SECTION.token1, SECTION.tokenErrors1],
    steps,
    services: Object.fromEntries([service, ...more].map((name) => [name, { ...CLICKTHROUGH, ...part.minutes }])),
    policies: [...more.map((name) => ({ items: 'other.jpg', allow: [{ service: name }] })), { allow: [{ service }] }],
    items: [
      { file: 'julia.jpg', source: picture('julia'), label: 'Dust and Spirals', expected: lockedBut(through([service])) },
      ...more.map((name) => ({
        file: 'other.jpg',
        source: picture('strata'),
        label: 'A picture under other terms',
        expected: lockedBut(through([name])),
      })),
    ],
    tokenRequests: [{ service, afterMinutes: part.afterMinutes ?? 0, ...part.request(service) }],
  });
}
