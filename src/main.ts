#!/usr/bin/env node
/** Loads on any Node since 14, so that an old one gets a sentence and not a syntax error; everything else comes in afterwards. */
import { readFileSync } from 'node:fs';

const OLDEST_NODE = [22, 18] as const;

const words = process.argv.slice(2);
if (words[0] === '--version' || words[0] === '-V') {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  process.stdout.write(`${version}\n`);
} else if (isTooOld(process.versions.node) && !asksForHelp(words)) {
  process.stderr.write(
    `Vitrine needs Node.js ${OLDEST_NODE.join('.')} or newer, and this is ${process.versions.node}. ` +
      'Install Node.js 24 from https://nodejs.org, or put it beside Vitrine with "npm install node@24".\n',
  );
  process.exitCode = 1;
} else {
  if (['serve', 'demo', 'gateway'].includes(words[0] ?? '') && !asksForHelp(words))
    (await import('./cli/little-memory.ts')).useLittleMemory();
  const { run } = await import('./cli/program.ts');
  process.exitCode = await run(words);
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

function asksForHelp(argv: readonly string[]): boolean {
  return argv.length === 0 || argv[0] === 'help' || argv.includes('--help') || argv.includes('-h');
}
