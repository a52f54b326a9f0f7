import { afterEach, describe, expect, it } from 'vitest';
import { createSmtpTransport, type SmtpOptions } from '../../src/adapters/mail/smtp.ts';
import type { Delivery, Mail } from '../../src/domain/mail.ts';
import { MAIL_USER, startMailServer, type TestMailServer, textOf } from '../harness/mail-server.ts';

const MAIL: Mail = { to: 'anna@example.org', subject: 'Zugang für Sie', text: 'Guten Tag,\n\nSie dürfen „Briefe“ sehen.\n' };

let server: TestMailServer;
afterEach(() => server.close());

async function deliver(mail: Mail, more: Partial<SmtpOptions> = {}): Promise<Delivery> {
  const plain = { host: '127.0.0.1', port: server.port, tls: 'none' as const, user: null, password: null };
  const transport = createSmtpTransport({ ...plain, from: 'Example Library <iiif@example.org>', ...more });
  try {
    return await transport.deliver(mail);
  } finally {
    transport.close();
  }
}

describe('mail', () => {
  it('comes as it was written, in plain text, and says that a machine sent it', async () => {
    server = await startMailServer();
    expect(await deliver(MAIL)).toBe('sent');
    const [mail] = server.received;
    if (mail === undefined) throw new Error('no mail');
    expect(mail).toMatchObject({ from: 'iiif@example.org', to: ['anna@example.org'] });
    expect(mail.raw).toMatch(/^From: Example Library <iiif@example\.org>\r$/m);
    expect(mail.raw).toMatch(/^To: anna@example\.org\r$/m);
    expect(mail.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(mail.raw).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
    expect(textOf(mail).replaceAll('\r\n', '\n').trim()).toBe(MAIL.text.trim());
  });

  it('has no header but ours, whatever is in its subject and its recipient', async () => {
    server = await startMailServer();
    expect(await deliver({ ...MAIL, subject: 'Access\r\nBcc: all@example.org\r\n\r\nBody' })).toBe('sent');
    expect(await deliver({ ...MAIL, text: '.\r\nRCPT TO:<all@example.org>\r\n.\r\nBcc: all@example.org' })).toBe('sent');
    await deliver({ ...MAIL, to: 'anna@example.org\r\nBcc: all@example.org' });
    await deliver({ ...MAIL, to: 'anna@example.org, all@example.org' });
    await deliver({ ...MAIL, to: 'anna@example.org>\r\nRCPT TO:<all@example.org' });
    for (const { raw, to } of server.received) {
      const names = raw
        .slice(0, raw.indexOf('\r\n\r\n'))
        .split(/\r\n(?![ \t])/)
        .map((line) => line.split(':')[0]?.toLowerCase());
      expect(names).not.toContain('bcc');
      expect(names.filter((name) => name === 'subject')).toHaveLength(1);
      expect(to.some((address) => address.startsWith('all@'))).toBe(false);
    }
    expect(server.received.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a mail server with TLS', () => {
  it.each(['starttls', 'implicit'] as const)('(%s) gets user name, password and mail encrypted', async (tls) => {
    server = await startMailServer({ tls, auth: true });
    expect(await deliver(MAIL, { host: 'localhost', tls, ...MAIL_USER, ca: server.ca })).toBe('sent');
    expect(server.received).toMatchObject([{ encrypted: true, user: 'vitrine' }]);
  });

  it.each(['starttls', 'implicit'] as const)('(%s) whose certificate nobody vouches for gets nothing', async (tls) => {
    server = await startMailServer({ tls, auth: true });
    expect(await deliver(MAIL, { host: 'localhost', tls, ...MAIL_USER })).toMatchObject({ again: true });
    expect(server.received).toEqual([]);
  });

  it('whose certificate is for another name gets nothing', async () => {
    server = await startMailServer({ tls: 'starttls', name: 'mail.example.org' });
    expect(await deliver(MAIL, { host: 'localhost', tls: 'starttls', ca: server.ca })).toMatchObject({ again: true });
    expect(server.received).toEqual([]);
  });

  it('that offers no STARTTLS, or somebody took it out on the way, gets nothing', async () => {
    server = await startMailServer({ tls: 'none' });
    expect(await deliver(MAIL, { host: 'localhost', tls: 'starttls' })).toMatchObject({ again: expect.any(Boolean) });
    expect(server.received).toEqual([]);
  });
});

describe('what went wrong', () => {
  it('says whether to try again, and nothing of addresses and passwords', async () => {
    server = await startMailServer({ tls: 'starttls', auth: true });
    const encrypted = { host: 'localhost', tls: 'starttls' as const, ca: server.ca };
    const wrong = await deliver(MAIL, { ...encrypted, user: 'vitrine', password: 'not this one' });
    expect(wrong).toEqual({ reason: 'the mail server did not accept user name and password (535)', again: true });
    server.refuse = { status: 550, text: 'no anna@example.org here' };
    const final = await deliver(MAIL, { ...encrypted, ...MAIL_USER });
    expect(final).toEqual({ reason: 'the mail server did not take the sender or the recipient (550)', again: false });
    server.refuse = { status: 451, text: 'come back later, anna@example.org' };
    const greylisted = await deliver(MAIL, { ...encrypted, ...MAIL_USER });
    expect(greylisted).toEqual({ reason: 'the mail server did not take the sender or the recipient (451)', again: true });
  });

  it('is tried again where nobody answers', async () => {
    server = await startMailServer();
    const { port } = server;
    await server.close();
    expect(await deliver(MAIL, { port })).toMatchObject({ again: true });
    server = await startMailServer();
  });
});
