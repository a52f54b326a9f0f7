import { cpus } from 'node:os';
import type { Figures, Measure, Outcome, Row, Wanted } from './measures/measure.ts';
import { nameOf } from './measures/take-turns.ts';
import type { BenchOptions } from './options.ts';

const COLUMNS: ReadonlyArray<{ readonly head: string; readonly text: (figures: Figures, best: number) => string }> = [
  { head: 'requests/s', text: ({ requestsPerSecond }) => number(requestsPerSecond) },
  { head: 'of the best', text: ({ requestsPerSecond }, best) => (requestsPerSecond === undefined ? '' : number(requestsPerSecond / best)) },
  { head: 'p50 ms', text: ({ p50 }) => number(p50) },
  { head: 'p99 ms', text: ({ p99 }) => number(p99) },
  { head: 'CPU µs', text: ({ cpuMicroseconds }) => number(cpuMicroseconds) },
  { head: 'peak MB', text: ({ peakMegabytes }) => number(peakMegabytes) },
  { head: 's', text: ({ seconds }) => number(seconds) },
  { head: 'SSIM', text: ({ similarity }) => similarity?.toFixed(4) ?? '' },
  { head: 'KB', text: ({ kilobytes }) => number(kilobytes) },
];

/** Those with something in them. */
function columnsOf(outcomes: readonly Outcome[]): typeof COLUMNS {
  const all = outcomes.flatMap(({ rows }) => rows.map(({ figures }) => figures));
  return COLUMNS.filter(({ text }) => all.some((figures) => text(figures, 1) !== ''));
}

/** The whole run as one table in Markdown, with what was wanted below it. */
export function writeReport({ rounds, short }: BenchOptions, outcomes: ReadonlyMap<Measure, Outcome>): string {
  const columns = columnsOf([...outcomes.values()]);
  const lines = [...outcomes].flatMap(([{ title }, { rows }]) => [[`**${title}**`, ...columns.map(() => '')], ...rowsOf(rows, columns)]);
  const wanted = [...outcomes.values()].flatMap((outcome) => outcome.wanted);
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  const run = short ? 'a short run: its figures mean nothing' : rounds === 1 ? 'one round' : `medians of ${rounds} rounds`;
  const figures = [
    `${machine}; one core for each server, one for the load; ${run}.`,
    '',
    ...table(['', ...columns.map(({ head }) => head)], lines),
  ];
  if (wanted.length === 0) return figures.join('\n');
  return [...figures, '', ...table(['wanted', '', 'reached', ''], wanted.map(wantedLine))].join('\n');
}

function rowsOf(rows: readonly Row[], columns: typeof COLUMNS): readonly string[][] {
  return rows.map((row) => {
    const best = Math.max(...rows.filter(({ group }) => group === row.group).map(({ figures }) => figures.requestsPerSecond ?? 0));
    return [`${nameOf(row)}${row.failure === undefined ? '' : ' FAILED'}`, ...columns.map(({ text }) => text(row.figures, best))];
  });
}

function wantedLine({ sentence, at, wanted, reached }: Wanted): string[] {
  const yes = reached !== null && (at === 'least' ? reached >= wanted : reached <= wanted);
  return [
    sentence,
    `at ${at} ${number(wanted)}`,
    reached === null ? '' : number(reached),
    reached === null ? 'not measured' : yes ? 'reached' : 'NOT reached',
  ];
}

function table(head: readonly string[], lines: readonly string[][]): readonly string[] {
  const widths = head.map((cell, i) => Math.max(cell.length, 3, ...lines.map((line) => line[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  return [
    line(head),
    `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`,
    ...lines.map(line),
  ];
}

/** Three digits that count. */
function number(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return '∞';
  if (value < 0) return value.toFixed(4);
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toPrecision(2);
}
