/**
 * What a proxy in front says about the person whom it signed in: mod_shib with `ShibUseHeaders`, `REMOTE_USER`, and the like.
 * https://shibboleth.atlassian.net/wiki/spaces/SP3/pages/2065335257/AttributeAccess
 */
import type { ProxyHeadersSettings } from '../../config/identity-sources.ts';
import { type HeaderIdentitySource, identify, identityRefused, type ProxiedRequest } from '../../domain/identity.ts';
import { findNetwork } from '../../lib/network.ts';

/** The names that rules know the configured headers by. */
const USER_NAME = 'userName';
const SUBJECT = 'subject';
const EMAIL = 'email';

export function createProxyHeadersSource(settings: ProxyHeadersSettings): HeaderIdentitySource {
  const single = new Map([
    [USER_NAME, settings.userName],
    ...(settings.subject === null ? [] : [[SUBJECT, settings.subject] as const]),
    ...(settings.email === null ? [] : [[EMAIL, settings.email] as const]),
  ]);
  const headers = new Set([...single.values(), ...settings.attributes.values()].map((header) => header.toLowerCase()));

  return {
    flow: 'headers',
    name: settings.name,
    signOutPath: settings.signOutPath,

    read(request) {
      const given = collect(request, headers);
      if (given.size === 0) return null;
      if (findNetwork(settings.from, request.peer) === null) {
        return identityRefused(
          'identity.proxy',
          `${request.peer} sent ${[...given.keys()].join(', ')} and is no proxy of ${settings.name}`,
        );
      }
      const misspelt = [...given.keys()].find((name) => !headers.has(name));
      if (misspelt !== undefined)
        return identityRefused('identity.proxy', `${misspelt} came, which is like a header of ${settings.name} and is none`);
      const repeated = [...given].find(([, values]) => values.length > 1);
      if (repeated !== undefined) return identityRefused('identity.proxy', `the header ${repeated[0]} came ${repeated[1].length} times`);
      const attributes = new Map([
        ...[...settings.attributes].map(([name, header]) => [name, split(readValue(given, header), settings.separator)] as const),
        ...[...single].map(([name, header]) => [name, nonEmpty([readValue(given, header)])] as const),
      ]);
      for (const [name, values] of attributes) if (values.length === 0) attributes.delete(name);
      // mod_shib and REMOTE_USER send the header, empty, of a visitor whom they do not know.
      if (!attributes.has(USER_NAME))
        return attributes.size === 0 ? null : identityRefused('identity.name', `${settings.userName} is empty`);
      const [subject = null] = attributes.get(settings.subject === null ? USER_NAME : SUBJECT) ?? [];
      return identify({ source: settings.name, subject, attributes, sessionIndex: null }, { userName: USER_NAME, email: EMAIL });
    },
  };
}

/**
 * Values by lower-case name, each as often as it came. Programs that know headers as variables take `_` for `-`: what a proxy
 * lets through under the other spelling is the visitor's own, so it is collected to be refused.
 */
function collect({ rawHeaders }: ProxiedRequest, wanted: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const alike = new Set([...wanted].map(hyphenated));
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (wanted.has(name) || alike.has(hyphenated(name))) found.set(name, [...(found.get(name) ?? []), rawHeaders[at + 1] ?? '']);
  }
  return found;
}

function hyphenated(name: string): string {
  return name.replaceAll('_', '-');
}

function readValue(given: ReadonlyMap<string, readonly string[]>, header: string): string {
  return decode(given.get(header.toLowerCase())?.[0] ?? '').trim();
}

/** Node reads headers as Latin-1; proxies write UTF-8. */
function decode(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

/** `a;b\;c` is `a` and `b;c`. */
function split(text: string, separator: string): readonly string[] {
  const values: string[] = [''];
  for (let at = 0; at < text.length; at += 1) {
    const escaped = text[at] === '\\' && text[at + 1] === separator;
    if (escaped) at += 1;
    if (text[at] === separator && !escaped) values.push('');
    else values[values.length - 1] += text[at] ?? '';
  }
  return nonEmpty(values.map((value) => value.trim()));
}

function nonEmpty(values: readonly string[]): readonly string[] {
  return values.filter((value) => value !== '');
}
