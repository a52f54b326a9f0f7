import { chmodSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleProgram } from './bundle-program.ts';

/** Makes `dist/`: what the package ships. Sources run as they are in a clone, but Node strips no types below node_modules. */
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Viewers and other scripts that pages load; copied, so that the package needs none of their dependencies. */
const VIEWERS: ReadonlyArray<{ name: string; licence: string; from: string; files: readonly string[] }> = [
  { name: 'openseadragon', licence: 'LICENSE.txt', from: 'build/openseadragon', files: ['openseadragon.min.js', 'images'] },
  { name: 'mirador', licence: 'LICENSE', from: 'dist', files: ['mirador.min.js'] },
  { name: '@simplewebauthn/browser', licence: 'LICENSE.md', from: 'dist/bundle', files: ['index.umd.min.js'] },
  { name: 'shaka-player', licence: 'LICENSE', from: 'dist', files: ['shaka-player.compiled-es2021.js'] },
];

const steps: ReadonlyArray<readonly [name: string, step: () => void | Promise<void>]> = [
  ['remove the old dist', () => rmSync(dist, { recursive: true, force: true })],
  ['write the program into few scripts', bundle],
  ['copy scripts and styles', copyAssets],
  ['copy viewers with their licences', copyViewers],
  ['make main.js executable', () => chmodSync(join(dist, 'main.js'), 0o755)],
];

for (const [name, step] of steps) {
  try {
    await step();
  } catch (error) {
    console.error(`build-package: could not ${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
console.log(`dist: ${globSync('**/*.js', { cwd: dist, exclude: ['vendor/**', 'ui/**'] }).length} scripts of the program`);

/** What comes from packages comes with their licences. */
async function bundle(): Promise<void> {
  const { packages } = await bundleProgram(root, dist);
  for (const folder of packages) {
    const { name, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; license: string };
    const texts = globSync('{LICENSE,LICENCE,license}*', { cwd: folder });
    for (const text of texts) copy(join(folder, text), join(dist, 'licences', name, text));
    if (texts.length === 0) copy(join(folder, 'package.json'), join(dist, 'licences', name, `${license}.json`));
  }
}

function copyAssets(): void {
  for (const name of globSync('src/**/*', { cwd: root, exclude: ['**/*.ts'] })) {
    if (!/\.[a-z0-9]+$/.test(name)) continue;
    copy(join(root, name), join(dist, name.slice('src/'.length)));
  }
}

function copyViewers(): void {
  for (const viewer of VIEWERS) {
    const from = join(root, 'node_modules', viewer.name);
    const to = join(dist, 'vendor', viewer.name);
    for (const file of viewer.files) copy(join(from, viewer.from, file), join(to, file));
    copy(join(from, viewer.licence), join(to, viewer.licence));
  }
}

function copy(from: string, to: string): void {
  if (!existsSync(from)) throw new Error(`${from.slice(root.length + 1)} is missing; run "npm ci" first`);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}
