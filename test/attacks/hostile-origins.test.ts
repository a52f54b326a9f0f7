import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOrigin } from '../../src/iiif/auth/origin.ts';

const hostile = readFileSync(join(import.meta.dirname, 'hostile-origins.txt'), 'utf8')
  .split('\n')
  .slice(0, -1);

describe('parseOrigin', () => {
  it.each(hostile)('refuses %j', (text) => {
    expect(parseOrigin(text)).toBeNull();
  });

  it.each([
    '',
    '\0',
    'https://viewer.example.org\n',
    'https://viewer.example.org\r\nx: y',
    'https://viewer.example.org\0',
    '\ufeffhttps://viewer.example.org',
    null,
    `https://${'a'.repeat(400)}`,
  ])('refuses %j', (text) => {
    expect(parseOrigin(text)).toBeNull();
  });

  it.each([
    'https://viewer.example.org',
    'http://viewer.example.org',
    'https://viewer.example.org:8443',
    'http://localhost:3000',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
    'https://xn--vier-0qa.example.org',
    'https://under_score.example.org',
    'https://viewer.example.org.',
  ])('accepts %s, with a slash at the end as well', (text) => {
    expect(parseOrigin(text)).toBe(text);
    expect(parseOrigin(`${text}/`)).toBe(text);
  });

  it('gives only what browsers themselves would serialise, or nothing', () => {
    const likely = fc.tuple(
      fc.constantFrom('https://', 'http://', 'https:', ''),
      fc.webAuthority({ withPort: true, withUserInfo: true }),
      fc.constantFrom('', '/', '/x', '?', '#', ' '),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          likely.map((parts) => parts.join('')),
        ),
        (text) => {
          const origin = parseOrigin(text);
          if (origin === null) return;
          expect(new URL(text).origin).toBe(origin);
          expect([origin, `${origin}/`]).toContain(text);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
