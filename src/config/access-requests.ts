import type { AccessService, Policy } from '../domain/access.ts';
import type { YamlEntry, YamlReading } from './yaml-reading.ts';

/**
 * `requests` of a policy: the access service by which those sign in who may ask for its items. With `true` the first one
 * that signs people in.
 */
export function readRequests(
  reading: YamlReading,
  entry: YamlEntry | null,
  { services, policy }: { readonly services: readonly AccessService[]; readonly policy: Omit<Policy, 'requests'> },
): Pick<Policy, 'requests'> {
  if (entry === null) return {};
  if (policy.allow === 'everyone' && policy.embargo === undefined) {
    reading.report(entry.keyNode, `Policy ${policy.number} allows everyone, so nobody needs to ask: leave "requests" out.`);
    return {};
  }
  const signIns = services.filter(({ pattern, perItem }) => pattern === 'login' && perItem !== true);
  const name = reading.textIfAny(entry.value);
  if (name === null) {
    if (reading.truth(entry.value, '"requests"') !== true) return {};
    const [first] = signIns;
    if (first !== undefined) return { requests: first.name };
    reading.report(entry.value, '"requests" needs an access service with the pattern login, and without perItem: readers sign in to ask.');
    return {};
  }
  if (signIns.some((service) => service.name === name)) return { requests: name };
  reading.report(
    entry.value,
    `"requests" is true, or the name of an access service with the pattern login and without perItem, not ${name}.`,
  );
  return {};
}
