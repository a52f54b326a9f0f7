/**
 * CAS, protocol 3.0.
 * https://apereo.github.io/cas/development/protocol/CAS-Protocol-Specification.html
 */
import type { CasSettings } from '../../config/identity-sources.ts';
import {
  type IdentityOutcome,
  type IdentityRefused,
  type IdentityUnavailable,
  identify,
  identityRefused,
  identityUnavailable,
  type LogoutMessage,
  type OneTimeIds,
  type OutsideRequest,
  type RedirectIdentitySource,
} from '../../domain/identity.ts';
import type { Clock, Randomness } from '../../domain/ports.ts';
import { childrenOf, onlyChild, parseXml, type XmlElement } from '../../lib/xml-tree.ts';
import { askSource, SourceSilent } from './ask-source.ts';
import { singleParameter } from './single-parameter.ts';

const CAS = 'http://www.yale.edu/tp/cas';
const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';

/** §3.1.1; a server takes a ticket of up to 256 characters. */
const TICKET = /^ST-[\x21-\x7e]{1,253}$/;

/** Tickets live for seconds; a server that keeps them for longer than this has forgotten them too. */
const TICKET_MINUTES = 60;

interface CasParts {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly oneTimeIds: OneTimeIds;
}

export function createCasSource(settings: CasSettings, { clock, randomness, oneTimeIds }: CasParts): RedirectIdentitySource {
  const base = settings.url.replace(/\/+$/, '');
  const renew = settings.forceSignIn ? { renew: 'true' } : {};

  async function validate(ticket: string, service: string): Promise<IdentityOutcome> {
    const until = new Date(clock.now().getTime() + TICKET_MINUTES * 60_000);
    if (!(await oneTimeIds.spend(`cas:${settings.name}:${ticket}`, until)))
      return identityRefused('identity.replayed', 'the ticket was used before');
    const query = new URLSearchParams({ service, ticket, ...renew });
    const answer = await askSource(
      `${base}/p3/serviceValidate?${query}`,
      { headers: { accept: 'application/xml' } },
      settings.timeoutSeconds,
    );
    if (answer.status !== 200) return identityUnavailable(`serviceValidate answered ${answer.status}`);
    return readAnswer(await answer.text(), { settings, ticket });
  }

  return {
    flow: 'redirect',
    name: settings.name,

    async start({ callback }) {
      const key = randomness.token(24);
      const query = new URLSearchParams({ service: serviceOf(callback, key), ...renew });
      return { outcome: 'started', url: `${base}/login?${query}`, pending: { key, secrets: '' } };
    },

    findKey: ({ query }) => singleParameter(new URLSearchParams(query), 'state'),

    async finish({ query }, pending, { callback }) {
      const parameters = new URLSearchParams(query);
      if (pending === null || singleParameter(parameters, 'state') !== pending.key)
        return identityRefused('identity.state', 'no sign-in is pending');
      const ticket = singleParameter(parameters, 'ticket');
      if (ticket === null) return identityRefused('identity.cancelled', 'the answer has no ticket');
      if (!TICKET.test(ticket)) return identityRefused('identity.message', 'the ticket is none');
      return validate(ticket, serviceOf(callback, pending.key)).catch(silence);
    },

    logoutUrl: async (_hint, returnTo) => `${base}/logout?${new URLSearchParams({ service: returnTo })}`,
    readLogout: async (request) => readLogout(request),
    describe: () => null,
  };
}

/** Carries the key: CAS has no state of its own, and a ticket is good for one service address only. */
function serviceOf(callback: string, key: string): string {
  return `${callback}?${new URLSearchParams({ state: key })}`;
}

function silence(error: unknown): IdentityUnavailable {
  if (error instanceof SourceSilent) return identityUnavailable(error.message);
  throw error;
}

/** §2.5.2, Appendix A */
function readAnswer(text: string, { settings, ticket }: { settings: CasSettings; ticket: string }): IdentityOutcome {
  const parsed = parseXml(text);
  if (!parsed.ok) return identityRefused('identity.message', `the answer of serviceValidate cannot be read: ${parsed.mistake}`);
  const { root } = parsed;
  if (root.name !== 'serviceResponse' || root.namespace !== CAS || root.children.length !== 1) {
    return identityRefused('identity.message', 'the answer of serviceValidate is no single serviceResponse');
  }
  const failure = onlyChild(root, CAS, 'authenticationFailure');
  if (failure !== null) return readFailure(failure);
  const success = onlyChild(root, CAS, 'authenticationSuccess');
  const user = success === null ? null : onlyChild(success, CAS, 'user');
  if (success === null || user === null || user.children.length > 0)
    return identityRefused('identity.message', 'serviceValidate names no user');
  const name = user.text.trim();
  const attributes = new Map([...readAttributes(success), ['user', [name]] as const]);
  return identify({ source: settings.name, subject: name, attributes, sessionIndex: ticket }, settings);
}

function readFailure(failure: XmlElement): IdentityOutcome {
  const code = failure.attributes.get('code') ?? 'no code';
  const detail = `serviceValidate said ${code}: ${failure.text.trim().slice(0, 200)}`;
  if (code === 'INTERNAL_ERROR') return identityUnavailable(detail);
  if (code === 'INVALID_TICKET') return identityRefused('identity.expired', detail);
  return identityRefused(code === 'INVALID_SERVICE' ? 'identity.audience' : 'identity.message', detail);
}

/** Several values are several elements of one name. */
function readAttributes(success: XmlElement): ReadonlyMap<string, readonly string[]> {
  const attributes = new Map<string, string[]>();
  for (const { name, text, children } of childrenOf(success, CAS, 'attributes').flatMap((each) => each.children)) {
    const value = text.trim();
    if (value !== '' && children.length === 0) attributes.set(name, [...(attributes.get(name) ?? []), value]);
  }
  return attributes;
}

/**
 * Appendix C. Nobody signs it: what makes it believable is the ticket, which only the server and we have seen. So it ends the
 * session of that ticket, and never those of a named person.
 */
function readLogout({ form }: OutsideRequest): LogoutMessage | IdentityRefused {
  const parsed = parseXml(singleParameter(form, 'logoutRequest') ?? '');
  if (!parsed.ok) return identityRefused('identity.message', `the logout request cannot be read: ${parsed.mistake}`);
  const { root } = parsed;
  const index = root.name === 'LogoutRequest' && root.namespace === SAMLP ? onlyChild(root, SAMLP, 'SessionIndex') : null;
  const ticket = index?.text.trim() ?? '';
  if (!TICKET.test(ticket)) return identityRefused('identity.message', 'the logout request names no ticket');
  return { outcome: 'logout', subject: null, sessionIndexes: [ticket], replyUrl: null };
}
