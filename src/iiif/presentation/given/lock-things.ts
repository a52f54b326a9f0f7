/**
 * Access services on things of ours in a document that somebody else wrote; the rest stays as it is.
 * https://iiif.io/api/presentation/3.0/#7-authentication and https://iiif.io/api/auth/2.0/#21-declaring-services
 */
import { isJsonObject, type Json, type JsonObject, listOf } from '../../../lib/json.ts';
import type { ServiceSource } from '../../auth/service-description.ts';
import { AUTH2_CONTEXT } from '../../auth/services-2.ts';
import {
  fileAuthServices,
  itemAuthReferences,
  itemAuthServices2,
  playedAuthServices,
  probeWithReferences,
  sharedAuthServices,
} from '../../auth/shared-services.ts';
import type { AuthUris } from '../../auth/uris.ts';
import { type FindThing, hasOurService, type OurThing, thingOf } from './our-things.ts';

export interface LockInput {
  readonly version: 2 | 3;
  readonly find: FindThing;
  /** The access services that can help with an item, by identifier; empty for an open one and for one that is not there. */
  servicesOf(identifier: string): readonly ServiceSource[];
  readonly base: string;
  readonly uris: AuthUris;
  /** The header; the strings of Authentication 1.0 have one language each. */
  readonly acceptLanguage: string | null;
}

export function lockThings(document: JsonObject, input: LockInput): JsonObject {
  const shared = new Map<string, ServiceSource>();
  const locked = lockObject(document, input, shared);
  return input.version === 3 && shared.size > 0 ? withServices(locked, [...shared.values()], input) : locked;
}

type Shared = Map<string, ServiceSource>;

/** In the order of the document: in 2.1 the first to need a service has it in full. */
function lockObject(object: JsonObject, input: LockInput, shared: Shared): JsonObject {
  const thing = thingOf(object, input.find);
  const services = thing === null ? [] : input.servicesOf(thing.identifier);
  const added = thing === null || services.length === 0 ? [] : servicesFor(thing, object, services, input, shared);
  for (const service of added.length === 0 ? [] : services) if (!shared.has(service.name)) shared.set(service.name, service);
  const inside = Object.fromEntries(Object.entries(object).map(([key, value]) => [key, lockValue(value, input, shared)]));
  if (added.length === 0) return inside;
  const kept = listOf(inside['service']).filter((service) => !isOurs(service, input.base));
  return { ...inside, service: [...kept, ...added] };
}

function lockValue(value: Json, input: LockInput, shared: Shared): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => lockValue(each, input, shared));
  return isJsonObject(value) ? lockObject(value, input, shared) : value;
}

function servicesFor(
  { kind, identifier }: OurThing,
  object: JsonObject,
  services: readonly ServiceSource[],
  { version, find, uris, acceptLanguage }: LockInput,
  shared: Shared,
): readonly Json[] {
  if (kind === 'manifest') return [];
  const hasService = kind === 'image' && hasOurService(object, find);
  // The first to need a service is the one after whom it is stated.
  const asked = { identifier, services, uris, acceptLanguage, stated: [...shared.values(), ...services] };
  if (version === 2) return hasService ? [] : asJson(itemAuthServices2({ ...asked, stated: [...shared.values()] }));
  if (kind === 'service') return asJson(itemAuthReferences(asked));
  if (hasService) return asJson([probeWithReferences(asked)]);
  const isPlayed = object['type'] === 'Sound' || object['type'] === 'Video';
  return asJson(isPlayed ? playedAuthServices(asked) : fileAuthServices(asked));
}

/** A service of ours from when the document was written; it is stated anew. */
function isOurs(service: Json, base: string): boolean {
  const id = isJsonObject(service) ? (service['id'] ?? service['@id']) : service;
  return typeof id === 'string' && id.startsWith(`${base}/auth/`);
}

/** At the top, before what refers to them. */
function withServices(document: JsonObject, services: readonly ServiceSource[], { base, uris, acceptLanguage }: LockInput): JsonObject {
  const kept = listOf(document['services']).filter((service) => !isOurs(service, base));
  const all = [...kept, ...asJson(sharedAuthServices({ services, uris, acceptLanguage }))];
  const entries = Object.entries({ ...document, '@context': withAuthContext(document['@context']) }).filter(([key]) => key !== 'services');
  const at = entries.findIndex(([key]) => key === 'items');
  return Object.fromEntries([...entries.slice(0, Math.max(0, at)), ['services', all], ...entries.slice(Math.max(0, at))]);
}

/** Before that of the Presentation API, which is the last one. */
function withAuthContext(context: Json | undefined): Json {
  const contexts = listOf(context);
  return contexts.includes(AUTH2_CONTEXT) ? (context ?? []) : [...contexts.slice(0, -1), AUTH2_CONTEXT, ...contexts.slice(-1)];
}

function asJson(services: readonly object[]): readonly Json[] {
  return JSON.parse(JSON.stringify(services)) as readonly Json[];
}
