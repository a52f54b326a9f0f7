import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';

/** Which rooms each room may import; `docs/explain/how-a-request-travels.md` has the picture. A room may always import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  iiif: ['lib'],
  domain: ['iiif', 'lib'],
  flows: ['domain', 'iiif', 'lib'],
  ui: ['domain', 'iiif', 'lib'],
  config: ['domain', 'iiif', 'lib'],
  adapters: ['domain', 'iiif', 'config', 'lib'],
  http: ['ui', 'flows', 'domain', 'iiif', 'config', 'lib'],
  lab: ['domain', 'iiif', 'config', 'lib'],
  cli: ['app', 'lab', 'adapters', 'http', 'ui', 'flows', 'domain', 'iiif', 'config', 'lib'],
  app: ['lab', 'adapters', 'http', 'ui', 'flows', 'domain', 'iiif', 'config', 'lib'],
  'main.ts': ['cli'],
};

/** Adapter families know the ports, never each other. */
const FAMILIES = ['storage', 'sources', 'imaging', 'media', 'cache', 'certificates', 'identity', 'mail', 'metrics', 'system', 'upstream'];

/** Rooms without I/O, clock or randomness. */
const PURE = '^src/(iiif|domain|flows)/';
/** Packages that only compute. */
const PURE_PACKAGES = 'node_modules/(@types/picomatch|picomatch|csv-parse|csv-stringify|p-queue|lru-cache)/';

/** Tests may reach for the ports that they replace. */
const TESTS = '\\.test\\.ts$';

/** What one run saw, and what it found wrong: one sentence a line. */
export interface ImportReport {
  readonly modules: number;
  readonly dependencies: number;
  readonly violations: readonly string[];
}

/** Follows every import below `src`, type imports too. `root` holds `src`. */
export async function checkImports(root: string): Promise<ImportReport> {
  const { output } = await cruise(['src'], {
    baseDir: root,
    ruleSet: rules(),
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  });
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with a text: ${output.slice(0, 200)}`);
  return summarise(output);
}

function rules(): IFlattenedRuleSet {
  const rooms = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
    name: `${room} imports only ${allowed.length === 0 ? 'itself' : allowed.join(', ')}`,
    severity: 'error' as const,
    from: { path: roomPattern(room), pathNot: TESTS },
    to: { path: '^src/', pathNot: [room, ...allowed].map(roomPattern) },
  }));
  const families = FAMILIES.map((family) => ({
    name: `adapters/${family} knows no other family`,
    severity: 'error' as const,
    from: { path: `^src/adapters/${family}/`, pathNot: TESTS },
    to: { path: '^src/adapters/', pathNot: `^src/adapters/${family}/` },
  }));
  return {
    forbidden: [
      ...rooms,
      ...families,
      {
        name: 'iiif, domain and flows import no Node module',
        severity: 'error',
        from: { path: PURE, pathNot: TESTS },
        to: { dependencyTypes: ['core'] },
      },
      {
        name: 'iiif, domain and flows import no package that does I/O',
        severity: 'error',
        from: { path: PURE, pathNot: TESTS },
        to: { path: 'node_modules', pathNot: PURE_PACKAGES },
      },
      {
        name: 'what is shipped imports no development dependency',
        severity: 'error',
        from: { path: '^src/', pathNot: TESTS },
        to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
      },
      { name: 'nothing imports itself by a detour', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
      { name: 'what is imported exists', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    ],
  };
}

function roomPattern(room: string): string {
  return room.endsWith('.ts') ? `^src/${room.replace('.', '\\.')}$` : `^src/${room}/`;
}

function summarise(result: ICruiseResult): ImportReport {
  const own = result.modules.filter((module) => module.source.startsWith('src/'));
  return {
    modules: own.length,
    dependencies: own.reduce((sum, module) => sum + module.dependencies.length, 0),
    violations: result.summary.violations.map(({ from, to, rule }) => `${from} -> ${to}: ${rule.name}`),
  };
}

/** A parser that does not know the compiler sees nothing and finds nothing wrong: the counts prove that it looked. */
const LEAST = { modules: 20, dependencies: 30 };

if (import.meta.main) {
  const report = await checkImports(process.cwd());
  for (const violation of report.violations) console.error(violation);
  console.log(`imports: ${report.modules} modules, ${report.dependencies} imports, ${report.violations.length} forbidden`);
  if (report.modules <= LEAST.modules || report.dependencies <= LEAST.dependencies) {
    console.error('Too few modules were seen: dependency-cruiser did not read the sources.');
    process.exitCode = 1;
  }
  if (report.violations.length > 0) process.exitCode = 1;
}
