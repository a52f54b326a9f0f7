import { describe, expect, it } from 'vitest';
import { type AccessModel, type AccessService, openAccess } from './access.ts';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import { nobody, type Visitor } from './visitor.ts';

const MEMBERS: AccessService = {
  name: 'members',
  pattern: 'login',
  label: { en: ['Sign in to Example Library'] },
  networks: [],
  heading: null,
  note: null,
  confirmLabel: null,
  errorHeading: null,
  errorNote: null,
};

const ACCESS: AccessModel = {
  enforced: true,
  services: new Map([['members', MEMBERS]]),
  policies: [
    { number: 1, line: 7, items: ['maps/**', 'charts/*'], allow: 'everyone' },
    { number: 2, line: 14, items: ['letters/**'], allow: [{ service: 'members', roles: ['reader', 'curator'] }] },
    { number: 3, line: 18, items: ['books/**'], allow: [{ service: 'members', roles: [] }] },
  ],
};

function sentences(path: string, visitor: Visitor, access: AccessModel = ACCESS): readonly string[] {
  return explain(decide(access, path, visitor, new Date(0)), { path, fileName: 'access.yaml', visitor, access, now: new Date(0) });
}

function anna(services: readonly string[], roles: readonly string[]): Visitor {
  return { ...nobody(''), by: 'access-cookie', user: { name: 'anna', roles, itemGrants: [] }, services: new Set(services) };
}

describe('explain', () => {
  it('says that there is no access file', () => {
    expect(sentences('a.tif', nobody(''), openAccess())).toEqual(['There is no access file, so everything is open to everybody.']);
  });

  it('names the policy, its line and its items', () => {
    expect(sentences('maps/a.tif', nobody(''))).toEqual(['Policy 1 (access.yaml line 7, items maps/**, charts/*) allows everyone.']);
  });

  it('says which role and which service opened the item', () => {
    expect(sentences('letters/a.tif', anna(['members'], ['reader']))).toEqual([
      'Policy 2 (access.yaml line 14, items letters/**) allows it, because user anna has role reader and has been through service members.',
    ]);
  });

  it('leaves the role out where none was asked for', () => {
    expect(sentences('books/a.tif', { ...nobody(''), services: new Set(['members']) })).toEqual([
      'Policy 3 (access.yaml line 18, items books/**) allows it, because the visitor has been through service members.',
    ]);
  });

  it('says that a registered device opened the item, and who is at none', () => {
    const desk: AccessService = { ...MEMBERS, name: 'desk', pattern: 'kiosk', devices: true };
    const policies = [{ number: 1, line: 7, items: ['**'], allow: [{ service: 'desk', roles: [] }] }];
    const access: AccessModel = { enforced: true, services: new Map([['desk', desk]]), policies };
    const elsewhere = nobody('203.0.113.5');
    expect(sentences('a.tif', { ...elsewhere, devices: new Set(['desk']) }, access)).toEqual([
      'Policy 1 (access.yaml line 7, items **) allows it, because the visitor is at a registered device of service desk.',
    ]);
    expect(sentences('a.tif', elsewhere, access)).toEqual([
      'Policy 1 (access.yaml line 7, items **) does not allow it yet: the visitor is at 203.0.113.5, at no registered device of service desk.',
      'Enough is: service desk from a registered device.',
    ]);
  });

  it('says what would be enough for somebody who has done nothing yet', () => {
    expect(sentences('letters/a.tif', nobody(''))).toEqual([
      'Policy 2 (access.yaml line 14, items letters/**) does not allow it yet: the visitor has been through none of its services.',
      'Enough is: service members as a user with role reader or curator.',
    ]);
  });

  it('says which roles are missing, and which the user has', () => {
    expect(sentences('letters/a.tif', anna(['members'], ['guest']))[0]).toBe(
      'Policy 2 (access.yaml line 14, items letters/**) does not allow it: user anna has been through service members, but has none of the roles reader, curator (the user has guest).',
    );
  });

  it('says that no policy matches', () => {
    expect(sentences('diaries/1.tif', nobody(''))).toEqual(['No policy of access.yaml matches diaries/1.tif, so nobody may see it.']);
  });
});
