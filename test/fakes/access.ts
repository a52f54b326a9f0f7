import type { AccessModel, AccessService, AllowRule, Policy } from '../../src/domain/access.ts';
import type { Item } from '../../src/domain/item.ts';
import type { AccessRequestStore, ImageReader, ItemSource } from '../../src/domain/ports.ts';
import type { SessionLimits } from '../../src/domain/session.ts';
import { createVisitAudit } from '../../src/flows/audit-visits.ts';
import { createGuessLimits } from '../../src/flows/limit-guesses.ts';
import { createNewSessionLimits } from '../../src/flows/limit-new-sessions.ts';
import type { OpenedSession } from '../../src/flows/open-session.ts';
import { createRunningChecks } from '../../src/flows/running-checks.ts';
import { createFailureBrake } from '../../src/flows/slow-failures.ts';
import { createSeating } from '../../src/flows/take-seat.ts';
import { FakeAudit, NO_AUDIT_STORE } from './audit.ts';
import { FakeSeats } from './seats.ts';
import { fakeSignOns } from './sign-ons.ts';
import { FakeClock, FakePasswords, FakeStores, fakeRandomness, fakeSigner } from './stores.ts';

export const VIEWER = 'https://viewer.example';
export const OTHER_VIEWER = 'https://other.example:8443';

/** One that gets content without cookies. */
export const SIGNED_VIEWER = 'https://no-cookies.example';

export const LIMITS: SessionLimits = { idleMinutes: 120, absoluteHours: 12, tokenMinutes: 60 };

/** `members` signs in, `staff` signs in too, `terms` is agreed to. */
export const ACCESS: AccessModel = {
  enforced: true,
  services: new Map(
    [
      service({
        name: 'members',
        pattern: 'login',
        label: { en: ['Sign in to Example Library'], de: ['Anmelden bei der Beispielbibliothek'] },
      }),
      service({ name: 'staff', pattern: 'login', label: { en: ['Staff of Example Library'] } }),
      service({ name: 'terms', pattern: 'clickthrough', label: { it: ['Condizioni d’uso'], en: ['Terms of use of Example Library'] } }),
    ].map((each) => [each.name, each]),
  ),
  policies: [
    policy(1, ['open/**'], 'everyone'),
    policy(2, ['members/**'], [{ service: 'members', roles: ['reader'] }]),
    policy(3, ['curators/**'], [{ service: 'members', roles: ['curator'] }]),
    policy(4, ['terms/**'], [{ service: 'terms', roles: [] }]),
  ],
};

export const ITEMS: ItemSource = {
  async find(identifier): Promise<Item | null> {
    if (identifier.startsWith('missing')) return null;
    const source = { file: '/private/file', bytes: 1, modified: new Date(0), version: '1' };
    return { identifier, path: identifier, page: 1, kind: 'image', mediaType: 'image/jpeg', source };
  },
  list: async () => null,
};

/** Every file has two pages. */
export const IMAGES: Pick<ImageReader, 'describe'> = {
  describe: async () => ({
    width: 1,
    height: 1,
    pages: 2,
    tile: null,
    levels: [],
    byRegion: false,
    pyramid: false,
    alpha: false,
    gray: false,
    formatName: 'TIFF',
    rights: null,
  }),
};

function service(given: Pick<AccessService, 'name' | 'pattern' | 'label'>): AccessService {
  return { networks: [], heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null, ...given };
}

function policy(number: number, items: readonly string[], allow: 'everyone' | readonly AllowRule[]): Policy {
  return { number, line: number, items, allow };
}

/** Nobody asks for anything. */
const NO_REQUESTS: AccessRequestStore = {
  create: async () => 'too many',
  find: async () => null,
  ofUser: async () => [],
  list: async () => [],
  countOpen: async () => 0,
  decide: async () => false,
  removeDecided: async () => 0,
};

/** All that the flows of people and access need, and `ada` (reader, `lovelace`) and `grace` (curator, `hopper`). */
export function fakePeople() {
  const clock = new FakeClock();
  const stores = new FakeStores();
  const randomness = fakeRandomness();
  const passwords = new FakePasswords();
  stores.addUser('ada', 'lovelace', ['reader']);
  stores.addUser('grace', 'hopper', ['curator']);
  const { sessions, users, userLinks, tokens, devices, itemGrants, attempts, personalTokens, adminSessions, secondFactors } = stores;
  const sources = { access: () => ACCESS, items: ITEMS, images: IMAGES };
  const signing = { signer: fakeSigner(), signedPaths: { origins: new Set([SIGNED_VIEWER]), minutes: 60 } };
  const audit = new FakeAudit();
  const seats = new FakeSeats();
  const visits = createVisitAudit({ audit, clock, views: true, wouldRefuse: () => {} });
  const parts = {
    ...sources,
    ...signing,
    sessions,
    users,
    userLinks,
    tokens,
    devices,
    itemGrants,
    accessRequests: NO_REQUESTS,
    attempts,
    runningChecks: createRunningChecks(),
    personalTokens,
    adminSessions,
    secondFactors,
    passwords,
    clock,
    randomness,
    limits: LIMITS,
    siteNames: ['Example Library'],
    audit,
    auditStore: NO_AUDIT_STORE,
    visits,
    seats,
    seating: createSeating({ ...sources, seats, clock }),
    ...fakeSignOns(),
  };
  return {
    ...parts,
    stores,
    guesses: createGuessLimits(parts),
    newSessions: createNewSessionLimits(clock),
    starts: createNewSessionLimits(clock),
    brake: createFailureBrake(clock),
  };
}

/** The cookies as a browser sends them back. */
export function cookiesOf(opened: Pick<OpenedSession, 'sessionCookie' | 'accessCookie'>): ReadonlyMap<string, string> {
  return new Map([
    ['vitrine-session', opened.sessionCookie],
    ['vitrine-access', opened.accessCookie],
  ]);
}

export const NO_COOKIES: ReadonlyMap<string, string> = new Map();
