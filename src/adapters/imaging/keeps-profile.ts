import type { ImagingOptions } from './imaging-options.ts';
import type { SourceLayout } from './source-layout.ts';

/** Whether answers in colour keep the source's own profile. JPEG 2000 decoders apply it themselves. */
export function keepsOwnProfile({ profile, cmyk, jp2 }: SourceLayout, { colour }: Pick<ImagingOptions, 'colour'>): boolean {
  return colour === 'keep-profile' && profile !== null && !cmyk && jp2 === null;
}
