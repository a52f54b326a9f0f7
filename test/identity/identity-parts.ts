import { systemClock } from '../../src/adapters/system/clock.ts';
import { createRandomness } from '../../src/adapters/system/randomness.ts';
import { parseIdentityFile } from '../../src/config/identity-file.ts';
import type { IdentitySettings, SourceType } from '../../src/config/identity-sources.ts';
import type { IdentityAddresses, OutsideRequest } from '../../src/domain/identity.ts';
import { createOneTimeIds } from '../fakes/one-time-ids.ts';

export const ADDRESSES: IdentityAddresses = {
  callback: 'https://iiif.example.org/identity/campus/callback',
  logout: 'https://iiif.example.org/identity/campus/logout',
  metadata: 'https://iiif.example.org/identity/campus/metadata',
};

export function identityParts() {
  return { clock: systemClock, randomness: createRandomness(), oneTimeIds: createOneTimeIds() };
}

/** The settings of one source as the file would give them. YAML reads JSON. */
export function settingsOf<Type extends SourceType>(
  type: Type,
  keys: Readonly<Record<string, unknown>>,
): Extract<IdentitySettings, { type: Type }> {
  const text = JSON.stringify({ sources: { campus: { type, label: 'Campus', ...keys } } });
  const nothing = (name: string) => ({ mistake: `no ${name}` });
  const result = parseIdentityFile(text, 'identity.yaml', { file: nothing, environment: nothing });
  if (!result.ok) throw new Error(result.errors.map(({ sentence }) => sentence).join(' '));
  const source = result.sources.get('campus');
  if (source?.type !== type) throw new Error(`no source of type ${type}`);
  return source as Extract<IdentitySettings, { type: Type }>;
}

/** What a browser asks for that was sent to this address. */
export function arriving(url: string): OutsideRequest {
  return { method: 'GET', query: new URL(url).search.slice(1), form: new URLSearchParams() };
}

export function posting(form: Readonly<Record<string, string>>): OutsideRequest {
  return { method: 'POST', query: '', form: new URLSearchParams(form) };
}
