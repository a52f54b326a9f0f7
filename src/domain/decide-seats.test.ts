import { describe, expect, it } from 'vitest';
import { parseAccessFile } from '../config/access-file.ts';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import { nobody, type Visitor } from './visitor.ts';

const parsed = parseAccessFile(
  `accessServices:
  loan: { pattern: clickthrough, label: { en: [Loans of Example Library] }, perItem: true }
policies:
  - { items: books/**, allow: [{ service: loan }], seats: 2, otherwise: [{ name: preview, maxSize: 200, for: [{ service: loan }] }] }
`,
  'access.yaml',
);
if (!parsed.ok) throw new Error('the access file of this test is wrong');
const { model } = parsed;
const NOW = new Date(0);
const PATH = 'books/atlas.tif';
const READER: Visitor = { ...nobody('192.0.2.1'), by: 'access-cookie', services: new Set([`loan/${PATH}`]) };

describe('a policy with seats', () => {
  it('opens an item to whoever may see it and holds a seat of that item, and to nobody else', () => {
    expect(decide(model, PATH, { ...READER, seats: new Set([PATH]) }, NOW).outcome).toBe('allowed');
    expect(decide(model, PATH, READER, NOW)).toMatchObject({ outcome: 'access-needed', reason: { code: 'no-seat' } });
    expect(decide(model, PATH, { ...READER, seats: new Set(['books/other.tif']) }, NOW).reason.code).toBe('no-seat');
    expect(decide(model, PATH, { ...nobody(''), seats: new Set([PATH]) }, NOW).reason.code).toBe('nobody-yet');
  });

  it('gives a lesser version without one', () => {
    expect(decide(model, PATH, READER, NOW, model.policies[0]?.otherwise?.[0]).outcome).toBe('allowed');
  });

  it('is explained, with how many there are and how long they last', () => {
    const about = { path: PATH, fileName: 'access.yaml', visitor: READER, access: model, now: NOW };
    const sentences = explain(decide(model, PATH, READER, NOW), about).join(' ');
    expect(sentences).toContain('but holds no seat');
    expect(sentences).toContain('2 readers at once may have it open');
    expect(sentences).toContain('after 15 minutes without one');
  });
});
