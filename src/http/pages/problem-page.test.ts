import { describe, expect, it } from 'vitest';
import { refuse } from '../../lib/problems.ts';
import { problemPage } from './problem-page.ts';

const BUSY = { ...refuse('server.busy', 'Too many images are waiting.'), retryAfterSeconds: 7 };

function ask(acceptLanguage: string | null) {
  return problemPage(BUSY, { base: 'https://iiif.example.org', header: (name) => (name === 'accept-language' ? acceptLanguage : null) });
}

describe('a problem, as a page', () => {
  it('has its title in the reader’s language, and marks the sentence that is in English', () => {
    const { body } = ask('de-AT');
    expect(body).toContain('<html lang="de">');
    expect(body).toContain('<h1>Der Server ist beschäftigt</h1>');
    expect(body).toContain('<p lang="en">Too many images are waiting.</p>');
  });

  it('is one language where the reader speaks English', () => {
    const { body } = ask(null);
    expect(body).toContain('<h1>The server is busy</h1>\n<p>Too many images are waiting.</p>');
  });

  it('keeps the status and says when to come back', () => {
    expect(ask('fr')).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
  });
});
