import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDIT_ACTIONS } from '../../src/domain/audit.ts';

const SOURCES = join(import.meta.dirname, '../../src');

describe('the actions of the audit', () => {
  it('are each written down somewhere', async () => {
    const names = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const others = names.filter((name) => name !== join('domain', 'audit.ts'));
    const text = (await Promise.all(others.map((name) => readFile(join(SOURCES, name), 'utf8')))).join('\n');
    const silent = Object.keys(AUDIT_ACTIONS).filter((action) => !text.includes(`'${action}'`));
    expect(silent).toEqual([]);
  });
});
