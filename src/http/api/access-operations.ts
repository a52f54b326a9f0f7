import { z } from 'zod';
import type { AccessModel, AllowRule, Decision, Policy, Tier } from '../../domain/access.ts';
import { decide, findPolicy } from '../../domain/decide.ts';
import { describePolicy } from '../../domain/describe-policy.ts';
import { explain } from '../../domain/explain.ts';
import { itemServiceName } from '../../domain/item-service.ts';
import { isOpen } from '../../domain/opening-hours.ts';
import { TOKENS_SERVICE } from '../../domain/personal-token.ts';
import { parseTierIdentifier } from '../../domain/tier.ts';
import { nobody, type Visitor } from '../../domain/visitor.ts';
import { findNamedTier } from '../../domain/when-locked.ts';
import { findPerson } from '../../flows/find-person.ts';
import { isAddress } from '../../lib/network.ts';
import { refuse } from '../../lib/problems.ts';
import { type Operation, operation } from './operation.ts';
import { refuseFields } from './read-input.ts';
import { answerJson } from './reply.ts';
import { ACCESS, DECISION } from './schemas.ts';

const TAG = 'Access';
const FILE_NAME = 'the access file';

export const ACCESS_OPERATIONS: readonly Operation[] = [
  operation(
    {
      id: 'getAccess',
      method: 'GET',
      path: '/api/1/access',
      tag: TAG,
      scope: 'access:read',
      summary: 'The access services and policies in force',
      answers: { 200: { description: 'As the access file has them', schema: ACCESS } },
    },
    async (deps) => {
      const access = deps.access();
      const now = deps.clock.now();
      return answerJson(ACCESS, {
        enforced: access.enforced,
        services: [...access.services.values()].map(({ name, pattern, label, networks, devices, perItem, minutes, hours }) => ({
          name,
          pattern,
          label: Object.fromEntries(Object.entries(label).map(([language, texts]) => [language, [...texts]])),
          networks: networks.map(({ text }) => text),
          devices: devices === true,
          perItem: perItem === true,
          minutes: minutes ?? null,
          opensNow: hours === undefined || isOpen(hours, now),
        })),
        policies: access.policies.map((policy) => toPolicy(access, policy, now)),
      });
    },
  ),
  operation(
    {
      id: 'getDecision',
      method: 'GET',
      path: '/api/1/access/decision',
      tag: TAG,
      scope: 'access:read',
      summary: 'Who may see an item, and why',
      description: 'What the server would decide about such a visitor. It is decided anew at every request; nothing is promised.',
      query: z.strictObject({
        item: z.string().min(1).max(2000).describe('The identifier of an item, or of one of its tiers. It need not exist.'),
        user: z.string().max(100).optional().describe('The name of a user, who has signed in at every service with a form.'),
        services: z
          .string()
          .max(1000)
          .optional()
          .describe(
            'Access services that the visitor has been through, instead, with commas between them; `tokens` for a personal access token.',
          ),
        address: z.string().max(64).optional().describe('Where the visitor is.'),
        at: z.iso.datetime({ offset: true }).optional().describe('When; now without it.'),
      }),
      answers: { 200: { description: 'The decision, in sentences too', schema: DECISION } },
      problems: ['not-found'],
    },
    async (deps, { query }) => {
      const access = deps.access();
      const user = query.user === undefined ? null : await deps.users.find(query.user);
      if (query.user !== undefined && user === null) return wrong('user', 'There is no such user.');
      if (query.address !== undefined && !isAddress(query.address)) return wrong('address', 'It is no address, such as 192.0.2.7.');
      // A disabled user is nobody.
      const person = user === null || user.disabledAt !== null ? null : await findPerson(deps, user);
      const services = query.services?.split(',').filter((name) => name !== '') ?? (person === null ? [] : signInsOf(access));
      const unknown = services.find((name) => name !== TOKENS_SERVICE && !access.services.has(name));
      if (unknown !== undefined) return wrong('services', 'The access file has no such access service.');
      const { identifier, tier: tierName } = parseTierIdentifier(query.item);
      const item = await deps.items.find(identifier);
      const path = item?.path ?? identifier;
      const tier = tierName === null ? null : findNamedTier(findPolicy(access, path), tierName);
      if (tierName !== null && tier === null) return refuse('not-found', 'The policy of this item has no such tier.');
      const asked = { path, exists: item !== null, tier, now: query.at === undefined ? deps.clock.now() : new Date(query.at) };
      return answerJson(DECISION, decided(access, visitorOf(person, query.address ?? '', services, path), asked));
    },
  ),
];

function wrong(parameter: string, detail: string) {
  return refuseFields({ kind: 'invalid', errors: [{ parameter, detail }] });
}

interface Asked {
  readonly path: string;
  readonly exists: boolean;
  readonly tier: Tier | null;
  readonly now: Date;
}

function decided(access: AccessModel, visitor: Visitor, { path, exists, tier, now }: Asked) {
  // What the policies say does not hang on who reads at this moment.
  const decision = decide(access, path, { ...visitor, seats: new Set([path]) }, now, tier ?? undefined);
  return {
    item: path,
    exists,
    tier: tier?.name ?? null,
    outcome: decision.outcome,
    reason: decision.reason.code,
    policy: decision.policy?.number ?? null,
    services: offeredBy(decision),
    until: decision.until?.toISOString() ?? null,
    sentences: [...explain(decision, { path, fileName: FILE_NAME, visitor, access, tier: tier ?? undefined, now })],
  };
}

function offeredBy(decision: Decision): string[] {
  return decision.outcome === 'access-needed' ? decision.services.map(({ name }) => name) : [];
}

/** Whoever has signed in has been through every form. */
function signInsOf({ services }: AccessModel): readonly string[] {
  return [...services.values()].filter(({ pattern }) => pattern === 'login').map(({ name }) => name);
}

function visitorOf(user: Visitor['user'], address: string, services: readonly string[], path: string): Visitor {
  if (services.includes(TOKENS_SERVICE)) {
    return { ...nobody(address), by: 'personal-token', user, services: new Set([TOKENS_SERVICE]) };
  }
  const been = new Set(services.flatMap((name) => [name, itemServiceName(name, path)]));
  return { ...nobody(address), by: user === null && been.size === 0 ? 'nobody' : 'access-cookie', user, services: been };
}

function toPolicy(access: AccessModel, policy: Policy, now: Date) {
  const { number, line, items, allow, embargo, otherwise = [] } = policy;
  return {
    number,
    line,
    items: [...items],
    allow: allow === 'everyone' ? allow : allow.map(toRule),
    embargoUntil: embargo?.until.toISOString() ?? null,
    tiers: otherwise.map(({ name }) => name),
    words: describePolicy(access, policy, now),
  };
}

function toRule({ service, roles, at, from, until }: AllowRule) {
  return { service, roles: [...roles], at: at ?? null, from: from?.toISOString() ?? null, until: until?.toISOString() ?? null };
}
