import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';

/** Files that a build sees: those of the repository, without what `.dockerignore` leaves out. */
export function contextFiles(root: string): readonly string[] {
  const out = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  const isIgnored = readIgnored(readFileSync(join(root, '.dockerignore'), 'utf8'));
  return out.split('\0').filter((file) => file !== '' && !isIgnored(file));
}

/** The last pattern that matches a file, or a folder that it is in, decides. https://docs.docker.com/build/concepts/context/#dockerignore-files */
export function readIgnored(text: string): (file: string) => boolean {
  const lines = text.split('\n').map((line) => line.trim());
  const rules = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const keeps = line.startsWith('!');
      const pattern = keeps ? line.slice(1) : line;
      return { keeps, matches: picomatch([pattern, `${pattern}/**`], { dot: true }) };
    });
  return (file) => rules.findLast(({ matches }) => matches(file))?.keeps === false;
}
