import { describe, expect, it } from 'vitest';
import { PROBLEMS, type ProblemCode } from '../lib/problems.ts';
import { problemTitle } from './problem-titles.ts';
import { LANGUAGES } from './texts.ts';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

describe('problemTitle', () => {
  it('says in English what programs read', () => {
    expect(problemTitle('server.busy', 'en')).toBe(PROBLEMS['server.busy'].title);
  });

  it.each(LANGUAGES.filter((language) => language !== 'en'))('is translated for every problem in %s', (language) => {
    const titles = CODES.map((code) => problemTitle(code, language));
    expect(new Set(titles).size).toBe(CODES.length);
    for (const code of CODES) expect(problemTitle(code, language), code).not.toBe(PROBLEMS[code].title);
  });
});
