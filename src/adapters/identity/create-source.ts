import type { IdentitySettings } from '../../config/identity-sources.ts';
import type { IdentitySource, OneTimeIds } from '../../domain/identity.ts';
import type { Clock, Randomness } from '../../domain/ports.ts';
import { createCasSource } from './cas.ts';
import { createLdapSource } from './ldap.ts';
import { createOidcSource } from './oidc.ts';
import { createProxyHeadersSource } from './proxy-headers.ts';
import { createSamlSource } from './saml.ts';

interface SourceParts {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly oneTimeIds: OneTimeIds;
}

/** The source that an entry of `identity.yaml` describes. Asks nobody before it is used. */
export function createIdentitySource(settings: IdentitySettings, parts: SourceParts): IdentitySource {
  switch (settings.type) {
    case 'oidc':
      return createOidcSource(settings, parts);
    case 'saml':
      return createSamlSource(settings, parts);
    case 'cas':
      return createCasSource(settings, parts);
    case 'ldap':
      return createLdapSource(settings);
    case 'proxy-headers':
      return createProxyHeadersSource(settings);
  }
}
