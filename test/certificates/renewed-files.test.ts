import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { adhocCertificate } from '../../src/adapters/certificates/adhoc.ts';
import { startTestVitrine } from '../harness/vitrine.ts';

/** The certificate that a new connection gets. */
function shownAt(base: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(base).port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.toString() ?? '');
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

it('A running server shows the renewed certificate to new connections, and goes on with the old one while the files are broken', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-renewed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const files = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  const [first, second] = [
    await adhocCertificate(join(folder, 'first'), ['localhost'], new Date()),
    await adhocCertificate(join(folder, 'second'), ['localhost'], new Date()),
  ];
  await writeFile(files.certificateFile, first.cert);
  await writeFile(files.keyFile, first.key);
  const vitrine = await startTestVitrine({ options: { tls: { mode: 'files', ...files } } });
  onTestFinished(() => vitrine.close());
  expect(await shownAt(vitrine.base)).toBe(first.cert);

  await writeFile(files.certificateFile, 'half of a certif');
  const errors = () => vitrine.log.filter(({ level }) => level === 50).map(({ msg }) => msg);
  await expect.poll(errors, { timeout: 20_000 }).toEqual([expect.stringContaining('The last certificate stays in force.')]);
  expect(await shownAt(vitrine.base)).toBe(first.cert);

  await writeFile(files.keyFile, second.key);
  await writeFile(files.certificateFile, second.cert);
  await expect.poll(() => shownAt(vitrine.base), { timeout: 20_000 }).toBe(second.cert);
});
