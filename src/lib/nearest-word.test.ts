import { describe, expect, it } from 'vitest';
import { nearestWord } from './nearest-word.ts';

describe('the nearest word', () => {
  const words = ['port', 'host', 'publicUrl', 'images'];

  it.each([
    ['prot', 'port'],
    ['PORT', 'port'],
    ['publicURL', 'publicUrl'],
    ['image', 'images'],
    ['hots', 'host'],
  ])('%s was probably meant as %s', (given, meant) => {
    expect(nearestWord(given, words)).toBe(meant);
  });

  it.each(['', 'xy', 'certificate', 'imagesFolder'])('%j is near to none', (given) => {
    expect(nearestWord(given, words)).toBeNull();
  });
});
