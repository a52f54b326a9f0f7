import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemAuthServices } from '../../src/iiif/auth/item-services.ts';
import { fileSubstitute, imageSubstitute, probeResult } from '../../src/iiif/auth/probe-result.ts';
import type { ServiceSource } from '../../src/iiif/auth/service-description.ts';
import { cookieService1 } from '../../src/iiif/auth/services-1.ts';
import { probeService2 } from '../../src/iiif/auth/services-2.ts';
import { PROBE_TEXTS, type ProbeRefusal, TOKEN_ERRORS } from '../../src/iiif/auth/texts.ts';
import { tokenErrorMessage2, tokenMessage2 } from '../../src/iiif/auth/token-message.ts';
import { authUris } from '../../src/iiif/auth/uris.ts';
import { checkCookieService1 } from './auth-1.ts';
import { checkProbeResult2, checkProbeService2, checkTokenError2, checkTokenMessage2 } from './auth-2.ts';
import { services } from './random-services.ts';

const uris = authUris('https://iiif.example.org/lib');
const preferences = fc.array(fc.constantFrom('de', 'fr', 'en-gb', 'ja', '*'), { maxLength: 3 });

const MEMBERS: ServiceSource = {
  name: 'members',
  pattern: 'login',
  label: { en: ['Sign in to Example Library'], de: ['Bei der Beispielbibliothek anmelden'] },
  heading: null,
  note: null,
  confirmLabel: null,
  errorHeading: null,
  errorNote: null,
};
const TERMS: ServiceSource = { ...MEMBERS, name: 'terms', pattern: 'clickthrough', label: { en: ['Terms of Example Library'] } };

describe('service descriptions of Authentication 1.0', () => {
  it('have every required and recommended property, whatever the service', () => {
    fc.assert(
      fc.property(services, preferences, (service, languages) => {
        expect(checkCookieService1(cookieService1(service, uris, languages))).toEqual([]);
      }),
    );
  });

  it('are in the language that the reader prefers, label and all', () => {
    const german = cookieService1(MEMBERS, uris, ['de-at', 'en']);
    expect(german).toMatchObject({
      label: 'Bei der Beispielbibliothek anmelden',
      confirmLabel: 'Anmelden',
      header: 'Bitte melden Sie sich an',
    });
    expect(german.service[1]?.label).toBe('Bei iiif.example.org abmelden');
  });

  it('show text that looks like markup as text', () => {
    const note = { en: ['a < b, <script>alert(1)</script> & AT&T &lt;'] };
    expect(cookieService1({ ...MEMBERS, note }, uris, []).description).toBe(
      'a &lt; b, &lt;script>alert(1)&lt;/script> & AT&amp;T &amp;lt;',
    );
  });

  it('say where things are in URIs without a query', () => {
    const service = cookieService1(MEMBERS, uris, []);
    expect([service['@id'], ...service.service.map((related) => related['@id'])]).toEqual([
      'https://iiif.example.org/lib/auth/access/1/members',
      'https://iiif.example.org/lib/auth/token/1/members',
      'https://iiif.example.org/lib/auth/logout/1/members',
    ]);
  });
});

describe('service descriptions of Authorization Flow 2.0', () => {
  it('have every required and recommended property, whatever the services', () => {
    fc.assert(
      fc.property(fc.array(services, { minLength: 1, maxLength: 3 }), fc.string(), (several, path) => {
        fc.pre(path.isWellFormed());
        expect(checkProbeService2(probeService2(path, several, uris))).toEqual([]);
      }),
    );
  });

  it('keep the texts of the access file in all their languages', () => {
    const [access] = probeService2('a.tif', [MEMBERS], uris).service;
    expect(access).toMatchObject({ label: MEMBERS.label, confirmLabel: { en: ['Sign in'], de: ['Anmelden'] } });
  });

  it('never show a default note below an error heading of the access file', () => {
    const [access] = probeService2('a.tif', [{ ...MEMBERS, errorHeading: { en: ['No'] } }], uris).service;
    expect(access?.service[0]).toEqual({
      id: 'https://iiif.example.org/lib/auth/token/2/members',
      type: 'AuthAccessTokenService2',
      errorHeading: { en: ['No'] },
    });
  });

  it('give an error note without a heading the default heading', () => {
    const [access] = probeService2('a.tif', [{ ...MEMBERS, errorNote: { en: ['Ask at the desk.'] } }], uris).service;
    expect(access?.service[0]).toMatchObject({ errorHeading: { en: ['You are not signed in'] }, errorNote: { en: ['Ask at the desk.'] } });
  });

  it('name the probe by the encoded identifier', () => {
    expect(probeService2('letters/book 1.tif/2', [MEMBERS], uris).id).toBe(
      'https://iiif.example.org/lib/auth/probe/letters%2Fbook%201.tif%2F2',
    );
  });
});

describe('both on one item', () => {
  const input = { identifier: 'a.tif', services: [MEMBERS, TERMS], uris, acceptLanguage: 'de' };

  it('come in the order in which viewers try them, 1.0 before 2.0', () => {
    const [first, second, probe] = itemAuthServices({ ...input, version: 3 });
    expect([first, second]).toMatchObject([
      { profile: 'http://iiif.io/api/auth/1/clickthrough' },
      { profile: 'http://iiif.io/api/auth/1/login' },
    ]);
    expect(probe).toMatchObject({ type: 'AuthProbeService2', service: [{ id: uris.access('terms') }, { id: uris.access('members') }] });
  });

  it('put what takes the least of a reader first: external, kiosk, clickthrough, login; in 2.0 external, kiosk, active', () => {
    const campus: ServiceSource = { ...MEMBERS, name: 'campus', pattern: 'external' };
    const room: ServiceSource = { ...MEMBERS, name: 'room', pattern: 'kiosk' };
    const services = itemAuthServices({ ...input, services: [MEMBERS, room, TERMS, campus], version: 3 });
    expect(services.map(({ profile }) => profile.split('/').at(-1))).toEqual(['external', 'kiosk', 'clickthrough', 'login', 'probe']);
    expect(services.at(-1)).toMatchObject({
      service: [
        { profile: 'external' },
        { profile: 'kiosk', id: uris.access('room') },
        { id: uris.access('terms') },
        { id: uris.access('members') },
      ],
    });
  });

  it('have nothing to open for an external service, in either syntax', () => {
    const campus: ServiceSource = { ...MEMBERS, name: 'campus', pattern: 'external' };
    const [one, probe] = itemAuthServices({ ...input, services: [campus], version: 3 });
    expect(one).toMatchObject({ '@type': 'AuthCookieService1', failureHeader: 'Von hier aus haben Sie keinen Zugang' });
    expect(one).not.toHaveProperty('@id');
    expect(probe).toMatchObject({ service: [{ service: [{ id: uris.token2('campus') }] }] });
    expect(probe).not.toHaveProperty('service.0.id');
  });

  it('have no address in common, for parsers that gather a document by id refuse two types under one', () => {
    const ids = JSON.stringify(itemAuthServices({ ...input, version: 3 })).match(/"@?id":"[^"]*"/g) ?? [];
    const addresses = ids.map((pair) => pair.replace('"@id":', '"id":'));
    expect(addresses).toHaveLength(13);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('all have a string profile, without which Mirador stops', () => {
    const profiles = itemAuthServices({ ...input, version: 2 }).map(({ profile }) => typeof profile);
    expect(profiles).toEqual(['string', 'string', 'string']);
  });

  it('bring their contexts along in a document of version 2.1 only', () => {
    expect(itemAuthServices({ ...input, version: 2 }).at(-1)).toHaveProperty('@context', 'http://iiif.io/api/auth/2/context.json');
    expect(itemAuthServices({ ...input, version: 3 }).at(-1)).not.toHaveProperty('@context');
  });

  it('are none where no service can help', () => {
    expect(itemAuthServices({ ...input, services: [], version: 3 })).toEqual([]);
  });
});

describe('messages and results of 2.0', () => {
  it('have every required property with a token', () => {
    const message = tokenMessage2({ accessToken: 'opaque', expiresIn: 300 }, 'https://viewer.example/?"</script>');
    expect(checkTokenMessage2(message)).toEqual([]);
    expect(message.messageId).toBe('https://viewer.example/?"</script>');
  });

  it.each(TOKEN_ERRORS)('have every required property with the error %s', (error) => {
    expect(checkTokenError2(tokenErrorMessage2(error, ''))).toEqual([]);
  });

  it.each([...(Object.keys(PROBE_TEXTS) as ProbeRefusal[]), 'allowed' as const])(
    'have every required property with the probe result %s',
    (outcome) => {
      expect(checkProbeResult2(probeResult(outcome))).toEqual([]);
    },
  );

  it.each([
    ['allowed', 200],
    ['access-needed', 401],
    ['elsewhere', 401],
    ['role-missing', 401],
    ['refused', 403],
    ['not-found', 404],
    ['failed', 500],
  ] as const)('say for %s what the content would answer: %i', (outcome, status) => {
    expect(probeResult(outcome).status).toBe(status);
  });

  it('name substitutes as the table wants them', () => {
    const open = { authServices: [], authReferences: [] };
    const named = imageSubstitute({ uri: 'https://example.org/iiif/3/a.tif%2F~low', version: 3 }, { ...open, label: { en: ['Low'] } });
    const unnamed = imageSubstitute({ uri: 'https://example.org/iiif/3/a.tif%2F~1', version: 3 }, { ...open, label: null });
    const film = fileSubstitute(
      { id: 'https://example.org/media/a.mp4%2F~low', type: 'Video', format: 'video/mp4' },
      { ...open, label: null },
    );
    expect(checkProbeResult2(probeResult('access-needed', [named, unnamed, film]))).toEqual([]);
    const probe = probeService2('a.mp4/~low', [MEMBERS], uris);
    expect(checkProbeResult2(probeResult('access-needed', [{ ...film, service: [probe] }]))).toEqual([]);
    expect(checkProbeResult2(probeResult('access-needed', [{ ...film, service: [{ ...probe, service: [] }] }]))).toHaveLength(1);
    expect(probeResult('refused', [named])).toMatchObject({ status: 403, substitute: [{ label: { en: ['Low'] }, type: 'Image' }] });
    expect(checkProbeResult2({ ...probeResult('allowed'), substitute: [named] })).toHaveLength(1);
  });

  it('say nothing more where access is granted', () => {
    expect(Object.keys(probeResult('allowed'))).toEqual(['@context', 'type', 'status']);
  });
});

describe('the checks themselves', () => {
  it('find what is missing, wrong or too much', () => {
    const { label: _, ...lacking } = cookieService1(MEMBERS, uris, []);
    expect(checkCookieService1(lacking)).toEqual(['the access cookie service lacks label, which is REQUIRED']);
    const probe = probeService2('a.tif', [MEMBERS], uris);
    expect(checkProbeService2({ ...probe, type: 'AuthProbeService1', more: 1 })).toHaveLength(2);
    expect(checkProbeService2({ ...probe, errorHeading: undefined, errorNote: { en: ['x'] } })).not.toEqual([]);
  });
});
