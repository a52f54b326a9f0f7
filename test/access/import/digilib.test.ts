import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importDigilib } from '../../../src/config/import/digilib.ts';
import { at, may, member, mistakesOf, readBack, STRANGER, sample, WISHES } from './imported.ts';

const AUTH = { name: 'digilib-auth.xml', text: sample('digilib-auth.xml') };
const CONFIG = { name: 'digilib-config.xml', text: sample('digilib-config.xml') };

function imported(text = AUTH.text, config: string | null = CONFIG.text) {
  return importDigilib({ name: AUTH.name, text }, config === null ? null : { name: CONFIG.name, text: config }, WISHES);
}

describe("digilib's roles by path", () => {
  const { model, remarks, text } = readBack(imported());
  const asMember = (path: string, ...roles: readonly string[]) => may(model, path, member(model, path, ...roles));

  it('open what a role of the folder, or of one above, opened', () => {
    expect(asMember('prints/1.tif', 'print-room')).toBe(true);
    expect(asMember('prints/1.tif', 'curator')).toBe(false);
    expect(asMember('prints/unpublished/1.tif', 'curator')).toBe(true);
    expect(asMember('prints/unpublished/1.tif', 'print-room')).toBe(true);
    expect(asMember('prints/unpublished/1.tif', 'shop')).toBe(false);
    expect(asMember('prints/poster.tif', 'shop')).toBe(true);
  });

  it('leave open what digilib left open, commented-out paths too', () => {
    expect(may(model, 'atlases/1.tif', STRANGER)).toBe(true);
    expect(may(model, 'prints-for-all/1.tif', STRANGER)).toBe(true);
  });

  it('let nobody in where no role was named', () => {
    expect(asMember('sealed/1.tif', 'print-room', 'curator', 'registrar')).toBe(false);
  });

  it('open by the addresses that gave the role, in whole parts from the left', () => {
    expect(may(model, 'prints/1.tif', at('192.0.2.77'))).toBe(true);
    expect(may(model, 'prints/1.tif', at('192.0.20.7'))).toBe(false);
    expect(may(model, 'prints/unpublished/1.tif', at('2001:db8::7'))).toBe(true);
    expect(may(model, 'prints/unpublished/1.tif', at('2001:db8::8'))).toBe(false);
    expect(may(model, 'prints/1.tif', at('198.51.100.9'))).toBe(false);
  });

  it('say line by line what has no counterpart, and what was taken to mean something', () => {
    expect(remarks).toEqual([
      expect.stringMatching(/^digilib-auth\.xml:1: The sign-in is called "Sign in to Example Library"/),
      expect.stringMatching(/^digilib-auth\.xml:7: In digilib the path "\/estates\/" matched nothing/),
      expect.stringMatching(/^digilib-auth\.xml:7: Spaces around the roles of estates/),
      expect.stringMatching(/^digilib-auth\.xml:8: No role is named for sealed/),
      expect.stringMatching(/^digilib-auth\.xml:18: "reading\.room" is no beginning of an address/),
      expect.stringMatching(
        /^digilib-auth\.xml:21: The provider https:\/\/id\.example\.org belongs in an identity file \(type oidc, with the roles registrar/,
      ),
    ]);
    for (const remark of remarks) expect(text).toContain(`# - ${remark}`);
  });

  it('are not guessed where two kinds of rules are in the file', () => {
    expect(mistakesOf(imported(AUTH.text, null))).toEqual([expect.stringMatching(/^digilib-auth\.xml:12: .*--digilib-config/)]);
  });

  it('stay closed where the rules are in files beside the images', () => {
    const { model: closed, remarks: said } = readBack(imported(AUTH.text, CONFIG.text.replace('PathAuthzOps', 'MetaAccessAuthzOps')));
    expect(may(closed, 'prints/1.tif', member(closed, 'prints/1.tif', 'museum-staff'))).toBe(false);
    expect(said.join('\n')).toMatch(/digilib-auth\.xml:12: .*index\.meta.*access tag group:museum, for the roles museum-staff/);
  });

  it('count only by address where digilib knew no other way', () => {
    const { model: byAddress } = readBack(imported(AUTH.text, CONFIG.text.replace('IpOpenIdAuthnOps', 'IpAuthnOps')));
    expect(may(byAddress, 'prints/1.tif', member(byAddress, 'prints/1.tif', 'print-room'))).toBe(false);
    expect(may(byAddress, 'prints/1.tif', at('192.0.2.77'))).toBe(true);
  });

  it('say where digilib-config.xml has switched them off', () => {
    const { remarks: said } = readBack(imported(AUTH.text, CONFIG.text.replace('value="true"', 'value="false"')));
    expect(said.join('\n')).toContain('use-authorization is false');
  });

  it.each([
    ['no XML', '<auth-config>', /no XML/],
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><auth-config/>', /document type/],
    [
      'a path without a role',
      '<auth-config><digilib-paths><path name="a"/></digilib-paths></auth-config>',
      /needs the attributes name and role/,
    ],
    ['nothing', '<auth-config/>', /nothing to import/],
  ])('are refused with a sentence where the file is or has %s', (_what, text, sentence) => {
    expect(mistakesOf(imported(text, null)).join('\n')).toMatch(sentence);
  });
});

/** What digilib does, by its documentation: the roles of all folders above, one of which is enough; no role, no lock. */
function digilibAllows(paths: ReadonlyMap<string, readonly string[]>, path: string, held: readonly string[]): boolean {
  const segments = path.split('/');
  const required = segments.flatMap((_, index) => paths.get(segments.slice(0, index + 1).join('/')) ?? []);
  return required.length === 0 || required.some((role) => held.includes(role));
}

describe('whatever the paths and roles', () => {
  const segment = fc.constantFrom('a', 'b', 'c d', 'é', "x'y", '<&>', '#1', '[2]');
  const folder = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
  const roles = fc.uniqueArray(fc.constantFrom('r', 's', 't'), { minLength: 1, maxLength: 3 });

  it('somebody with roles may see what digilib showed them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(folder, roles), { minLength: 1, maxLength: 6 }),
        folder,
        fc.subarray(['r', 's', 't']),
        (entries, where, held) => {
          const lines = entries.map(([name, needed]) => `<path name="${escapeXml(name)}" role="${needed.join(',')}"/>`);
          const { model } = readBack(imported(`<auth-config><digilib-paths>${lines.join('\n')}</digilib-paths></auth-config>`, null));
          const item = `${where}/1.tif`;
          expect(may(model, item, member(model, item, ...held))).toBe(digilibAllows(new Map(entries), item, held));
        },
      ),
    );
  });
});

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
