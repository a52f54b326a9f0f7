import { describe, expect, it } from 'vitest';
import { parseAccessFile } from '../config/access-file.ts';
import { decide } from '../domain/decide.ts';
import { nobody } from '../domain/visitor.ts';
import { LAB_CASES } from './cases.ts';
import { demoAccessFile } from './demo-access.ts';

const parsed = parseAccessFile(demoAccessFile(LAB_CASES), 'access.yaml');
if (!parsed.ok) throw new Error(`the access file of the demo does not parse: ${parsed.errors.map(({ sentence }) => sentence).join(' ')}`);
const { model, warnings } = parsed;

describe('the access file of the demo', () => {
  it('is warned of only what the cases show on purpose', () => {
    expect(warnings.map(({ sentence }) => sentence)).toEqual([
      'The kiosk "lab-kiosk" has no networks and no devices: it lets in whoever opens it, from anywhere.',
      'The kiosk "lab-probe-kiosk" has no networks and no devices: it lets in whoever opens it, from anywhere.',
      'The kiosk "lab-hell-kiosk" has no networks and no devices: it lets in whoever opens it, from anywhere.',
      expect.stringMatching(/offers "lab-both-external" \(external\) beside lab-both-clickthrough/),
    ]);
  });

  it('holds whole sentences: no comma cuts one into two', () => {
    const texts = [...model.services.values()].flatMap(({ label, heading, note, errorHeading, errorNote, confirmLabel }) =>
      [label, heading, note, errorHeading, errorNote, confirmLabel].flatMap((map) => Object.values(map ?? {})),
    );
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(text).toHaveLength(1);
  });

  it('has a policy of its own for every item of every case', () => {
    for (const { id, items } of LAB_CASES) {
      for (const { path } of items) {
        const { policy } = decide(model, path, nobody('127.0.0.1'), new Date(0));
        expect([path, policy?.items.every((pattern) => pattern.startsWith(`lab/${id}/`))]).toEqual([path, true]);
      }
    }
  });

  it('gives no service to two cases, so that going through one never opens another', () => {
    const names = LAB_CASES.flatMap(({ services }) => Object.keys(services));
    expect(names).toEqual([...new Set(names)]);
    for (const name of names) expect(name).toMatch(/^lab-/);
  });
});

describe('the cases of the lab', () => {
  it('have each a name, a folder and a title of their own', () => {
    for (const part of ['id', 'title', 'about'] as const) {
      const all = LAB_CASES.map((each) => each[part]);
      expect(all).toEqual([...new Set(all)]);
    }
    for (const { id } of LAB_CASES) expect(id).toMatch(/^[a-z0-9][a-z0-9-]*$/);
  });

  it('say for each item what nobody gets, and name sections and steps', () => {
    for (const { id, items, sections, steps } of LAB_CASES) {
      expect([id, sections.length > 0, steps.length > 0, items.length > 0]).toEqual([id, true, true, true]);
      for (const { expected } of items) expect(expected[0]?.visitor).toEqual({ account: null, signedIn: false, services: [] });
    }
  });
});
