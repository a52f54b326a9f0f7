import { describe, expect, it } from 'vitest';
import { Failure } from '../../lib/problems.ts';
import { encoderFailure } from './encoder-failure.ts';

const ITEM = {
  identifier: 'a.jpg',
  path: 'a.jpg',
  page: 1,
  kind: 'image',
  mediaType: 'image/jpeg',
  source: { file: '/srv/images/a.jpg', bytes: 1, modified: new Date(0), version: '1' },
} as const;

const failure = (message: string) => {
  const error = encoderFailure(ITEM, { canonical: 'full/max/0/default.png' }, new Error(message));
  if (!(error instanceof Failure)) throw new Error('It is no failure.');
  return error.refusal;
};

describe('an image that could not be made', () => {
  it('because it took too long says when to ask again', () => {
    const refusal = failure('timeout: 42% complete');
    expect(refusal.code).toBe('server.timeout');
    expect(refusal.retryAfterSeconds).toBeGreaterThan(0);
  });

  it('for another reason says that it could not be made, and no path', () => {
    const refusal = failure('vips2png: unable to write /srv/images/a.jpg');
    expect(refusal.code).toBe('server.error');
    expect(refusal.retryAfterSeconds).toBeUndefined();
    expect(JSON.stringify(refusal)).not.toContain('/srv');
  });

  it('stays what it is where that has been said already', () => {
    const said = encoderFailure(ITEM, { canonical: '' }, new Error('x'));
    expect(encoderFailure(ITEM, { canonical: '' }, said)).toBe(said);
  });
});
