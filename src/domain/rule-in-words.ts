import type { Decision } from './access.ts';
import { isoGrantEnd } from './item-grant.ts';

/** The rule that decided, short enough for a line of the audit: it names policies, services and roles, and no person. */
export function ruleInWords({ policy, reason }: Pick<Decision, 'policy' | 'reason'>): string {
  if (reason.code === 'shadow') return ruleInWords(reason.would);
  if (reason.code === 'no-access-file') return 'no access file: open to everybody';
  if (reason.code === 'item-grant') return reasonInWords(reason);
  if (policy === null) return 'no policy matches';
  return `policy ${policy.number} (${policy.items.join(', ')}): ${reasonInWords(reason)}`;
}

function reasonInWords(reason: Decision['reason']): string {
  switch (reason.code) {
    case 'no-access-file':
    case 'everyone':
      return 'everyone';
    case 'tier-for-everyone':
      return `everyone, tier ${reason.tier}`;
    case 'granted':
      return [
        `service ${reason.service}`,
        reason.role === null ? '' : `, role ${reason.role}`,
        reason.at === undefined ? '' : `, at ${reason.at}`,
      ].join('');
    case 'item-grant':
      return `grant of ${reason.items} until ${isoGrantEnd(reason.until)}, service ${reason.service}`;
    case 'no-seat':
      return `service ${reason.service}, but all ${reason.seats.count} seats are taken`;
    case 'nobody-yet':
      return 'through none of its services yet';
    case 'grant-missing':
      return `service ${reason.service}, but no grant`;
    case 'role-missing':
      return `service ${reason.service}, but none of the roles ${reason.roles.join(', ')}`;
    case 'elsewhere':
      return `service ${reason.service}, but not at ${reason.at.join(' or ')}`;
    case 'no-policy':
      return 'nobody';
    case 'shadow':
      return reasonInWords(reason.would.reason);
  }
}
