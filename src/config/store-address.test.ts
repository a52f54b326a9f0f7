import { describe, expect, it } from 'vitest';
import { parseStoreAddress } from './store-address.ts';

describe('an address in an object store', () => {
  it.each([
    ['s3://pictures', { bucket: 'pictures', prefix: '' }],
    ['s3://pictures/', { bucket: 'pictures', prefix: '' }],
    ['s3://my.pictures-2/scans', { bucket: 'my.pictures-2', prefix: 'scans/' }],
    ['s3://pictures/two words/Zürich/', { bucket: 'pictures', prefix: 'two words/Zürich/' }],
  ])('%s is a bucket and what keys begin with', (place, expected) => {
    expect(parseStoreAddress(place)).toEqual(expected);
  });

  it.each([
    'images',
    '/srv/images',
    's3:/pictures',
    's3://',
    's3://a',
    's3://Pictures',
    's3://a..b',
    's3://user@host',
    's3://host:9000/x',
    's3://pictures//scans',
    's3://pictures/../x',
    's3://pictures/./x',
    's3://pictures/.hidden',
    's3://pictures/a\\b',
    's3://pictures/a\u0000',
    's3://pictures?x',
  ])('is not %j', (place) => {
    expect(parseStoreAddress(place)).toBeNull();
  });
});
