import { describe, expect, it } from 'vitest';
import { parseAccessFile } from '../config/access-file.ts';
import { type AccessModel, openAccess } from './access.ts';
import { compareAccess, writeAccessChange } from './compare-access.ts';
import { describeServiceChanges } from './service-changes.ts';
import type { RoleHolders } from './visitor-kinds.ts';

const SERVICES = `accessServices:
  members: { pattern: login, label: Sign in }
  terms: { pattern: clickthrough, label: Terms, perItem: true, minutes: 60 }
  room: { pattern: kiosk, label: Reading room, networks: [192.0.2.0/24], devices: true }
`;

const NOW = new Date('2026-03-01T00:00:00Z');
const PATHS = ['letters/a.jpg', 'letters/b.jpg', 'letters/old/c.jpg', 'maps/d.jpg', 'maps/e.jpg', 'films/f.mp4', 'g.jpg'];
const ITEMS = PATHS.map((path) => ({ path, kind: path.endsWith('mp4') ? ('film' as const) : ('image' as const) }));

function model(policies: string, services = SERVICES): AccessModel {
  const parsed = parseAccessFile(`${services}policies:\n${policies}`, 'access.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.model;
}

/** One line for each thing that changes. */
function compare(before: AccessModel, after: AccessModel, people: readonly RoleHolders[] = [], items = ITEMS): readonly string[] {
  return compareAccess({ before, after, items, people, now: NOW }).flatMap(({ who, changes }) =>
    changes.map((change) => `${who} ${writeAccessChange(change)}`),
  );
}

const OPEN = model('  - { items: "**", allow: everyone }');
const LOCKED = model('  - { items: letters/**, allow: [{ service: members, roles: [reader] }] }\n  - { items: "**", allow: everyone }');

describe('who gains and who loses', () => {
  it('is nobody where a file is written in another way', () => {
    expect(compare(OPEN, model('  - { items: letters/**, allow: everyone }\n  - { items: "**", allow: everyone }'))).toEqual([]);
  });

  it('is said of everyone first, and of those who keep it', () => {
    expect(compare(OPEN, LOCKED)).toEqual(['Everyone loses letters/** (3 items)', 'Role reader keeps letters/** (3 items)']);
    expect(compare(LOCKED, OPEN)).toEqual(['Everyone gains letters/** (3 items)']);
  });

  it('is said of the role alone that changes', () => {
    const curators = model(
      '  - { items: letters/**, allow: [{ service: members, roles: [curator] }] }\n  - { items: "**", allow: everyone }',
    );
    expect(compare(LOCKED, curators)).toEqual(['Role curator gains letters/** (3 items)', 'Role reader loses letters/** (3 items)']);
  });

  it('is said of a role at a place, where a rule asks for both', () => {
    const both = model('  - { items: letters/**, allow: [{ service: members, roles: [reader], at: room }] }');
    const closed = model('  - { items: letters/**, allow: nobody }');
    expect(compare(closed, both)).toEqual([
      'Everyone now finds in lists, locked, letters/** (3 items)',
      'Role reader, at 192.0.2.0/24 (room) gains letters/** (3 items)',
      'Role reader, at a registered device (room) gains letters/** (3 items)',
    ]);
  });

  it('tells of people who keep by one role what another one loses', () => {
    const curators = model(
      '  - { items: letters/**, allow: [{ service: members, roles: [curator] }] }\n  - { items: "**", allow: everyone }',
    );
    const people = [
      { roles: ['curator', 'reader'], names: ['anna', 'bert'] },
      { roles: ['reader'], names: ['carl'] },
    ];
    expect(compare(LOCKED, curators, people)).toContain('anna, bert (roles curator, reader) keeps letters/** (3 items)');
  });

  it('is said of places, services and roles at them', () => {
    const before = model('  - { items: "**", allow: nobody }');
    const after = model(
      `  - { items: maps/**, allow: [{ service: room }] }
  - { items: letters/**, allow: [{ service: room, roles: [reader] }] }
  - { items: g.jpg, allow: [{ service: terms }] }`,
    );
    expect(compare(before, after)).toEqual([
      'Everyone now finds in lists, locked, letters/** (3 items), maps/** (2 items), g.jpg',
      'Whoever agreed to terms gains g.jpg',
      'At 192.0.2.0/24 (room) gains maps/** (2 items)',
      'At a registered device (room) gains maps/** (2 items)',
      'Role reader, at 192.0.2.0/24 (room) gains letters/** (3 items)',
      'Role reader, at a registered device (room) gains letters/** (3 items)',
    ]);
  });

  it('is said of scripts with a token where a file names them', () => {
    const closed = model('  - { items: "**", allow: nobody }');
    const forScripts = model('  - { items: maps/**, allow: [{ services: [members, tokens], roles: [reader] }] }');
    expect(compare(closed, forScripts)).toEqual([
      'Everyone now finds in lists, locked, maps/** (2 items)',
      'Role reader gains maps/** (2 items)',
      'Role reader, a script with a personal access token gains maps/** (2 items)',
    ]);
  });

  it('follows every date of rules', () => {
    const summer = model(
      '  - { items: "**", allow: [{ service: members, from: "2026-06-01", until: "2026-09-01" }], embargoUntil: "2026-07-01" }',
    );
    expect(compare(model('  - { items: "**", allow: nobody }'), summer)).toContain(
      'Whoever signs in gains ** (7 items), from 1 July 2026 until 1 September 2026',
    );
  });

  it('tells what is left of a network from what is taken away', () => {
    const policies = '  - { items: "**", allow: [{ service: room }] }';
    const narrow = model(policies, SERVICES.replace('192.0.2.0/24', '192.0.2.0/28'));
    expect(compare(model(policies), narrow)).toEqual(['At 192.0.2.0/24 (room) loses ** (7 items)']);
  });

  it('names lesser versions, of images only where they change pixels', () => {
    const preview = model(`  - { items: "**", allow: [{ service: members }], otherwise: { maxSize: 400 } }`);
    const gray = model(`  - { items: "**", allow: [{ service: members }], otherwise: { maxSize: 400, gray: true } }`);
    expect(compare(OPEN, preview)[0]).toBe(
      'Everyone loses, but for a lesser version (at most 400 pixels), letters/** (3 items), maps/** (2 items), g.jpg',
    );
    expect(compare(OPEN, preview)[1]).toBe('Everyone loses films/** (1 item)');
    expect(compare(preview, gray)).toEqual([
      'Everyone gets another lesser version (at most 400 pixels, gray, not at most 400 pixels) of letters/** (3 items), maps/** (2 items), g.jpg',
    ]);
  });

  it('looks ahead to the dates of both files', () => {
    const embargo = (date: string) => model(`  - { items: "**", allow: everyone, embargoUntil: "${date}" }`);
    expect(compare(embargo('2027-01-01'), embargo('2028-01-01'))).toEqual([
      'Everyone loses ** (7 items), from 1 January 2027 until 1 January 2028',
    ]);
    expect(compare(OPEN, embargo('2027-01-01'))).toEqual(['Everyone loses ** (7 items), until 1 January 2027']);
  });

  it('knows the server that had no access file', () => {
    expect(compare(openAccess(), LOCKED)[0]).toBe('Everyone loses letters/** (3 items)');
  });

  it('names no more places than one reads', () => {
    const many = Array.from({ length: 20 }, (_, at) => ({ path: `${at}/a.tif`, kind: 'image' as const }));
    const [others = ''] = compare(
      OPEN,
      model('  - { items: "**/*.tif", allow: nobody }\n  - { items: "**", allow: everyone }'),
      [],
      [...many, ...ITEMS],
    );
    expect(others).toMatch(/^Everyone loses 0\/\*\* \(1 item\), .*11\/\*\* \(1 item\), and 8 more$/);
  });

  it('counts where only some items of a folder are meant', () => {
    const many = Array.from({ length: 10 }, (_, at) => ({ path: `box/${at}.${at < 6 ? 'tif' : 'jpg'}`, kind: 'image' as const }));
    const tif = model('  - { items: "**/*.tif", allow: nobody }\n  - { items: "**", allow: everyone }');
    expect(compare(OPEN, tif, [], many)).toEqual(['Everyone loses 6 of the 10 items right in box']);
  });
});

describe('what becomes of access services', () => {
  it('is a sentence for each that is new, gone or another', () => {
    const after = model(
      '  - { items: "**", allow: everyone }',
      `accessServices:
  members: { pattern: login, label: Sign in here }
  room: { pattern: kiosk, label: Reading room, networks: [192.0.2.0/24, "2001:db8::/32"] }
  site: { pattern: external, label: On our site }
`,
    );
    expect(describeServiceChanges(OPEN, after)).toEqual([
      'Service members: another label.',
      'Service terms is gone, and with it whatever was got there.',
      'Service room: networks: 2001:db8::/32 added; devices is not set, and was true.',
      'Service site is new (external).',
    ]);
    expect(describeServiceChanges(OPEN, LOCKED)).toEqual([]);
  });
});
