import { describe, expect, it } from 'vitest';
import { findStandInMistake, standInPath } from './stand-in.ts';

describe('the path of another item', () => {
  it.each([
    ['previews/{path}', 'films/talk.mp4', 'previews/films/talk.mp4'],
    ['{folder}/{name}-low.{ending}', 'films/a/talk.1.mp4', 'films/a/talk.1-low.mp4'],
    ['{folder}/{name}-low.{ending}', 'talk.mp4', 'talk-low.mp4'],
    ['low.mp3', 'sounds/talk.mp3', 'low.mp3'],
    ['previews/{path}', 'films/{name}.mp4', 'previews/films/{name}.mp4'],
    ['previews/{path}', 'films/$&.mp4', 'previews/films/$&.mp4'],
  ])('%s of %s is %s', (pattern, path, other) => {
    expect(findStandInMistake(pattern)).toBeNull();
    expect(standInPath(pattern, path)).toBe(other);
  });

  it.each([
    '{file}',
    'a/{name',
    'a/}',
    '{path}',
    '{folder}/{name}.{ending}',
    '/a.mp4',
    '../a.mp4',
    'a//b',
    'a/./b',
    'a/~low',
    'a\\b',
    'a/',
  ])('cannot be %s', (pattern) => {
    expect(findStandInMistake(pattern)).toMatch(/\.$/);
  });
});
