import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CADDY, findRealPart } from '../setup/real-parts.ts';
import { answers, startTestProgram, untilReady } from './program.ts';

/** Caddy with a Caddyfile; it asks nobody for certificates. `url`: where it answers then. */
export async function startCaddy(caddyfile: string, url: string): Promise<{ stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-caddy-'));
  const file = join(folder, 'Caddyfile');
  await writeFile(file, `{\n  admin off\n  auto_https off\n}\n${caddyfile}`);
  const program = startTestProgram(findRealPart(CADDY) ?? 'caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    environment: { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
  });
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
