import type { AccessModel } from '../../domain/access.ts';
import { findPolicy } from '../../domain/decide.ts';
import { findServiceByName, rulesOfPolicy, servicesOfRules } from '../../domain/item-service.ts';
import type { LabCase, LabExpectation, LabItem, LabManifest, LabTokenRequest, LabVisitor } from '../../domain/lab-case.ts';
import { findMediaType } from '../../domain/media-types.ts';
import { parseTierIdentifier } from '../../domain/tier.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { givenManifestUri, manifestUri } from '../../iiif/presentation/manifest.ts';
import { isStream } from '../media/media-facts.ts';
import { mediaUri } from '../media/media-uri.ts';

export interface DocumentPlace {
  readonly base: string;
  readonly slashSubstitute: string | null;
}

/** One case as `/lab/cases.json` has it: everything with whole URIs, for programs. */
export function caseDocument(shown: LabCase, access: AccessModel, place: DocumentPlace) {
  const { id, group, title, about, sections, steps, manifest, items, tokenRequests } = shown;
  const { base } = place;
  return {
    id,
    group,
    title,
    about,
    page: `${base}/lab/${id}`,
    sections,
    steps,
    manifests: manifestUris(id, manifest, place),
    accessServices: serviceNames(shown, access).map((name) => serviceDocument(name, access, place)),
    items: items.map((item) => itemDocument(item, place)),
    tokenRequests: tokenRequests.map((request) => tokenDocument(request, place)),
  };
}

/** Null for a version that there is none of. */
export interface LabManifestUris {
  readonly '2.1': string | null;
  readonly '3.0': string;
}

function manifestUris(id: string, manifest: LabManifest | null, { base, slashSubstitute }: DocumentPlace): LabManifestUris | null {
  if (manifest === null) return null;
  if (manifest.kind === 'special') return { '2.1': null, '3.0': `${base}/lab/${id}/manifest` };
  const uri = (version: 2 | 3) =>
    manifest.kind === 'given'
      ? givenManifestUri(base, `${manifest.name}-${version}`, slashSubstitute)
      : manifestUri(base, version, manifest.path, slashSubstitute);
  return { '2.1': uri(2), '3.0': uri(3) };
}

/** What opens an item of the case or a tier of it, and what its visitors go through. */
function serviceNames({ items, tokenRequests }: LabCase, access: AccessModel): readonly string[] {
  const opening = items.flatMap(({ path }) => {
    const { identifier } = parseTierIdentifier(path);
    const policy = findPolicy(access, identifier);
    return policy === null ? [] : servicesOfRules(rulesOfPolicy(policy), access, identifier).map(({ name }) => name);
  });
  const asked = tokenRequests.flatMap(({ service, visitor }) => [service, ...visitor.services]);
  return [...new Set([...opening, ...asked])];
}

function serviceDocument(name: string, access: AccessModel, { base, slashSubstitute }: DocumentPlace) {
  const uris = authUris(base, slashSubstitute);
  const pattern = findServiceByName(access, name)?.pattern ?? null;
  return {
    name,
    /** Of Authentication 1.0; login and clickthrough are both `active` in 2.0. */
    pattern,
    access: { '1.0': uris.access1(name), '2.0': uris.access(name) },
    token: { '1.0': uris.token1(name), '2.0': uris.token2(name) },
  };
}

function itemDocument({ path, label, expected }: LabItem, { base, slashSubstitute }: DocumentPlace) {
  const kind = findMediaType(parseTierIdentifier(path).identifier)?.kind ?? null;
  const service = (version: 2 | 3) => imageServiceUri(base, version, path, slashSubstitute);
  return {
    identifier: path,
    label,
    kind,
    imageServices: kind === 'image' ? { '2.1': service(2), '3.0': service(3) } : null,
    content:
      kind === 'image'
        ? `${service(3)}/full/!100,100/0/default.jpg`
        : mediaUri(base, { identifier: path, isStream: isStream(path) }, slashSubstitute),
    probe: authUris(base, slashSubstitute).probe(path),
    expected: expected.map(({ visitor, ...statuses }: LabExpectation) => ({ visitor: visitorDocument(visitor), ...statuses })),
  };
}

function visitorDocument({ account, signedIn, services }: LabVisitor) {
  return { account, signedIn, services };
}

function tokenDocument(
  { service, visitor, afterMinutes, messageId, origin, profile, error }: LabTokenRequest,
  { base, slashSubstitute }: DocumentPlace,
) {
  const uris = authUris(base, slashSubstitute);
  return {
    token: { '1.0': uris.token1(service), '2.0': uris.token2(service) },
    visitor: visitorDocument(visitor),
    afterMinutes,
    messageId,
    origin,
    expected: { '1.0': error, '2.0': profile },
  };
}
