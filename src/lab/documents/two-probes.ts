import { authUris } from '../../iiif/auth/uris.ts';

/**
 * A film with two probe services. Each is that of a twin of the film, under one of the two access services that open it.
 * No other manifest of the server has such a thing, so this one is written out. https://iiif.io/api/auth/2.0/#workflow-from-the-browser-client-perspective
 */
export function twoProbes(base: string): object {
  const uris = authUris(base);
  const id = `${base}/lab/two-probes/manifest`;
  const film = (name: string) => `lab/two-probes/${name}`;
  const access = (service: string, label: string, heading: string, confirmLabel: string) => ({
    id: uris.access(service),
    type: 'AuthAccessService2',
    profile: 'active',
    label: { en: [label] },
    heading: { en: [heading] },
    confirmLabel: { en: [confirmLabel] },
    service: [
      {
        id: uris.token2(service),
        type: 'AuthAccessTokenService2',
        errorHeading: { en: ['No access'] },
        errorNote: { en: ['Please try again.'] },
      },
      { id: uris.logout(service), type: 'AuthLogoutService2', label: { en: ['Leave the Vitrine Lab'] } },
    ],
  });
  const probe = (name: string, service: object) => ({
    id: uris.probe(film(name)),
    type: 'AuthProbeService2',
    profile: 'http://iiif.io/api/auth/2/probe',
    service: [service],
  });
  return {
    '@context': ['http://iiif.io/api/auth/2/context.json', 'http://iiif.io/api/presentation/3/context.json'],
    id,
    type: 'Manifest',
    label: { en: ['Two probe services'] },
    items: [
      {
        id: `${id}/canvas/1`,
        type: 'Canvas',
        label: { en: ['A Voyage over the Glass Isles'] },
        width: 480,
        height: 270,
        duration: 8,
        items: [
          {
            id: `${id}/page/1`,
            type: 'AnnotationPage',
            items: [
              {
                id: `${id}/annotation/1`,
                type: 'Annotation',
                motivation: 'painting',
                target: `${id}/canvas/1`,
                body: {
                  id: `${base}/media/${encodeURIComponent(film('voyage.mp4'))}`,
                  type: 'Video',
                  format: 'video/mp4',
                  width: 480,
                  height: 270,
                  duration: 8,
                  service: [
                    probe('by-login.mp4', access('lab-two-probes-login', 'Sign in to the Vitrine Lab', 'Please sign in', 'Sign in')),
                    probe('by-terms.mp4', access('lab-two-probes-terms', 'Terms of use of the Vitrine Lab', 'Before you look', 'I agree')),
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  };
}
