/**
 * Access services in documents that somebody else wrote.
 * https://iiif.io/api/auth/1.0/#access-cookie-service and https://iiif.io/api/auth/2.0/#probe-service
 */
import { isJsonObject, type Json, listOf } from '../../lib/json.ts';

const PROFILE_1 = /^https?:\/\/iiif\.io\/api\/auth\/[01]\//;
const TYPE_2 = /^Auth[A-Za-z]+2$/;

export function isAuthService(service: Json): boolean {
  if (!isJsonObject(service)) return false;
  const types = [service['type'], service['@type']];
  return types.some((type) => typeof type === 'string' && TYPE_2.test(type)) || listOf(service['profile']).some(isAuthProfile);
}

function isAuthProfile(profile: Json): boolean {
  return typeof profile === 'string' && PROFILE_1.test(profile);
}
