import { systemClock } from '../adapters/system/clock.ts';
import { compareAccess, writeAccessChange } from '../domain/compare-access.ts';
import type { ItemSource } from '../domain/ports.ts';
import { describeServiceChanges } from '../domain/service-changes.ts';
import { sampleItems } from '../flows/admin/sample-items.ts';
import { readAccess } from './read-access.ts';

export interface AccessDiffOptions {
  readonly before: string;
  readonly after: string;
  readonly items: Pick<ItemSource, 'find' | 'list'>;
  print(line: string): void;
}

/** `vitrine access diff OLD NEW`: who gains and who loses what. 0 whatever the difference. */
export async function runAccessDiff({ before: oldFile, after: newFile, items, print }: AccessDiffOptions): Promise<number> {
  const [before, after] = [await readAccess(oldFile), await readAccess(newFile)];
  const sample = await sampleItems({ items, clock: systemClock }, [before, after]);
  if (!sample.complete) print(`Looked at ${sample.items.length} of the items; there are more.`);
  const services = describeServiceChanges(before, after);
  for (const sentence of services) print(sentence);
  const found = compareAccess({ before, after, items: sample.items, people: [], now: systemClock.now() });
  for (const { who, changes } of found) for (const change of changes) print(`${who} ${writeAccessChange(change)}.`);
  if (found.length === 0)
    print(`Nobody gains or loses anything of ${sample.items.length === 1 ? '1 item' : `${sample.items.length} items`}.`);
  return 0;
}
