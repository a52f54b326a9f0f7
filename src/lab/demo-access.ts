import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { LabRecipe } from './recipe.ts';
import { SAMPLE_POLICIES, SAMPLE_SERVICES } from './samples/sample-access.ts';

/** The `access.yaml` of the demo: that of the samples, and what the cases of the lab need, in the order of the cases. */
export function demoAccessFile(cases: readonly LabRecipe[]): string {
  const services = cases.flatMap((each) => Object.entries(each.services));
  const policies = cases.flatMap((each) =>
    each.policies.map(({ items, ...policy }) => ({ items: `lab/${each.id}/${items ?? '**'}`, ...policy })),
  );
  return `${SAMPLE_SERVICES}${indented(Object.fromEntries(services))}${SAMPLE_POLICIES}${indented(policies)}`;
}

/** Aliases would save lines, and cost whoever reads the file. */
function indented(value: object): string {
  if (Object.keys(value).length === 0) return '';
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).replaceAll(/^(?=.)/gm, '  ');
}

/**
 * Writes `text` into `file`, unless somebody has changed what an earlier start wrote there: then it stays, and the answer is
 * `kept`. What was written last is known by its hash, in a file beside it.
 */
export async function keepAccessFile(file: string, text: string): Promise<'written' | 'kept'> {
  const mark = `${file}.written`;
  const [there, written] = await Promise.all([readIfThere(file), readIfThere(mark)]);
  // Demos before the lab left no mark, and this text.
  const isOurs = there === null || there === text || there === demoAccessFile([]) || digest(there) === written?.trim();
  if (!isOurs) return 'kept';
  if (there !== text) await writeFile(file, text);
  await writeFile(mark, `${digest(text)}\n`);
  return 'written';
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
