import { CADDY } from '../setup/real-parts.ts';
import { startWebFront, type WebFront, type WebFrontKind } from './web-front.ts';

/** It asks nobody for certificates. */
const KIND: WebFrontKind = {
  part: CADDY,
  configuration: (_folder, site) => `{\n  admin off\n  auto_https off\n}\n${site}`,
  args: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
  environment: (folder) => ({ HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }),
};

/** Caddy with a Caddyfile. `url`: where it answers then. */
export function startCaddy(caddyfile: string, url: string): Promise<WebFront> {
  return startWebFront(KIND, caddyfile, url);
}
