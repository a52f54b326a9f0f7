import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importCsv } from '../../../src/config/import/csv.ts';
import { may, member, mistakesOf, readBack, STRANGER, sample, WISHES } from './imported.ts';

const imported = (text: string) => importCsv('embargoes.csv', text, WISHES);

describe('a table of path, role and date', () => {
  const { model, remarks } = readBack(imported(sample('embargoes.csv')));

  it('closes an item until its date to everybody, and opens it then', () => {
    expect(may(model, 'theses/1.pdf', STRANGER, new Date('2030-12-31T23:59:59Z'))).toBe(false);
    expect(may(model, 'theses/1.pdf', STRANGER, new Date('2031-01-01'))).toBe(true);
  });

  it('lets several lines for a path in, each from its own date on', () => {
    const path = 'theses/2020/anna.pdf';
    expect(may(model, path, member(model, path, 'examiner'))).toBe(true);
    expect(may(model, path, member(model, path, 'other'))).toBe(false);
    expect(may(model, path, STRANGER, new Date('2027-06-01'))).toBe(true);
  });

  it('goes by the longest path, and closes what it does not name', () => {
    expect(may(model, 'theses/secret/1.pdf', STRANGER, new Date('2040-01-01'))).toBe(false);
    expect(may(model, 'maps/1.tif', STRANGER)).toBe(true);
    expect(may(model, 'letters/1.tif', STRANGER)).toBe(false);
    expect(remarks.join('\n')).toContain('What the file does not name is closed');
  });

  it.each([
    ['path,who\na,b\n', /^embargoes\.csv:1: There is no column "who"/],
    ['path,date\na,\n', /path and role must be among them/],
    ['path,role\nmaps/*,everyone\n', /^embargoes\.csv:2: "maps\/\*" is a pattern/],
    ['path,role\nmaps/,\n', /^embargoes\.csv:2: The role is empty/],
    ['path,role\nmaps/,everyone staff\n', /^embargoes\.csv:2: The role is empty/],
    ['path,role,date\nmaps/,everyone,1.1.2031\n', /^embargoes\.csv:2: "1\.1\.2031" is no date/],
    ['path,role\n../x,everyone\n', /^embargoes\.csv:2: No item can be at/],
    ['path,role\nmaps/,everyone,more\n', /^embargoes\.csv:2: The line has 3 cells/],
    ['path,role\n"maps,everyone\n', /could not be read/],
    ['', /is empty/],
    ['path,role\n', /names no path/],
  ])('is refused as a whole for one mistake: %j', (text, sentence) => {
    expect(mistakesOf(imported(text)).join('\n')).toMatch(sentence);
  });
});

describe('whatever the lines', () => {
  const segment = fc.constantFrom('a', 'b', 'c, d', 'é', '#"1"');
  const folder = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
  const who = fc.constantFrom('everyone', 'nobody', 'r', 's', 'r s');
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

  it('the lines of the longest path that holds the item decide', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(folder, who), { minLength: 1, maxLength: 6, selector: ([name]) => name }),
        folder,
        fc.subarray(['r', 's']),
        (lines, where, held) => {
          const { model } = readBack(imported(`path,role\n${lines.map(([name, role]) => `${cell(`${name}/`)},${role}`).join('\n')}\n`));
          const item = `${where}/1.tif`;
          const deciding = lines.filter(([name]) => item.startsWith(`${name}/`)).toSorted(([a], [b]) => b.length - a.length)[0]?.[1];
          const expected = deciding === 'everyone' || (deciding?.split(' ') ?? []).some((role) => held.includes(role));
          expect(may(model, item, member(model, item, ...held))).toBe(expected);
        },
      ),
    );
  });
});
