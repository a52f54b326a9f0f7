import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningVitrine } from '../app/start-server.ts';
import type { OptionOrigin, Options } from '../config/options.ts';
import type { LabCase } from '../domain/lab-case.ts';
import { LAB_CASES, LAB_DOCUMENTS } from '../lab/cases.ts';
import { demoAccessFile, keepAccessFile } from '../lab/demo-access.ts';
import { makeLab } from '../lab/make-lab.ts';
import { makeSamples } from '../lab/samples/make-samples.ts';
import { SAMPLES } from '../lab/samples/sample-list.ts';
import { ProgressBar } from '../lib/progress-bar.ts';
import { accessLines } from './access-lines.ts';
import { block } from './block.ts';
import { prepareFirstAdministrator } from './first-administrator.ts';
import { firstAdministratorRow } from './first-administrator-row.ts';
import { type LabPerson, prepareLabPeople, publicAccounts, publicLab } from './lab-people.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { readOptions } from './option-flags.ts';

/** `vitrine demo`: the sample collection with the lab's people, or a folder of one's own with them. */
export async function demo(typed: Readonly<Record<string, unknown>>): Promise<void> {
  const { options: given, origins, notices } = readOptions('demo', typed);
  const folder = join(given.data, 'demo');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { options, cases, remarks } = await withSamples(given, origins.images, folder);
  const people = await prepareLabPeople(options, folder);
  const hasLab = cases.length > 0;
  const access = await accessLines(options.access, hasLab ? 'lab' : null);
  const said = [...notices, ...remarks];
  await listen({
    options,
    log: createLog(options),
    content: 'own',
    lab: {
      account: publicLab(options, people),
      titles: origins.images === 'default' ? titlesOf(cases) : new Map(),
      cases,
      accounts: publicAccounts(options, people),
      documents: LAB_DOCUMENTS,
    },
    prepare: () => prepareFirstAdministrator(options),
    announce: (server) => process.stdout.write(demoBlock(server, options, people, access, hasLab, said)),
  });
}

interface Shown {
  readonly options: Options;
  /** The cases that are served with them. */
  readonly cases: readonly LabCase[];
  readonly remarks: readonly string[];
}

/** Draws the samples and the lab on the first run, unless `--images` names another folder to show. */
async function withSamples(options: Options, imagesFrom: OptionOrigin, folder: string): Promise<Shown> {
  if (imagesFrom !== 'default') return { options, cases: [], remarks: [] };
  const bar = new ProgressBar('Drawing samples', process.stdout);
  const { folder: images } = await makeSamples(join(folder, 'images'), (done, total, label) => bar.show(done, total, label)).finally(() =>
    bar.end(),
  );
  const manifests = join(folder, 'lab-manifests');
  await makeLab({ images, manifests }, LAB_CASES);
  // With policies of somebody's own, what the cases promise would not be true.
  if (options.access !== null) return { options: { ...options, images }, cases: [], remarks: [] };
  const access = join(folder, 'access.yaml');
  const shown = { ...options, images, access, manifests: options.manifests ?? manifests };
  if ((await keepAccessFile(access, demoAccessFile(LAB_CASES))) === 'written') return { options: shown, cases: LAB_CASES, remarks: [] };
  return { options: shown, cases: [], remarks: [`${access} has been changed, so the lab is closed. Remove the file to open it.`] };
}

function titlesOf(cases: readonly LabCase[]): ReadonlyMap<string, string> {
  const items = cases.flatMap((each) => each.items);
  return new Map([...SAMPLES.map(({ file, title }) => [file, title] as const), ...items.map(({ path, label }) => [path, label] as const)]);
}

function demoBlock(
  { url, firstAdministrator }: RunningVitrine,
  options: Options,
  people: readonly LabPerson[],
  access: readonly string[],
  hasLab: boolean,
  notices: readonly string[],
): string {
  return block(
    [
      ['Vitrine', url],
      ...(hasLab ? ([['Lab', `${url}/lab  (a case for each pattern, tier and error, for people who write viewers)`]] as const) : []),
      ['Sign in', people.map(describePerson).join('\n')],
      ...firstAdministratorRow(firstAdministrator),
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
