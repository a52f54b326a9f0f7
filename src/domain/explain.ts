import type { AllowRule, Decision, Policy, Tier } from './access.ts';
import type { Visitor } from './visitor.ts';

export interface ExplainedRequest {
  /** What policies are written about: the item's path without a page. */
  readonly path: string;
  /** How the sentences call the access file. */
  readonly fileName: string;
  readonly visitor: Visitor;
}

/** A decision in sentences, for an administrator. They name policies, users and roles: not for the public. */
export function explain(decision: Decision, about: ExplainedRequest): readonly string[] {
  const { reason, policy } = decision;
  if (reason.code === 'no-access-file') return ['There is no access file, so everything is open to everybody.'];
  if (policy === null) return [`No policy of ${about.fileName} matches ${about.path}, so nobody may see it.`];
  const named = namePolicy(policy, about.fileName);
  switch (reason.code) {
    case 'everyone':
      return [`${named} allows everyone.`];
    case 'tier-for-everyone':
      return [`${named} gives tier ${reason.tier} to everyone.`];
    case 'granted':
      return [`${named} allows it, because ${nameVisitor(about.visitor)} ${wayIn(reason)}.`];
    case 'role-missing':
      return [
        `${named} does not allow it: ${nameVisitor(about.visitor)} has been through service ${reason.service}, but has none of the roles ${reason.roles.join(', ')} (${listRoles(about.visitor)}).`,
        sayWhatIsEnough(policy),
        ...sayTiers(policy),
      ];
    case 'nobody-yet':
      return [
        `${named} does not allow it yet: ${nameVisitor(about.visitor)} has been through none of its services.`,
        sayWhatIsEnough(policy),
        ...sayTiers(policy),
      ];
    case 'no-policy':
      return [`${named} allows nobody.`, ...sayTiers(policy)];
  }
}

/** `Policy 2 (access.yaml line 14, items letters/**)` */
export function namePolicy(policy: Policy, fileName: string): string {
  return `Policy ${policy.number} (${fileName} line ${policy.line}, items ${policy.items.join(', ')})`;
}

function wayIn({ service, role }: { readonly service: string; readonly role: string | null }): string {
  return role === null ? `has been through service ${service}` : `has role ${role} and has been through service ${service}`;
}

function nameVisitor({ user }: Visitor): string {
  return user === null ? 'the visitor' : `user ${user.name}`;
}

function listRoles({ user }: Visitor): string {
  if (user === null) return 'nobody signed in';
  return user.roles.length === 0 ? 'the user has no roles' : `the user has ${user.roles.join(', ')}`;
}

function sayWhatIsEnough({ allow }: Policy): string {
  const ways = allow === 'everyone' ? [] : allow.map(nameRule);
  return `Enough is: ${ways.join('; or ')}.`;
}

function sayTiers({ otherwise = [] }: Policy): readonly string[] {
  return otherwise.map((tier) => `Otherwise there is tier ${tier.name} (${nameChanges(tier).join(', ')}) for ${nameAudience(tier.for)}.`);
}

function nameChanges({ maxSize, gray, watermark, blur, blackout }: Tier): readonly string[] {
  return [
    ...(maxSize === null ? [] : [`at most ${maxSize} pixels`]),
    ...(gray ? ['gray'] : []),
    ...(watermark === null ? [] : ['with a watermark']),
    ...(blur.length === 0 ? [] : ['blurred in part']),
    ...(blackout.length === 0 ? [] : ['blacked out in part']),
  ];
}

function nameAudience(audience: Tier['for']): string {
  return audience === 'everyone' ? audience : audience.map(nameRule).join('; or ');
}

function nameRule({ service, roles }: AllowRule): string {
  return roles.length === 0 ? `service ${service}` : `service ${service} as a user with role ${roles.join(' or ')}`;
}
