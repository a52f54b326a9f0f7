import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from './env-file.ts';

function values(content: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...parseEnvFile(content, '.env').values].map(([name, { value }]) => [name, value]));
}

describe('an env file', () => {
  it.each<[string, string]>([
    ['A=b', 'b'],
    ['export A=b', 'b'],
    ['  A = b  ', 'b'],
    ['A=b # comment', 'b'],
    ['A=b#c', 'b#c'],
    ['A=', ''],
    ['A=# comment', ''],
    ["A='b # c'", 'b # c'],
    ['A="b # c" # d', 'b # c'],
    ['A="say \\"b\\"\\n"', 'say "b"\n'],
    ["A='b\\n'", 'b\\n'],
    ['A=$HOME/b', '$HOME/b'],
    ['A=b=c', 'b=c'],
    ['A=1\nA=2', '2'],
    ['\ufeffA=b\r\n', 'b'],
  ])('%j gives %j', (content, expected) => {
    expect(values(content)).toEqual({ A: expected });
  });

  it('says each line that it cannot read, and not what is in it', () => {
    const { errors } = parseEnvFile("# ours\nA=b\nSECRET hunter2\nB=\"hunter3\nC='x'y\n1A=b\n", '.env');
    expect(errors.map((error) => error.slice(0, 7))).toEqual(['.env:3:', '.env:4:', '.env:5:', '.env:6:']);
    expect(errors.join('\n')).not.toContain('hunter');
  });

  it('reads every value in quotes as it was, and as Node does where Node has the same rules', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '#', '=', '$', '{', 'é', '/', ':', '@', ',') });
    fc.assert(
      fc.property(text, (value) => {
        expect(values(`A='${value}'`)).toEqual({ A: value });
        expect(values(`A="${value}"`)).toEqual({ A: value });
        expect(values(`A='${value}'`)).toEqual({ ...parseEnv(`A='${value}'`) });
      }),
    );
  });
});
