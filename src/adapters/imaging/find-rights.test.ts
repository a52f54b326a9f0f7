import { describe, expect, it } from 'vitest';
import { findRights } from './find-rights.ts';

const xmp = (inner: string) => `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>${inner}</rdf:RDF></x:xmpmeta>`;

describe('finding rights in XMP', () => {
  it.each([
    ['an attribute', '<rdf:Description xmpRights:WebStatement="http://creativecommons.org/licenses/by/4.0/"/>'],
    ['an element', '<xmpRights:WebStatement>https://creativecommons.org/licenses/by/4.0/</xmpRights:WebStatement>'],
    ['a resource', '<cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/deed.de"/>'],
    [
      'a text in an alternative',
      '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">https://creativecommons.org/licenses/by/4.0</rdf:li></rdf:Alt></dc:rights>',
    ],
  ])('reads %s', (_name, inner) => {
    expect(findRights(xmp(inner))).toBe('http://creativecommons.org/licenses/by/4.0/');
  });

  it('names the statement of RightsStatements.org and not its page', () => {
    expect(findRights(xmp('<cc:license rdf:resource="https://rightsstatements.org/page/InC/1.0/"/>'))).toBe(
      'http://rightsstatements.org/vocab/InC/1.0/',
    );
  });

  it.each([
    '<xmpRights:WebStatement>https://example.org/terms</xmpRights:WebStatement>',
    '<dc:rights>All rights reserved</dc:rights>',
    '<cc:license rdf:resource="https://creativecommons.org.evil.example/licenses/by/4.0/"/>',
    '<cc:license rdf:resource="https://creativecommons.org/about"/>',
    '<cc:license rdf:resource="javascript:alert(1)//creativecommons.org/licenses/by/4.0/"/>',
    '',
  ])('finds none in %s', (inner) => {
    expect(findRights(xmp(inner))).toBeNull();
  });

  it('takes time in proportion to hostile text', () => {
    expect(findRights(`${'<dc:rights '.repeat(20_000)}${'<cc:license rdf:resource='.repeat(20_000)}`)).toBeNull();
  });
});
