/** What travels through the interface for programs, by the names that its description has for it. */
import { z } from 'zod';
import { AUDIT_ACTIONS, type AuditAction } from '../../domain/audit.ts';
import { SCOPES } from '../../domain/personal-token.ts';
import { USER_STATES } from '../../domain/user-query.ts';

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
  from: time().nullable(),
  until: time().nullable(),
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
        opensNow: z.boolean().describe('False outside its opening hours.'),
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

const person = z.strictObject({ id: z.string(), name: z.string() });

export const SESSION_PAGE = named(
  'SessionPage',
  z.strictObject({
    sessions: z.array(
      z.strictObject({
        id: z.string(),
        user: person.nullable().describe('Null for whoever agreed to terms alone, or was at a kiosk.'),
        createdAt: time(),
        usedAt: time(),
        endsAt: time().describe('In any case.'),
        address: z.string().nullable(),
        userAgent: z.string().nullable(),
        services: z.array(z.string()).describe('Access services that it has been through.'),
        viewers: z.array(z.string()).describe('Origins of the viewers that asked for them.'),
        tokens: z.int().describe('How many access tokens of viewers are in force.'),
      }),
    ),
    next: z.string().nullable(),
  }),
);

export const ADMIN_SESSIONS = named(
  'AdministratorSessions',
  z.strictObject({
    sessions: z.array(z.strictObject({ id: z.string(), user: person, createdAt: time(), usedAt: time(), address: z.string() })),
  }),
);

export const ENDED = named('Ended', z.strictObject({ ended: z.int() }));

export const GRANT = named(
  'Grant',
  z.strictObject({
    id: z.string(),
    user: person,
    items: z.string().describe('A pattern over item paths, as in policies.'),
    until: time().describe('It counts before this.'),
    note: z.string().nullable(),
    createdBy: z.string().nullable().describe('Name of an administrator; null at the command line.'),
    createdAt: time(),
  }),
);

export const GRANT_PAGE = named('GrantPage', z.strictObject({ grants: z.array(GRANT), next: z.string().nullable() }));

const grantEnd = z.string().max(40).describe('A day, which counts to its end (UTC), or a time with its zone.');

export const NEW_GRANT = named(
  'NewGrant',
  z.strictObject({
    user: z.string().max(100).describe('Id of a user.'),
    items: z.string().max(2000).describe('A pattern over item paths, as in policies.'),
    until: grantEnd,
    note: z.string().max(500).nullish().describe('For administrators.'),
  }),
);

export const GRANT_CHANGE = named('GrantChange', z.strictObject({ until: grantEnd }));

export const USER = named(
  'User',
  z.strictObject({
    id: z.string(),
    name: z.string().describe('Unique, whatever its case.'),
    email: z.string().nullable(),
    source: z.string().describe('`local`, or the identity source that the person signs in through.'),
    state: z.enum(USER_STATES).describe('`invited` has no password yet.'),
    roles: z.array(z.string()).describe('All that count.'),
    ownRoles: z.array(z.string()).describe('Given by hand.'),
    outsideRoles: z.array(z.string()).describe('What the source said at the last sign-in.'),
    createdAt: time(),
    lastSignInAt: time().nullable(),
  }),
);

export const USER_PAGE = named('UserPage', z.strictObject({ users: z.array(USER), total: z.int(), next: z.string().nullable() }));

export const PASSWORD_LINK = named(
  'PasswordLink',
  z.strictObject({
    kind: z.enum(['invitation', 'reset']),
    link: z.string().describe('To be given to the person, and to nobody else.'),
    endsAt: time(),
  }),
);

const userName = z.string().max(100);
const email = z.string().max(320);
const rolesByHand = z.array(z.string().max(64)).max(100);

export const NEW_USER = named(
  'NewUser',
  z.strictObject({
    name: userName,
    email: email.nullish(),
    roles: rolesByHand.optional(),
    password: z.string().max(1024).nullish().describe('Without it, the answer has a link by which the person sets one.'),
  }),
);

export const CREATED_USER = named('CreatedUser', z.strictObject({ user: USER, link: PASSWORD_LINK.nullable() }));

export const USER_CHANGE = named(
  'UserChange',
  z
    .strictObject({ name: userName.optional(), email: email.nullable().optional().describe('null for none.') })
    .describe('What is not there stays.'),
);

export const ROLES_OF_USER = named('RolesOfUser', z.strictObject({ roles: rolesByHand }));

export const STATE_OF_USER = named('StateOfUser', z.strictObject({ disabled: z.boolean() }));

export const ROLES = named(
  'RoleList',
  z.strictObject({
    roles: z.array(
      z.strictObject({
        name: z.string(),
        users: z.int().describe('How many have it.'),
        policies: z.array(z.int()).describe('Numbers of those that name it.'),
      }),
    ),
  }),
);

const fill = {
  derivatives: z.int().describe('How many there are.'),
  bytes: z.int(),
  maxBytes: z.int().describe('0: nothing is kept.'),
  hits: z.int(),
  misses: z.int(),
};

export const CACHE = named(
  'Cache',
  z.strictObject({
    memory: z.strictObject(fill),
    disk: z.strictObject(fill).describe('Shared by all processes; what is copied from stored tiles is not there.'),
  }),
);

export const PURGED = named(
  'Purged',
  z.strictObject({
    memory: z.int().describe('Finished images from the memory of the process that answers. Others follow within seconds.'),
    disk: z.int().describe('Finished images from the disk.'),
    pyramids: z.int().describe('Pyramids that were kept beside the files.'),
    copies: z.int().describe('Copies of files that are in an object store.'),
  }),
);
