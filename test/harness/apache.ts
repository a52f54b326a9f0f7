import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APACHE, findRealPart } from '../setup/real-parts.ts';
import { answers, startTestProgram, untilReady } from './program.ts';

const MODULES = ['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http', 'proxy_fcgi', 'alias'];

/** Debian's Apache with a site. `url`: where it answers then. */
export async function startApache(site: string, url: string): Promise<{ stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-apache-'));
  const file = join(folder, 'apache2.conf');
  const modules = MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
  await writeFile(
    file,
    `ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
ServerName localhost
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
${modules.join('\n')}
Listen ${new URL(url).port}
${site}`,
  );
  const program = startTestProgram(findRealPart(APACHE) ?? 'apache2', ['-f', file, '-DFOREGROUND']);
  const stop = async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  await untilReady(program, () => answers(url)).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { stop };
}
