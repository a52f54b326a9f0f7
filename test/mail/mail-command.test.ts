import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runMailTest } from '../../src/cli/mail.ts';
import { startMailServer, type TestMailServer, textOf } from '../harness/mail-server.ts';

let server: TestMailServer;
beforeEach(async () => {
  server = await startMailServer();
});
afterEach(() => server.close());

async function run(
  address: string,
  smtpUrl: string | null = `smtp://127.0.0.1:${server.port}`,
  mailFrom: string | null = 'iiif@example.org',
) {
  const lines: string[] = [];
  const errors: string[] = [];
  const exit = await runMailTest({
    address,
    smtpUrl,
    mailFrom,
    print: (line) => void lines.push(line),
    error: (line) => void errors.push(line),
  });
  return { exit, lines, errors };
}

describe('vitrine mail test', () => {
  it('sends a mail', async () => {
    expect(await run('anna@example.org')).toEqual({ exit: 0, lines: ['127.0.0.1 has taken a mail to anna@example.org.'], errors: [] });
    expect(server.received.map(textOf).join('')).toContain('Mail works.');
  });

  it('says what the mail server made of it', async () => {
    server.refuse = { status: 550, text: 'no such user' };
    const sentence = 'No mail was sent by way of 127.0.0.1: the mail server did not take the sender or the recipient (550).';
    expect(await run('anna@example.org')).toEqual({ exit: 1, lines: [], errors: [sentence] });
  });

  it('says what is missing', async () => {
    expect((await run('anna')).errors).toEqual(['That is no mail address, such as name@example.org.']);
    const missing = { exit: 2, lines: [], errors: ['Name the mail server with smtpUrl, and the sender with mailFrom.'] };
    expect(await run('anna@example.org', null)).toEqual(missing);
    expect(await run('anna@example.org', undefined, null)).toEqual(missing);
    expect(server.received).toEqual([]);
  });
});
