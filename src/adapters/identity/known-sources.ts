import type { IdentitySettings } from '../../config/identity-sources.ts';
import type { KnownSource, KnownSources } from '../../domain/sign-on.ts';
import { createIdentitySource } from './create-source.ts';

/** The sources of the settings in force, made once for each version of the identity file: they remember what providers told them. */
export function createKnownSources(
  current: () => ReadonlyMap<string, IdentitySettings>,
  parts: Parameters<typeof createIdentitySource>[1],
): () => KnownSources {
  let settings: ReadonlyMap<string, IdentitySettings> | null = null;
  let sources: KnownSources = new Map();
  return () => {
    if (settings === current()) return sources;
    settings = current();
    sources = new Map([...settings].map(([name, each]) => [name, toKnown(each, parts)]));
    return sources;
  };
}

function toKnown(settings: IdentitySettings, parts: Parameters<typeof createIdentitySource>[1]): KnownSource {
  const { name, type, label, roles: rules } = settings;
  return { name, type, label, rules, source: createIdentitySource(settings, parts) };
}
