import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Installs packages of Debian that are missing. Returns a sentence where that does not work, else null. */
export async function installFromDebian(packages: readonly string[]): Promise<string | null> {
  const missing: string[] = [];
  for (const name of packages) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return null;
  if (process.getuid?.() !== 0) return `not installed: ${missing.join(', ')} (apt-get needs root)`;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...missing], { env: environment });
  return install()
    .catch(() => run('apt-get', ['-qq', 'update']).then(install))
    .then(
      () => null,
      () => `could not be installed from Debian: ${missing.join(', ')}`,
    );
}

async function isInstalled(name: string): Promise<boolean> {
  const status = await run('dpkg', ['-s', name]).catch(() => null);
  return status?.stdout.includes('Status: install ok installed') ?? false;
}
