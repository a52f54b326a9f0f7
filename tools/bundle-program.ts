import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix, relative, sep } from 'node:path';
import { type Plugin, type RolldownOutput, rolldown } from 'rolldown';

/**
 * Packages that every start loads, and that are nothing but scripts: hundreds of them. All others stay where npm puts them:
 * they have binaries, or are loaded by few, or are to be the same ones that others load.
 */
const BUNDLED = [
  'commander',
  'csv-parse',
  'csv-stringify',
  'jose',
  'kysely',
  'ldapts',
  'lru-cache',
  'openid-client',
  'otpauth',
  'p-queue',
  'picomatch',
  'saxes',
  'uqr',
  'yaml',
  'zod',
];

export interface Bundle {
  /** Scripts written. */
  readonly scripts: number;
  /** Folders of the packages that went into them. */
  readonly packages: readonly string[];
}

/**
 * Writes the program into few scripts, as a start has to find, read and link each one. Entries keep their places, so that
 * what starts a process by the name of a script finds it. @throws where anything cannot be resolved.
 */
export async function bundleProgram(root: string, dist: string): Promise<Bundle> {
  const source = join(root, 'src');
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries(source).map((entry) => [entry.replace(/\.ts$/, ''), join(source, entry)])),
    platform: 'node',
    external: isLeft(root),
    plugins: [keepPlaces(source), plainBuiltins()],
    onLog(level, log) {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  try {
    const { output } = await bundle.write({
      dir: dist,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    });
    return { scripts: output.length, packages: packagesIn(output) };
  } finally {
    await bundle.close();
  }
}

/** The program, and whatever it starts as a process of its own. */
function entries(source: string): readonly string[] {
  return ['main.ts', ...globSync('**/*-worker.ts', { cwd: source }).map((name) => name.split(sep).join(posix.sep))];
}

function isLeft(root: string): (id: string) => boolean {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const left = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));
  return (id) => isBuiltin(id) || left.some((name) => id === name || id.startsWith(`${name}/`));
}

/** A module goes on knowing where it stands in `src/`, which is where it would stand in `dist/`, whatever script it is in. */
function keepPlaces(source: string): Plugin {
  return {
    name: 'keep-places',
    transform(code, id) {
      if (!id.startsWith(source) || !code.includes('import.meta.')) return null;
      const place = relative(source, id).split(sep).join(posix.sep).replace(/\.ts$/, '.js');
      return code.replaceAll(/import\.meta\.(url|dirname)/g, (_, what: string) => `__${what}_of__(${JSON.stringify(place)})`);
    },
    renderChunk(code, { fileName }) {
      return code.replaceAll(/__(url|dirname)_of__\("([^"]+)"\)/g, (_, what: string, place: string) => {
        const path = JSON.stringify(posix.relative(posix.dirname(fileName), what === 'url' ? place : posix.dirname(place)) || '.');
        return what === 'url' ? `new URL(${path}, import.meta.url).href` : `${builtin('node:path')}.join(import.meta.dirname, ${path})`;
      });
    },
  };
}

/** An `import` of these reads all that they export, and among that is a whole client that is loaded when it is read. */

function plainBuiltins(): Plugin {
  return {
    name: 'plain-builtins',
    renderChunk(code) {
      return code
        .replaceAll(
          /^import \{([^}]*)\} from "(node:https?)";$/gm,
          (_, names: string, id: string) => `const {${names.replaceAll(' as ', ': ')}} = ${builtin(id)};`,
        )
        .replaceAll(
          /^import (?:\* as )?([\w$]+) from "(node:https?)";$/gm,
          (_, name: string, id: string) => `const ${name} = ${builtin(id)};`,
        );
    },
  };
}

function builtin(id: string): string {
  return `process.getBuiltinModule(${JSON.stringify(id)})`;
}

function packagesIn(output: RolldownOutput['output']): readonly string[] {
  const modules = output.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : []));
  const folders = modules.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []);
  return [...new Set(folders)].toSorted();
}
