import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAccessFile } from '../../../src/config/access-file.ts';
import type { Imported, ImportWishes } from '../../../src/config/import/draft.ts';
import { formatRemark, writeDraft } from '../../../src/config/import/write-draft.ts';
import type { AccessModel, AccessService } from '../../../src/domain/access.ts';
import { decide } from '../../../src/domain/decide.ts';
import { nobody, type Visitor } from '../../../src/domain/visitor.ts';

export const WISHES: ImportWishes = { institution: 'Example Library', below: '' };

export function sample(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}

/** The access model that comes of it, by way of the text of the file. */
export function readBack(imported: Imported): { readonly model: AccessModel; readonly text: string; readonly remarks: readonly string[] } {
  if (!imported.ok) throw new Error(imported.mistakes.map(formatRemark).join('\n'));
  const text = writeDraft(imported.draft, 'a file');
  const read = parseAccessFile(text, 'access.yaml');
  if (!read.ok) throw new Error(`${read.errors.map(({ line, sentence }) => `${line}: ${sentence}`).join('\n')}\n${text}`);
  return { model: read.model, text, remarks: imported.draft.remarks.map(formatRemark) };
}

export function mistakesOf(imported: Imported): readonly string[] {
  return imported.ok ? [] : imported.mistakes.map(formatRemark);
}

/** Somebody who went through every service for the item, with these roles. */
export function member(model: AccessModel, path: string, ...roles: readonly string[]): Visitor {
  const names = [...model.services.values()].filter(isVisited).flatMap(({ name }) => [name, `${name}/${path}`]);
  return { ...nobody('203.0.113.1'), by: 'access-cookie', user: { name: 'anna', roles, itemGrants: [] }, services: new Set(names) };
}

function isVisited({ networks }: AccessService): boolean {
  return networks.length === 0;
}

export function may(model: AccessModel, path: string, visitor: Visitor, now = new Date('2026-01-01')): boolean {
  return decide(model, path, visitor, now).outcome === 'allowed';
}

export const STRANGER: Visitor = nobody('203.0.113.1');

export function at(address: string): Visitor {
  return nobody(address);
}
