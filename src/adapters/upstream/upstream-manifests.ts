import type { UpstreamSettings } from '../../config/upstreams.ts';
import type { GivenManifests, StoredManifest } from '../../domain/ports.ts';
import { encodeIdentifier } from '../../iiif/image/parse-path.ts';
import { recogniseDocument } from '../../iiif/presentation/given/recognise-document.ts';
import { renameIds } from '../../iiif/presentation/given/rename-ids.ts';
import type { Failure } from '../../lib/problems.ts';
import { readHeldDocument } from './held-document.ts';
import { broken, createUpstreamClient, type UpstreamClient } from './upstream-client.ts';
import { problemOf } from './upstream-problem.ts';

export interface UpstreamManifestsOptions {
  readonly upstreams: readonly UpstreamSettings[];
  readonly timeoutSeconds: number;
  readonly slashSubstitute: string | null;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/** The manifest of a large newspaper. */
const LARGEST_BYTES = 32_000_000;

interface Known {
  readonly settings: UpstreamSettings;
  readonly client: UpstreamClient;
}

/**
 * Manifests and collections of upstreams, called by their paths below `manifests`, behind the prefix. In them images of the
 * upstream and other manifests have our addresses, `{base}` standing for what those begin with.
 */
export function createUpstreamManifests(options: UpstreamManifestsOptions): Pick<GivenManifests, 'find'> & { close(): Promise<void> } {
  const { timeoutSeconds, now } = options;
  const known = options.upstreams.flatMap((settings): readonly Known[] => {
    const { manifests: url, headers } = settings;
    return url === null ? [] : [{ settings, client: createUpstreamClient({ url, headers, timeoutSeconds, now }) }];
  });
  const rename = createRenaming(options);

  return {
    async find(name) {
      const found = known.find(({ settings: { prefix } }) => prefix === '' || name.startsWith(`${prefix}/`));
      if (found === undefined || DECODED_ONCE_MORE.test(name)) return null;
      const { prefix } = found.settings;
      const own = prefix === '' ? name : name.slice(prefix.length + 1);
      return readManifest(found.client, name, own.split('/').map(encodeURIComponent).join('/'), rename);
    },
    async close() {
      await Promise.all(known.map(({ client }) => client.close()));
    },
  };
}

const DECODED_ONCE_MORE = /%[0-9A-Fa-f]{2}/;
const ACCEPT = { accept: 'application/ld+json, application/json' };

async function readManifest(
  client: UpstreamClient,
  name: string,
  path: string,
  rename: (id: string) => string,
): Promise<StoredManifest | null> {
  const reply = await client.get(path, ACCEPT, new AbortController().signal);
  if (reply.status !== 200) {
    const problem: Failure = problemOf(reply);
    if (problem.refusal.code === 'not-found') return null;
    throw problem;
  }
  const document = recogniseDocument(renameIds(await readHeldDocument(reply, LARGEST_BYTES), rename));
  if (document === null) throw broken('a manifest is none of Presentation API 2.1 or 3.0');
  return { name, ...document };
}

/** Addresses of upstreams as ours. */
function createRenaming({ upstreams, slashSubstitute }: UpstreamManifestsOptions): (id: string) => string {
  const places = upstreams.flatMap((settings) => {
    const image = [settings.url, ...settings.knownAs].map((from) => ({
      from,
      to: (rest: string) => imageUri(settings, rest, slashSubstitute),
    }));
    const { manifests } = settings;
    return manifests === null ? image : [...image, { from: manifests, to: (rest: string) => manifestUri(settings, rest, slashSubstitute) }];
  });
  return (id) => {
    for (const { from, to } of places) if (id.startsWith(from)) return to(id.slice(from.length)) ?? id;
    return id;
  };
}

/** Null for what has no identifier in it. */
function imageUri({ prefix, version, slash }: UpstreamSettings, rest: string, slashSubstitute: string | null): string | null {
  const [raw = '', ...parameters] = rest.split('/');
  const name = decode(raw);
  if (name === null || name === '') return null;
  const plain = slash === '%2F' ? name : name.replaceAll(slash, '/');
  const identifier = encodeIdentifier(prefix === '' ? plain : `${prefix}/${plain}`, slashSubstitute);
  return [`{base}/iiif/${version}/${identifier}`, ...parameters].join('/');
}

function manifestUri({ prefix }: UpstreamSettings, rest: string, slashSubstitute: string | null): string | null {
  const [, path = '', fragment = ''] = /^([^?#]*)(#.*)?$/s.exec(rest) ?? [];
  const name = decode(path);
  if (name === null || name === '') return null;
  return `{base}/presentation/manifests/${encodeIdentifier(prefix === '' ? name : `${prefix}/${name}`, slashSubstitute)}${fragment}`;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
