import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adhocCertificate } from '../../src/adapters/certificates/adhoc.ts';
import { readCertificate } from '../../src/adapters/certificates/files.ts';
import { StartProblem } from '../../src/config/start-problem.ts';

let folder = '';
const files: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-certificate-files-'));
  const made = await adhocCertificate(folder, ['localhost'], new Date());
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const contents = {
    cert: made.cert,
    key: made.key,
    other: other.export({ type: 'pkcs8', format: 'pem' }).toString(),
    encrypted: other.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }).toString(),
    text: 'policies: []\n',
  };
  for (const [name, content] of Object.entries(contents)) {
    files[name] = join(folder, `${name}.pem`);
    await writeFile(files[name], content);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

describe('a certificate from files', () => {
  it('is read together with its key', async () => {
    const { cert, key } = await readCertificate(files['cert'] ?? '', files['key'] ?? '');
    expect(cert).toContain('BEGIN CERTIFICATE');
    expect(key).toContain('PRIVATE KEY');
  });

  it.each([
    ['text', 'key', /text\.pem holds no certificate in PEM form/],
    ['key', 'cert', /key\.pem holds no certificate in PEM form/],
    ['cert', 'text', /text\.pem holds no private key in PEM form/],
    ['cert', 'encrypted', /encrypted\.pem is encrypted; give one without a passphrase/],
    ['cert', 'other', /other\.pem does not belong to the certificate in .*cert\.pem/],
  ])('that is no good (%s and %s) stops the start with a sentence that names the file', async (cert, key, sentence) => {
    const reading = readCertificate(files[cert] ?? '', files[key] ?? '');
    await expect(reading).rejects.toThrow(StartProblem);
    await expect(reading).rejects.toThrow(sentence);
  });
});
