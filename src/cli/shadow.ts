import { join } from 'node:path';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import { type LossesOf, type LossReport, MOST_LINES, sumLosses } from '../domain/sum-losses.ts';
import { clearLosses } from '../flows/admin/clear-losses.ts';
import { recordCommand } from './record-command.ts';

interface ShadowCommand {
  readonly data: string;
  print(line: string): void;
}

/** `vitrine shadow report` */
export async function runShadowReport({ data, json, print }: ShadowCommand & { readonly json: boolean }): Promise<number> {
  const db = await openSqlite(join(data, 'vitrine.db'));
  try {
    const losses = await db.shadowLosses.list();
    if (json) print(JSON.stringify(losses, null, 2));
    else for (const line of linesOf(sumLosses(losses))) print(line);
    return 0;
  } finally {
    await db.close();
  }
}

/** `vitrine shadow clear` */
export async function runShadowClear({ data, print }: ShadowCommand): Promise<number> {
  const db = await openSqlite(join(data, 'vitrine.db'));
  try {
    const audit = { record: (entry: Parameters<typeof recordCommand>[1]) => recordCommand(db, entry) };
    await clearLosses({ ...db, audit }, { actor: null, via: 'command line', address: null });
    print('The counts are cleared.');
    return 0;
  } finally {
    await db.close();
  }
}

function linesOf(report: LossReport): readonly string[] {
  const { visits, refused, first, last } = report;
  if (first === null || last === null) return ['Nothing was counted. Shadow mode is switched on with --shadow-until DATE.'];
  return [
    `Between ${first.toISOString()} and ${last.toISOString()}, by visits:`,
    `${visits - refused} would have been asked to sign in, agree or come elsewhere first; ${refused} refused.`,
    ...section('By rule', report.byRule),
    ...section('By folder', report.byFolder),
    ...section('By visitor', report.byWho),
  ];
}

function section(heading: string, lines: readonly LossesOf[]): readonly string[] {
  const most = lines.length < MOST_LINES ? '' : ` (the ${MOST_LINES} with most visits)`;
  return [
    '',
    `${heading}${most}`,
    `${'asked'.padStart(8)} ${'refused'.padStart(8)}`,
    ...lines.map(({ name, visits, refused, example }) => {
      const counts = `${String(visits - refused).padStart(8)} ${String(refused).padStart(8)}`;
      return `${counts}  ${printable(name === '' ? 'in no folder' : name)}, for example ${printable(example)}`;
    }),
  ];
}

/** Names of files come from elsewhere, and a terminal obeys some characters. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
