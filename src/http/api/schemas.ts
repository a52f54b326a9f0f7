/** What travels through the interface for programs, by the names that its description has for it. */
import { z } from 'zod';
import { AUDIT_ACTIONS, type AuditAction } from '../../domain/audit.ts';
import { SCOPES } from '../../domain/personal-token.ts';

/** Every schema with its name. */
export const SCHEMAS = z.registry<{ id: string }>();

function named<T extends z.ZodType>(id: string, schema: T): T {
  SCHEMAS.add(schema, { id });
  return schema;
}

/** As we write it: in UTC, to the millisecond. */
export const time = () => z.iso.datetime();
const scope = z.enum(SCOPES);

export const PROBLEM = named(
  'Problem',
  z
    .object({
      type: z.literal('about:blank'),
      code: z.string().describe('Stable; docs/reference/problems.md lists all.'),
      title: z.string(),
      status: z.int(),
      detail: z.string().describe('A sentence for whoever reads the log of the script.'),
      errors: z
        .array(
          z.strictObject({
            pointer: z.string().optional().describe('Of the body: a JSON Pointer, such as #/roles/0.'),
            parameter: z.string().optional().describe('Of the query.'),
            detail: z.string(),
          }),
        )
        .optional(),
    })
    .describe('RFC 9457 problem details, sent as application/problem+json.'),
);

export const TOKEN = named(
  'Token',
  z.strictObject({
    id: z.string(),
    user: z.string().describe('Id of its owner.'),
    name: z.string(),
    scopes: z.array(scope),
    createdAt: time(),
    expiresAt: time(),
    usedAt: time().nullable().describe('To the hour.'),
  }),
);

export const OWN_TOKEN = named(
  'OwnToken',
  z.strictObject({
    token: TOKEN,
    user: z.strictObject({ id: z.string(), name: z.string(), roles: z.array(z.string()) }),
    scopesInForce: z.array(scope).describe('What it is good for now: scopes beside content count while its owner is an administrator.'),
  }),
);

export const TOKENS = named('TokenList', z.strictObject({ tokens: z.array(TOKEN) }));

const rule = z.strictObject({
  service: z.string(),
  roles: z.array(z.string()).describe('Empty: whoever has been through the service.'),
  at: z.string().nullable().describe('The access service at whose place the visitor must be besides.'),
});

export const ACCESS = named(
  'AccessModel',
  z.strictObject({
    enforced: z.boolean().describe('False without an access file: everything is open.'),
    services: z.array(
      z.strictObject({
        name: z.string(),
        pattern: z.enum(['login', 'clickthrough', 'kiosk', 'external']),
        label: z.record(z.string(), z.array(z.string())),
        networks: z.array(z.string()),
        devices: z.boolean(),
        perItem: z.boolean(),
        minutes: z.int().nullable(),
      }),
    ),
    policies: z
      .array(
        z.strictObject({
          number: z.int(),
          line: z.int().describe('Of the access file.'),
          items: z.array(z.string()),
          allow: z.union([z.literal('everyone'), z.array(rule)]).describe('An empty list is nobody.'),
          embargoUntil: time().nullable(),
          tiers: z.array(z.string()).describe('Names of the lesser versions that it gives to others.'),
          words: z.string().describe('What it asks for and gives now, in one line.'),
        }),
      )
      .describe('In order: the first one with a matching pattern decides.'),
  }),
);

export const DECISION = named(
  'Decision',
  z.strictObject({
    item: z.string().describe('The path that policies are asked about.'),
    exists: z.boolean(),
    tier: z.string().nullable(),
    outcome: z.enum(['allowed', 'access-needed', 'refused']),
    reason: z.string(),
    policy: z.int().nullable().describe('Its number.'),
    services: z.array(z.string()).describe('Where access is needed: the services that a viewer is told of.'),
    until: time().nullable().describe('When it may be another one.'),
    sentences: z.array(z.string()),
  }),
);

const actions = Object.keys(AUDIT_ACTIONS) as [AuditAction, ...AuditAction[]];
export const auditAction = z.enum(actions);

export const AUDIT_EVENT = named(
  'AuditEvent',
  z.strictObject({
    id: z.string(),
    at: time(),
    action: auditAction,
    actor: z.string().nullable(),
    via: z.enum(['web', 'api', 'command line']),
    address: z.string().nullable(),
    item: z.string().nullable(),
    service: z.string().nullable(),
    rule: z.string().nullable(),
    target: z.string().nullable(),
    detail: z.string().nullable(),
    pseudonymised: z.boolean(),
  }),
);

export const AUDIT_PAGE = named('AuditPage', z.strictObject({ events: z.array(AUDIT_EVENT), next: z.string().nullable() }));
