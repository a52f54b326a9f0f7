import { Failure, PROBLEMS } from '../../lib/problems.ts';
import type { ServerLog } from './server.ts';

/** As much of a logger as we need. */
export interface LevelLog {
  isLevelEnabled(level: 'debug'): boolean;
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * What a visitor got wrong is for those who look for it, what was too much at once is a warning, and what is wrong here
 * is an error. Only what nobody foresaw comes with its stack: the rest says all in its reason, and anybody can cause it a
 * thousand times a second.
 */
export function createServerLog(log: LevelLog): ServerLog {
  return {
    request({ header: _, ...line }) {
      if (!log.isLevelEnabled('debug')) return;
      log.debug({ ...line, path: withoutSecrets(line.path), milliseconds: Math.round(line.milliseconds * 10) / 10 }, 'request');
    },
    failure(error, { id, path: askedPath }) {
      const path = withoutSecrets(askedPath);
      if (error instanceof Failure) log[levelOf(error)]({ id, code: error.refusal.code, reason: error.message, path }, 'a request failed');
      else log.error({ err: error, id, path }, 'a request failed');
    },
  };
}

/** Whoever reads a signed path, or the link of a device, of the first administrator or for a password, could use it. */
export function withoutSecrets(path: string): string {
  return path
    .replace(/[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g, '…')
    .replace(/(\/(?:signed|device|invitation|reset|admin\/first)\/)[^/]+/gi, '$1…');
}

function levelOf({ refusal: { code } }: Failure): 'debug' | 'warn' | 'error' {
  const { status } = PROBLEMS[code];
  if (status === 503) return 'warn';
  // A source that is too large or of a strange kind is for whoever keeps the files.
  return status < 500 && !code.startsWith('source.') ? 'debug' : 'error';
}
