import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRealPart, type RealPart } from '../setup/real-parts.ts';
import { answers, startTestProgram, type TestProgram, untilReady } from './program.ts';

export interface WebFront {
  readonly program: TestProgram;
  stop(): Promise<void>;
}

/** A web server of the machine, as one puts it in front of ours. */
export interface WebFrontKind {
  readonly part: RealPart;
  /** The whole configuration for a site, whose state goes into `folder`. */
  configuration(folder: string, site: string): string;
  args(file: string, folder: string): readonly string[];
  environment?(folder: string): Readonly<Record<string, string>>;
}

/** With a folder of its own, which is removed in the end. `url`: where it answers then. */
export async function startWebFront(
  { part, configuration, args, environment }: WebFrontKind,
  site: string,
  url: string,
): Promise<WebFront> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-front-'));
  const file = join(folder, 'site.conf');
  await writeFile(file, configuration(folder, site));
  const command = findRealPart(part) ?? part.programs[0] ?? part.name;
  const program = startTestProgram(command, args(file, folder), { environment: environment?.(folder) ?? {} });
  const stop = async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  await untilReady(program, () => answers(url)).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { program, stop };
}
