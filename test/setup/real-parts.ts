import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program of the machine that some tests need and npm cannot bring. */
export interface RealPart {
  readonly name: string;
  /** Debian's package. */
  readonly package: string;
  readonly programs: readonly string[];
  readonly neededFor: string;
}

export const CHROMIUM: RealPart = {
  name: 'Chromium',
  package: 'chromium',
  programs: ['chromium', 'chromium-browser', 'google-chrome'],
  neededFor: 'the browser tests (test/browser)',
};

export const OPENJPEG: RealPart = {
  name: 'opj_decompress',
  package: 'libopenjp2-tools',
  programs: ['opj_decompress'],
  neededFor: 'the tests of the JPEG 2000 program; the wasm decoder is tested without it',
};

export const SLAPD: RealPart = {
  name: 'slapd',
  package: 'slapd',
  programs: ['slapd'],
  neededFor: 'the tests of sign-in through LDAP (test/identity/ldap.test.ts)',
};

export const CURL: RealPart = {
  name: 'curl',
  package: 'curl',
  programs: ['curl'],
  neededFor: 'the test of the guide for scripts (test/house/scripts.test.ts)',
};

export const SWIFT: RealPart = {
  name: 'Swift',
  package: 'swift-proxy swift-account swift-container swift-object',
  programs: ['swift-object-server'],
  neededFor: 'the tests of images in an object store (test/sources/swift.test.ts); a store of our own is tested without it',
};

export const PEBBLE: RealPart = {
  name: 'Pebble',
  package: 'pebble',
  programs: ['pebble'],
  neededFor: 'the tests of certificates from an authority (test/certificates/acme.test.ts)',
};

export const SYSTEMD: RealPart = {
  name: 'systemd-analyze',
  package: 'systemd',
  programs: ['systemd-analyze'],
  neededFor: 'the tests of the systemd unit (test/packaging/systemd.test.ts)',
};

const GATEWAY = 'the tests of the gateway (test/gateway, test/browser)';
const BENCH = 'the short run of the bench (test/load/bench.test.ts)';

export const NGINX: RealPart = { name: 'nginx', package: 'nginx', programs: ['nginx'], neededFor: `${GATEWAY}, and ${BENCH}` };

export const IIPIMAGE: RealPart = {
  name: 'IIPImage',
  package: 'iipimage-server',
  programs: ['iipsrv.fcgi'],
  neededFor: `${GATEWAY}, and ${BENCH}`,
};

export const CADDY: RealPart = { name: 'Caddy', package: 'caddy', programs: ['caddy'], neededFor: GATEWAY };

export const APACHE: RealPart = { name: 'Apache', package: 'apache2', programs: ['apache2'], neededFor: GATEWAY };

export const BENCH_PARTS: readonly RealPart[] = [
  NGINX,
  { name: 'wrk', package: 'wrk', programs: ['wrk'], neededFor: BENCH },
  IIPIMAGE,
  { name: 'gunicorn', package: 'gunicorn', programs: ['gunicorn'], neededFor: BENCH },
];

export const REAL_PARTS: readonly RealPart[] = [CHROMIUM, OPENJPEG, SLAPD, CURL, SWIFT, SYSTEMD, PEBBLE, CADDY, APACHE, ...BENCH_PARTS];

/** Servers are in folders that only root searches, and some programs in one of their own. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/lib/iipimage-server'];

/** The absolute name of the part's program, or null where it is not installed. */
export function findRealPart(part: RealPart, searchPath: string = process.env.PATH ?? ''): string | null {
  for (const folder of [...searchPath.split(delimiter), ...MORE_FOLDERS].filter((entry) => entry !== '')) {
    for (const program of part.programs) {
      const file = join(folder, program);
      if (isExecutable(file)) return file;
    }
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
