import pino, { type Logger } from 'pino';
import type { Options } from '../config/options.ts';

/** Log lines go to standard error, so that standard output holds only what a command was asked for. */
export function createLog(options: Pick<Options, 'logLevel' | 'logFormat'>, screen: NodeJS.WriteStream = process.stderr): Logger {
  const settings = { level: options.logLevel, base: null };
  const pretty = options.logFormat === 'pretty' || (options.logFormat === 'auto' && screen.isTTY === true);
  if (!pretty) return pino({ ...settings, timestamp: pino.stdTimeFunctions.isoTime }, screen);
  return pino(settings, { write: (line) => screen.write(prettyLine(line)) });
}

const LEVEL_NAMES: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const OWN_FIELDS: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'err']);

/** One JSON line of pino as a line for people: `12:03:04 warn  message  field=value`, the stack of an error below it. */
export function prettyLine(line: string): string {
  const entry = JSON.parse(line) as Record<string, unknown> & { level: number; time: number; msg?: string; err?: { stack?: string } };
  const time = new Date(entry.time).toTimeString().slice(0, 8);
  const level = (LEVEL_NAMES[entry.level] ?? 'info').padEnd(5);
  const fields = Object.entries(entry)
    .filter(([name]) => !OWN_FIELDS.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const stack = entry.err?.stack === undefined ? '' : `\n${entry.err.stack}`;
  return `${[time, level, entry.msg ?? '', ...fields].filter((part) => part !== '').join(' ')}${stack}\n`;
}
