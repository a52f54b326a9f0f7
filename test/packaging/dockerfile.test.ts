import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { contextFiles, readIgnored } from '../../tools/image/context.ts';
import { readStages, variablesOf, wordsOf } from '../../tools/image/read-dockerfile.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const STAGES = readStages(read('Dockerfile'));
const LAST = STAGES.at(-1)?.instructions ?? [];
const lastOf = (name: string) => LAST.findLast((each) => each.name === name)?.value;

describe('the Dockerfile', () => {
  it('has nothing that a linter minds', () => {
    const minded = (text: string) => validate(text).map(({ message }) => message);
    expect(minded(read('Dockerfile'))).toEqual([]);
    expect(minded(read('Dockerfile').replace('EXPOSE 8080', 'EXPOSE many'))).toHaveLength(1);
  });

  it('begins with images whose version is said', () => {
    for (const { base } of STAGES) expect(base).toMatch(/^[a-z]+:(?!latest)[\w.-]+$/);
  });

  it('has the version of Node in it that tests run with', () => {
    expect(STAGES[0]?.base).toMatch(new RegExp(`^node:${process.versions.node.split('.')[0]}-`));
  });

  it('is not root in the end, says so in numbers, and can be asked how it is', () => {
    expect(lastOf('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(lastOf('HEALTHCHECK')).toContain('/opt/vitrine/healthy.js');
    expect(wordsOf({ name: 'ENTRYPOINT', value: lastOf('ENTRYPOINT') ?? '' })).toEqual(['vitrine']);
  });

  it('keeps its state in the volume, and nowhere else', () => {
    expect(variablesOf(LAST)['VITRINE_DATA']).toBe(lastOf('VOLUME'));
  });

  it('finds all that it copies, and no tests, notes or secrets beside it', () => {
    const files = contextFiles(ROOT);
    const copied = STAGES.flatMap(({ instructions }) => instructions)
      .filter(({ name, value }) => name === 'COPY' && !value.includes('--from='))
      .flatMap((instruction) => wordsOf(instruction).slice(0, -1));
    for (const source of copied.filter((each) => each !== '.')) expect(files).toContain(source);
    for (const needed of ['src/main.ts', 'tools/build-package.ts', 'packaging/docker/healthy.js', 'LICENSE'])
      expect(files).toContain(needed);
    expect(files.filter((file) => /\.test\.ts$|^test\/|^docs\/|^\.ci\/|^bench\//.test(file))).toEqual([]);
  });

  it('sees nothing that lies about in a clone', () => {
    const isIgnored = readIgnored(read('.dockerignore'));
    const others = ['.env', 'vitrine.env', '.git/config', 'images/a.jpg', 'vitrine-data/secret.key', 'node_modules/a/b.js', 'key.pem'];
    expect(others.filter((file) => !isIgnored(file))).toEqual([]);
  });
});

describe('the compose file', () => {
  const { services } = parse(read('compose.yaml')) as { services: Record<string, Record<string, unknown>> };
  const service = services['vitrine'] ?? {};

  it('gives the container no more than it needs', () => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
    });
  });

  it('lets it write its state and its access file, and never the images', () => {
    const volumes = service['volumes'] as readonly string[];
    expect(volumes).toContain(`state:${lastOf('VOLUME')}`);
    expect(volumes.find((volume) => volume.includes(':/srv/images'))).toMatch(/:ro$/);
  });

  it('is open to this machine only, until somebody says otherwise', () => {
    expect(service['ports']).toEqual([`127.0.0.1:8080:${lastOf('EXPOSE')}`]);
  });
});
