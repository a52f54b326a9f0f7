import { LONGEST_SHADOW_DAYS } from '../domain/shadow.ts';
import type { Options } from './options.ts';

/** Shadow mode leaves everything open, so it has an end that comes by itself, and nobody is to overlook it. */
export function checkShadow(
  { shadowUntil, access }: Pick<Options, 'shadowUntil' | 'access'>,
  now: Date,
): { readonly errors: readonly string[]; readonly notices: readonly string[] } {
  if (shadowUntil === null) return { errors: [], notices: [] };
  const end = shadowUntil.toISOString();
  if (access === null) {
    return { errors: ['shadowUntil needs access: without an access file there is nothing that could be noted.'], notices: [] };
  }
  if (shadowUntil.getTime() - now.getTime() > LONGEST_SHADOW_DAYS * 86_400_000) {
    const sentence = `shadowUntil is more than ${LONGEST_SHADOW_DAYS} days away; choose an earlier end, so that nobody forgets it.`;
    return { errors: [sentence], notices: [] };
  }
  if (now >= shadowUntil) {
    return { errors: [], notices: [`Shadow mode ended at ${end}, and the access file is enforced: take shadowUntil out.`] };
  }
  return { errors: [], notices: [`SHADOW MODE until ${end}: THE ACCESS FILE IS NOT ENFORCED. EVERYBODY SEES EVERYTHING.`] };
}
