import { APACHE } from '../setup/real-parts.ts';
import { startWebFront, type WebFront } from './web-front.ts';

const MODULES = ['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http', 'proxy_fcgi', 'alias'];

/** Debian's Apache with a site. `url`: where it answers then. */
export function startApache(site: string, url: string): Promise<WebFront> {
  return startWebFront(
    {
      part: APACHE,
      configuration: (folder, inner) => `ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
ServerName localhost
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
Listen ${new URL(url).port}
${inner}`,
      args: (file) => ['-f', file, '-DFOREGROUND'],
    },
    site,
    url,
  );
}
