import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Content, Html, html, jsonBlock } from './html.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus='alert(1)",
  '` onfocus=`alert(1)',
  '</title><svg/onload=alert(1)>',
  '</script><script>alert(1)//',
  '<!--<script>',
  ']]><svg/onload=alert(1)>',
  '&lt;script&gt;',
  '\u2028\u2029</script >',
];

describe('html', () => {
  it.each(HOSTILE)('leaves nothing in %j that could end a text or a quoted attribute', (hostile) => {
    const text = html`<p title="${hostile}">${hostile}</p>`.toString();
    const inside = text.slice('<p title="'.length, -'</p>'.length).split('">');
    expect(inside).toHaveLength(2);
    for (const part of inside) expect(part).not.toMatch(/[<>"'`]/);
  });

  it('escapes an ampersand, so that text which looks escaped stays as it was written', () => {
    expect(html`${'&lt;'}`.toString()).toBe('&#38;lt;');
  });

  it('takes in what it made itself without escaping it again', () => {
    expect(html`<ul>${['a', '<b>'].map((name) => html`<li>${name}</li>`)}</ul>`.toString()).toBe('<ul><li>a</li><li>&#60;b&#62;</li></ul>');
  });

  it('leaves nothing for null, undefined and false, and zero for 0', () => {
    expect(html`(${null}${undefined}${false}${0})`.toString()).toBe('(0)');
  });

  it('does not believe an object that only looks like its own', () => {
    const forged = { toString: () => '<script>' } as unknown as Content;
    expect(() => html`${forged}`.toString()).toThrow();
    expect(forged).not.toBeInstanceOf(Html);
  });

  it('puts no letter with a meaning into a text, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.toString()).not.toMatch(/[<>"'`]|&(?!#\d+;)/);
      }),
    );
  });
});

describe('jsonBlock', () => {
  it('carries any value, and nothing in it can end the block', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...HOSTILE), (value, hostile) => {
        const sent = { value, hostile, [hostile]: 1 };
        const text = jsonBlock('message', sent).toString();
        const inside = text.slice('<script type="application/json" id="message">'.length, -'</script>'.length);
        expect(inside).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(inside)).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
    );
  });
});
