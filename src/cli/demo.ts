import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OptionOrigin, Options } from '../config/options.ts';
import { makeSamples } from '../lab/samples/make-samples.ts';
import { SAMPLES } from '../lab/samples/sample-list.ts';
import { ProgressBar } from '../lib/progress-bar.ts';
import { accessLines } from './access-lines.ts';
import { block } from './block.ts';
import { type LabPerson, prepareLabPeople, publicLab } from './lab-people.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { readOptions } from './option-flags.ts';

/** `vitrine demo`: the sample collection with the lab's people, or a folder of one's own with them. */
export async function demo(typed: Readonly<Record<string, unknown>>): Promise<void> {
  const { options: given, origins, notices } = readOptions('demo', typed);
  const folder = join(given.data, 'demo');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const options = await withSamples(given, origins.images, folder);
  const people = await prepareLabPeople(options, folder);
  const access = await accessLines(options.access);
  await listen(options, createLog(options), (url) => process.stdout.write(demoBlock(url, options, people, access, notices)), {
    account: publicLab(options, people),
    titles: origins.images === 'default' ? sampleTitles() : new Map(),
  });
}

/** Draws the samples on the first run, unless `--images` names another folder to show. */
async function withSamples(options: Options, imagesFrom: OptionOrigin, folder: string): Promise<Options> {
  if (imagesFrom !== 'default') return options;
  const bar = new ProgressBar('Drawing samples', process.stdout);
  const samples = await makeSamples(join(folder, 'images'), (done, total, label) => bar.show(done, total, label)).finally(() => bar.end());
  return { ...options, images: samples.folder, access: options.access ?? samples.accessFile };
}

function sampleTitles(): ReadonlyMap<string, string> {
  return new Map(SAMPLES.map(({ file, title }) => [file, title]));
}

function demoBlock(
  url: string,
  options: Options,
  people: readonly LabPerson[],
  access: readonly string[],
  notices: readonly string[],
): string {
  return block(
    [
      ['Vitrine', url],
      ['Sign in', people.map(describePerson).join('\n')],
      ['Access', access.join('\n')],
      ['Images', options.images],
      ['State', options.data],
    ],
    notices,
  );
}

function describePerson({ name, roles, password }: LabPerson): string {
  const what = password === null ? 'with the password that was set for this user' : `password ${password}`;
  return `${name.padEnd(8)} ${what}  (${roles.length === 0 ? 'no role' : `role ${roles.join(', ')}`})`;
}
