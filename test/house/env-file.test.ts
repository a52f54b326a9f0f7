import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, runVitrine, start } from './run-vitrine.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-env-'));
  for (const name of ['images', 'manifests', 'etc']) await mkdir(join(folder, name));
  const manifest = {
    '@context': 'http://iiif.io/api/presentation/3/context.json',
    id: 'book.json',
    type: 'Manifest',
    label: { en: ['A book'] },
    items: [],
  };
  await writeFile(join(folder, 'manifests/book.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'etc/administrator'), 'correct horse battery staple\n');
  await writeFile(
    join(folder, 'etc/vitrine.env'),
    [
      '# all that is set',
      'VITRINE_PORT=0',
      'VITRINE_IMAGES=../images',
      'VITRINE_MANIFESTS=../manifests',
      'VITRINE_DATA=../data',
      'VITRINE_LOG_FORMAT=pretty',
      'VITRINE_PYRAMIDS_AT_ONCE=0',
      'VITRINE_FIRST_ADMINISTRATOR_NAME=admin@example.org',
      'VITRINE_FIRST_ADMINISTRATOR_PASSWORD_FILE=administrator',
      'AUTH_DB_CONNECTION=sqlite:////tmp/test.db',
      'IMAGE_DIR=/mydata/images',
      'LETSENCRYPT_EMAIL=admin@example.org',
    ].join('\n'),
  );
  await chmod(join(folder, 'etc/vitrine.env'), 0o600);
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

describe('one env file', () => {
  it('is enough for images, manifests, database and first administrator', async () => {
    const server: Running = start(['serve', '--env-file', 'etc/vitrine.env'], { folder });
    try {
      const [, url = ''] = await server.says(/(http:\/\/\S+)/);
      expect((await fetch(`${url}/presentation/manifests/book`)).status).toBe(200);
      expect(server.out()).not.toContain('First administrator');
      expect(server.out()).toContain('vitrine.env:12: LETSENCRYPT_EMAIL is not read here; it is called VITRINE_ACME_EMAIL');
    } finally {
      server.process.kill('SIGTERM');
      await server.exit;
    }
    const { out } = await runVitrine(['user', 'list', '--env-file', 'etc/vitrine.env'], { folder });
    expect(out).toMatch(/admin@example\.org.*administrator/);
  });
});
