import { describe, expect, it } from 'vitest';
import { importDigilib } from '../../../src/config/import/digilib.ts';
import { may, member, mistakesOf, readBack, STRANGER, WISHES } from './imported.ts';

const tags = (more: string) => `<auth-config><digilib-access>
<access type="group:museum" role="staff,curator"/>
<access type="group:sealed" role=""/>
${more}
</digilib-access></auth-config>`;
const tagged = (access: string) => `<meta><access-conditions>${access}</access-conditions></meta>`;
const meta = (access: string) => `<resource><name>x</name>${tagged(access)}</resource>`;
const MUSEUM = '<access type="group"><name>museum</name></access>';
const FREE = '<access type="free"/>';
const SEALED = '<access type="group"><name>sealed</name></access>';

function imported(metadata: Readonly<Record<string, string>>, { auth = tags(''), names = [] as readonly string[] } = {}) {
  const files = Object.entries(metadata).map(([path, text]) => ({ path, text }));
  const images = { metadata: files, names: new Set([...names, ...Object.keys(metadata)]) };
  return importDigilib({ name: 'digilib-auth.xml', text: auth }, null, WISHES, images);
}

function open(metadata: Readonly<Record<string, string>>, more: Parameters<typeof imported>[1] = {}) {
  const { model, remarks } = readBack(imported(metadata, more));
  return {
    remarks: remarks.join('\n'),
    toAll: (path: string) => may(model, path, STRANGER),
    to: (path: string, ...roles: readonly string[]) => may(model, path, member(model, path, ...roles)),
  };
}

describe("digilib's access tags beside the images", () => {
  it('count for a folder and the folders in it that say nothing themselves, and no deeper', () => {
    const seen = open({ 'maps/index.meta': meta(MUSEUM), 'maps/shown/index.meta': meta(FREE), 'maps/sealed/index.meta': meta(SEALED) });
    for (const path of ['maps/1.tif', 'maps/1', 'maps', 'maps/old/1.tif', 'maps/old']) {
      expect([path, seen.toAll(path), seen.to(path, 'reader'), seen.to(path, 'curator')]).toEqual([path, false, false, true]);
    }
    expect([seen.toAll('maps/shown/1.tif'), seen.toAll('maps/shown/a/1.tif')]).toEqual([true, true]);
    expect([seen.to('maps/sealed/1.tif', 'staff', 'curator'), seen.to('maps/sealed', 'staff')]).toEqual([false, false]);
    expect([seen.toAll('maps/old/older/1.tif'), seen.toAll('prints/1.tif')]).toEqual([true, true]);
  });

  it('leave what has none to the roles of default, and what they do not know too', () => {
    const other = meta('<access type="group"><name>elsewhere</name></access>');
    const dots = '<resource><meta><img><original-dpi>600</original-dpi></img></meta></resource>';
    const seen = open(
      { 'a/index.meta': other, 'maps/index.meta': meta(FREE), 'maps/dots/index.meta': dots },
      { auth: tags('<access type="default" role="staff"/>') },
    );
    for (const path of ['a/1.tif', 'prints/1.tif', 'maps/dots/1.tif']) {
      expect([path, seen.toAll(path), seen.to(path, 'curator'), seen.to(path, 'staff')]).toEqual([path, false, false, true]);
    }
    expect(seen.toAll('maps/1.tif')).toBe(true);
    expect(seen.remarks).toContain('No roles are named for the access tag group:elsewhere');
  });

  it('of one image count for all names that show it', () => {
    const listed = `<resource><file><path>sub</path><name>1.tif</name>${tagged(MUSEUM)}</file></resource>`;
    const seen = open(
      { 'maps/1.tif.meta': meta(MUSEUM), 'prints/index.meta': listed },
      { names: ['maps/1.tif', 'maps/2.tif', 'prints/sub/1.tif', 'prints/sub/2.tif'] },
    );
    for (const path of ['maps/1.tif', 'maps/1', 'maps/1.jpg', 'prints/sub/1.tif', 'prints/sub/1']) {
      expect([path, seen.toAll(path), seen.to(path, 'staff')]).toEqual([path, false, true]);
    }
    expect([seen.toAll('maps/2.tif'), seen.toAll('prints/sub/2.tif')]).toEqual([true, true]);
    // Their first image would be the locked one.
    expect([seen.toAll('maps'), seen.toAll('prints/sub')]).toEqual([false, false]);
  });

  it('open no other image by a name that both have', () => {
    const seen = open({ 'maps/index.meta': meta(SEALED), 'maps/1.jpg.meta': meta(FREE) }, { names: ['maps/1.jpg', 'maps/1.tif'] });
    expect([seen.toAll('maps/1.jpg'), seen.toAll('maps/1.tif'), seen.toAll('maps/1')]).toEqual([true, false, false]);
  });

  it('close what several files tag differently', () => {
    const listed = `<resource><file><name>1.tif</name>${tagged(FREE)}</file></resource>`;
    const seen = open({ 'maps/index.meta': listed, 'maps/1.tif.meta': meta(MUSEUM) }, { names: ['maps/1.tif'] });
    expect([seen.toAll('maps/1.tif'), seen.to('maps/1.tif', 'staff')]).toEqual([false, false]);
    expect(seen.remarks).toContain('maps/index.meta:1: Several files say different things of maps/1.tif');
  });

  it.each([
    ['no XML', '<resource><meta>'],
    ['of a document type', '<!DOCTYPE x><resource/>'],
  ])('are not guessed where a file is %s', (_what, text) => {
    expect(mistakesOf(imported({ 'maps/index.meta': text }))).toEqual([expect.stringMatching(/^maps\/index\.meta:1: /)]);
  });
});
