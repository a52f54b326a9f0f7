import { describe, expect, it } from 'vitest';
import { parseAccessFile } from '../../config/access-file.ts';
import { sampleAccessFile } from './sample-access.ts';

describe('the access file of the samples', () => {
  it('holds whole sentences: no comma cuts one into two', () => {
    const parsed = parseAccessFile(sampleAccessFile(), 'access.yaml');
    if (!parsed.ok) throw new Error('the access file of the samples does not parse');
    const texts = [...parsed.model.services.values()].flatMap(({ label, heading, note, errorHeading, errorNote, confirmLabel }) =>
      [label, heading, note, errorHeading, errorNote, confirmLabel].flatMap((map) => Object.values(map ?? {})),
    );
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(text).toHaveLength(1);
  });
});
