import { examineCodecs } from '../app/doctor/examine-codecs.ts';
import { examineData, examineDisk, examineImages, examineState } from '../app/doctor/examine-files.ts';
import { examinePort, examinePublicUrl } from '../app/doctor/examine-server.ts';
import { examineAccess, examineIdentity, examineOptions } from '../app/doctor/examine-settings.ts';
import type { Finding } from '../app/doctor/finding.ts';
import type { Options } from '../config/options.ts';

interface DoctorCommand {
  readonly options: Options;
  /** What the start would say of them. */
  readonly notices: readonly string[];
  print(line: string): void;
}

/** In the order in which they are looked at, and told. */
const EXAMINATIONS: ReadonlyArray<(options: Options) => Promise<readonly Finding[]>> = [
  examineAccess,
  examineIdentity,
  examineImages,
  examineData,
  examineDisk,
  examineState,
  examineCodecs,
  examinePort,
  examinePublicUrl,
];

const SIGNS: Readonly<Record<Finding['verdict'], string>> = { well: 'ok     ', warning: 'warning', wrong: 'WRONG  ' };

/** `vitrine doctor`: 0 where nothing is wrong, warnings or not; else 1. */
export async function runDoctor({ options, notices, print }: DoctorCommand): Promise<number> {
  const findings: Finding[] = [];
  const tell = (found: readonly Finding[]): void => {
    findings.push(...found);
    for (const { about, verdict, sentence } of found) print(`${SIGNS[verdict]}  ${about.padEnd(13)}  ${sentence}`);
  };
  tell(examineOptions(notices));
  for (const examine of EXAMINATIONS) {
    tell(await examine(options).catch((error: unknown) => [{ about: 'doctor', verdict: 'wrong' as const, sentence: String(error) }]));
  }
  const count = (verdict: Finding['verdict']): number => findings.filter((finding) => finding.verdict === verdict).length;
  const [wrong, warnings] = [count('wrong'), count('warning')];
  print(wrong + warnings === 0 ? 'Nothing is wrong.' : `${wrong} wrong, ${warnings === 1 ? '1 warning' : `${warnings} warnings`}.`);
  return wrong === 0 ? 0 : 1;
}
