import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

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

const steps: ReadonlyArray<readonly [name: string, step: () => void]> = [
  ['remove the old dist', () => rmSync(dist, { recursive: true, force: true })],
  ['compile', compile],
  ['copy scripts and styles', copyAssets],
  ['copy viewers with their licences', copyViewers],
  ['make main.js executable', () => chmodSync(join(dist, 'main.js'), 0o755)],
];

for (const [name, step] of steps) {
  try {
    step();
  } catch (error) {
    console.error(`build-package: could not ${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
console.log(`dist: ${globSync('**/*.js', { cwd: dist }).length} scripts`);

function compile(): void {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the compiler found errors');
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
