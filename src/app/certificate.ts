import { join } from 'node:path';
import { adhocCertificate, type Certificate } from '../adapters/certificates/adhoc.ts';
import { readCertificate } from '../adapters/certificates/files.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';

export async function certificate(options: Options): Promise<Certificate | null> {
  const { tls } = options;
  if (tls.mode === 'off') return null;
  if (tls.mode === 'files') return readCertificate(tls.certificateFile, tls.keyFile);
  const publicName = options.publicUrl === null ? [] : [new URL(options.publicUrl).hostname.replace(/^\[|\]$/g, '')];
  const names = new Set(['localhost', '127.0.0.1', '::1', ...publicName]);
  return adhocCertificate(join(options.data, 'certificates'), [...names], systemClock.now());
}
