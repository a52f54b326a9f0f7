import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeMarkup, withoutMarkup } from './markup.ts';

/** Nothing but our tags in our own spelling; quotes in an address are written as entities. */
const OURS = /<(?:\/?(?:b|i|em|strong|p|span)|\/a|br\/|a href="https?:\/\/[^"'<>\s]*")>/g;

const ATTACKS = [
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.example></sCrIpT>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<b onclick="alert(1)">b</b>',
  '<b/onclick=alert(1)>b</b>',
  '<p style="position:fixed">p</p>',
  '<span class=x>s</span>',
  '<a href="javascript:alert(1)">a</a>',
  '<a href="JaVaScRiPt:alert(1)">a</a>',
  '<a href=" javascript:alert(1)">a</a>',
  '<a href="java\nscript:alert(1)">a</a>',
  '<a href="&#106;avascript:alert(1)">a</a>',
  '<a href="data:text/html,<script>alert(1)</script>">a</a>',
  '<a href="vbscript:x">a</a>',
  '<a href="//evil.example">a</a>',
  '<a href="https://library.example@evil.example/">a</a>',
  '<a href="https://x.example/" onclick="alert(1)">a</a>',
  '<a onclick=alert(1) href="https://x.example/">a</a>',
  '<a href=https://x.example/>a</a>',
  '<a href="https://x.example/\' onmouseover=\'alert(1)">a</a>',
  `<a href='https://x.example/" onmouseover="alert(1)'>a</a>`,
  '<a href="https://x.example/"><script>alert(1)</script></a>',
  '<<b>script>alert(1)<</b>/script>',
  '<b<script>alert(1)</script>',
  '<iframe src="https://evil.example"></iframe>',
  '<style>*{display:none}</style>',
  '<!--><script>alert(1)</script>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example"><input></form>',
  '<meta http-equiv=refresh content=0>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '</span></div><script>alert(1)</script>',
  '<b\u0000>x</b>',
  '<b\u00a0onclick=alert(1)>x</b>',
  '<math><mtext></p><img src=x onerror=alert(1)>',
];

function isSafe(markup: string): boolean {
  const rest = markup.replace(OURS, '');
  return !rest.includes('<') && isBalanced(markup);
}

function isBalanced(markup: string): boolean {
  const open: string[] = [];
  for (const [, slash, name] of markup.matchAll(/<(\/?)(a|b|i|em|strong|p|span)\b[^>]*>/g)) {
    if (slash === '') open.push(name ?? '');
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

describe('a note as HTML for viewers of 1.0', () => {
  it.each([
    ['Ask <b>at the desk</b>.', '<span>Ask <b>at the desk</b>.</span>'],
    ['<p>One<br>two<BR/>three</p>', '<p>One<br/>two<br/>three</p>'],
    ['<EM>a</EM> & <strong>b</strong>', '<em>a</em> &amp; <strong>b</strong>'],
    ['<a href="https://x.example/?a=1&b=2">Terms</a>', '<a href="https://x.example/?a=1&amp;b=2">Terms</a>'],
    ["<a href='http://x.example/?a=1&amp;b=2'>Terms</a>", '<a href="http://x.example/?a=1&amp;b=2">Terms</a>'],
    ['<p>left <i>open', '<p>left <i>open</i></p>'],
    ['<b>not</i> closed</b>', '<b>not&lt;/i&gt; closed</b>'],
  ])('keeps a few tags: %j', (note, markup) => {
    expect(safeMarkup(note)).toBe(markup);
  });

  it.each(['For private study only.', 'Smith & Sons', '“1 = 1”'])('leaves text without tags as it is: %j', (text) => {
    expect(safeMarkup(text)).toBe(text);
  });

  it.each([
    ['1 < 2', '1 &lt; 2'],
    ['R&amp;D', 'R&amp;amp;D'],
    ['<img src=x>', '&lt;img src=x>'],
  ])('shows what else looks like markup as it was written: %j', (text, shown) => {
    expect(safeMarkup(text)).toBe(shown);
  });

  it.each(ATTACKS)('lets nothing else through: %j', (attack) => {
    const markup = safeMarkup(attack);
    expect(isSafe(markup), markup).toBe(true);
    expect(isSafe(safeMarkup(`<b>${attack}</b>`))).toBe(true);
  });

  it('lets nothing else through, however such pieces are put together, and closes every tag once', () => {
    const pieces = fc.constantFrom(
      ...ATTACKS,
      '<b>',
      '</b>',
      '<p>',
      '</p>',
      '<br>',
      '<',
      '>',
      '"',
      "'",
      '&',
      '<a href="',
      'https://x.example/',
      '</a>',
      '<!--',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 8 }), (parts) => {
        expect(isSafe(safeMarkup(parts.join('')))).toBe(true);
      }),
    );
  });
});

describe('a note as plain text', () => {
  it.each([
    ['Ask <b>at the desk</b>.', 'Ask at the desk.'],
    ['<p>One<br>two</p><p>three</p>', 'One two three'],
    ['Read the <a href="https://x.example/terms">terms</a>.', 'Read the terms (https://x.example/terms).'],
    ['1 < 2 & 3', '1 < 2 & 3'],
    ['<img src=x>', '<img src=x>'],
    ['two  spaces', 'two  spaces'],
  ])('has no tags of ours: %j', (note, text) => {
    expect(withoutMarkup(note)).toBe(text);
  });
});
