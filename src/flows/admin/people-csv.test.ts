import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeUser } from '../../../test/fakes/stores.ts';
import { MOST_CSV_PEOPLE, readPeopleCsv, writePeopleCsv } from './people-csv.ts';

function people(text: string) {
  const file = readPeopleCsv(text);
  if (!file.ok) throw new Error(JSON.stringify(file.mistakes));
  return file.people;
}

function mistakes(text: string) {
  const file = readPeopleCsv(text);
  return file.ok ? [] : file.mistakes;
}

const ANNA = { line: 2, name: 'Anna Berg', email: 'anna@example.org', roles: ['reader', 'curator'], state: 'active' };

describe('a file of people', () => {
  it.each([
    ['commas', 'name,email,roles,state\nAnna Berg,anna@example.org,reader curator,active\n'],
    ['semicolons, as spreadsheets write them', '\ufeffName;Email;Roles;State\r\nAnna Berg;anna@example.org;reader curator;ACTIVE\r\n'],
    ['tabs', 'name\temail\troles\tstate\nAnna Berg\tanna@example.org\treader curator\tactive'],
    ['quotation marks', '"name","email","roles","state"\n"Anna Berg","anna@example.org","reader, curator","active"\n'],
    ['another order', 'state,roles,name,email\nactive,reader curator,Anna Berg,anna@example.org\n'],
  ])('is read with %s', (_what, text) => {
    expect(people(text)).toEqual([ANNA]);
  });

  it('says nothing of what it has no column for', () => {
    expect(people('name\nanna\n')).toEqual([{ line: 2, name: 'anna', email: undefined, roles: undefined, state: undefined }]);
    expect(people('name,email,roles\nanna,,\n')).toEqual([{ line: 2, name: 'anna', email: '', roles: [], state: undefined }]);
  });

  it('counts lines as an editor does, across empty ones and cells of several lines', () => {
    const lines = people('name,roles\n\nanna,reader\n"be\nrt",reader\n,\ncarl,reader\n').map(({ line, name }) => [line, name]);
    expect(lines).toEqual([
      [3, 'anna'],
      [4, 'be\nrt'],
      [7, 'carl'],
    ]);
  });

  it.each([
    ['', 1, 'is empty'],
    ['email,roles\n', 1, 'name must be one'],
    ['name,password\n', 1, 'no column "password"'],
    ['name,Name\n', 1, 'twice'],
    ['name,email\nanna\nbert,b@example.org', 2, '1 cells, and there are 2'],
    ['name,state\nanna,active\nbert,asleep\n', 3, '"asleep" is no state'],
    ['name\nanna\n"bert\n', 3, 'quotation mark'],
    [`name\n${'a\n'.repeat(MOST_CSV_PEOPLE + 1)}`, 1, `more than ${MOST_CSV_PEOPLE} people`],
    [`name\n${'é'.repeat(600_000)}`, 1, 'larger than 1024 kB'],
  ])('of %j is wrong in line %d: %s', (text, line, why) => {
    expect(mistakes(text)[0]).toMatchObject({ line, sentence: expect.stringContaining(why) });
  });

  it('says every mistake at once', () => {
    expect(mistakes('name,state\na,x\nb,y\nc,active\n').map(({ line }) => line)).toEqual([2, 3]);
  });

  it('is no formula to a spreadsheet, and says the same when it comes back', () => {
    const names = ['=1+1', '+49', '-x', '@sum', "'quoted'", 'a;b', 'a,"b"', 'zoë'];
    const csv = writePeopleCsv(names.map((name) => fakeUser(name, ['reader', 'staff'])));
    expect(csv.startsWith('\ufeffname,email,roles,state\r\n')).toBe(true);
    for (const line of csv.split('\r\n').slice(1)) expect(line).not.toMatch(/(^|,)"?[=+\-@\t\r]/);
    expect(people(csv).map(({ name }) => name)).toEqual(names);
    expect(people(csv)[0]).toEqual({ line: 2, name: '=1+1', email: '', roles: ['reader', 'staff'], state: 'active' });
  });

  it('comes back as it was written, whatever the names', () => {
    const name = fc.string({ minLength: 1, maxLength: 50 }).filter((text) => text === text.trim() && text !== '' && !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        fc.pre(names.every((each) => !/^'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(each)));
        expect(people(writePeopleCsv(names.map((each) => fakeUser(each, [])))).map((each) => each.name)).toEqual(names);
      }),
    );
  });
});
