import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenOf, onlyChild, parseXml, walk } from './xml-tree.ts';

function mistakeOf(text: string): string | null {
  const parsed = parseXml(text);
  return parsed.ok ? null : parsed.mistake;
}

describe('XML from outside', () => {
  it('becomes a tree with namespaces, whatever the prefixes are', () => {
    const parsed = parseXml(
      '\uFEFF<?xml version="1.0"?><a:r xmlns:a="urn:a" x="1" a:x="2">t<b xmlns="urn:b">1</b><a:b/><![CDATA[<c>]]></a:r>',
    );
    const root = parsed.ok ? parsed.root : null;
    expect(root).toMatchObject({ namespace: 'urn:a', name: 'r', attributes: new Map([['x', '1']]), text: 't<c>' });
    expect(root?.children.map(({ namespace, name, text }) => [namespace, name, text])).toEqual([
      ['urn:b', 'b', '1'],
      ['urn:a', 'b', ''],
    ]);
  });

  it('is searched by namespace and name', () => {
    const parsed = parseXml('<r><a n="1"/><a n="2"><b/></a><a xmlns="urn:x"/></r>');
    if (!parsed.ok) throw new Error(parsed.mistake);
    expect(childrenOf(parsed.root, '', 'a')).toHaveLength(2);
    expect(onlyChild(parsed.root, '', 'a')).toBeNull();
    expect(onlyChild(parsed.root, 'urn:x', 'a')?.name).toBe('a');
    expect([...walk(parsed.root)].map(({ name }) => name)).toEqual(['r', 'a', 'a', 'b', 'a']);
  });

  it.each([
    ['a document type', '<!DOCTYPE r><r/>'],
    ['an entity of its own', '<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>'],
    ['a comment', '<r>a<!-- -->b</r>'],
    ['a comment before it', '<!-- --><r/>'],
    ['a processing instruction', '<r><?php ?></r>'],
  ])('is not taken with %s', (what, text) => {
    expect(mistakeOf(text)).toContain(what.split(' ')[1] === 'entity' ? 'document type' : (what.split(' ')[1] ?? ''));
  });

  it.each([
    '',
    ' ',
    '<r>',
    '<r></R>',
    '<r/><r/>',
    '<r a="1" a="2"/>',
    '<r>&nbsp;</r>',
    '<r a=1/>',
    '<x:r/>',
    'text',
    '<r>\0</r>',
    '<r>&#0;</r>',
  ])('is not taken where it is not well-formed: %j', (text) => {
    expect(mistakeOf(text)).not.toBeNull();
  });

  it('is not taken where it is too long, too deep or too many', () => {
    expect(mistakeOf(`<r>${'x'.repeat(500_001)}</r>`)).toContain('longer');
    expect(mistakeOf(`${'<r>'.repeat(51)}${'</r>'.repeat(51)}`)).toContain('deeper');
    expect(mistakeOf(`<r>${'<a/>'.repeat(5_000)}</r>`)).toContain('more than 5000 elements');
    expect(mistakeOf(`${'<r>'.repeat(50)}${'</r>'.repeat(50)}`)).toBeNull();
  });

  it('is an answer, and never an error, whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<a', '>', '</a>', '<', '&', ';', '"', '=', 'x', '<!', '[', ']]>', '<?', '?>', ':', ' ')),
        (parts) => {
          expect(typeof parseXml(parts.join('')).ok).toBe('boolean');
        },
      ),
    );
  });
});
