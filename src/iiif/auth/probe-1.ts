/**
 * A probe service beside Authentication 1.0, which has none: Universal Viewer asks it before it plays sound and film, and
 * sends cookies with content that has one. Of no specification; what the viewer reads is in its package `@iiif/manifold`.
 */
export interface AuthProbeService1 {
  readonly '@id': string;
  readonly '@type': 'AuthProbeService1';
  readonly profile: 'http://iiif.io/api/auth/1/probe';
}

/** Stands beside the access services, on the content itself. */
export function probeService1(id: string): AuthProbeService1 {
  return { '@id': id, '@type': 'AuthProbeService1', profile: 'http://iiif.io/api/auth/1/probe' };
}

/**
 * Where the content is. The viewer compares it with the URI in the manifest, having read `%XX` in it as characters once;
 * any other one is that of a lesser version.
 */
export function probeAnswer1(contentUri: string): { readonly contentLocation: string } {
  return { contentLocation: contentUri.replaceAll('%', '%25') };
}
