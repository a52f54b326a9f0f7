import { writeApache } from './apache.ts';
import { writeCaddy } from './caddy.ts';
import type { GatewayFacts, ProxyName } from './facts.ts';
import { writeNginx } from './nginx.ts';
import { writeTraefik } from './traefik.ts';

const WRITERS: Readonly<Record<ProxyName, (facts: GatewayFacts) => string>> = {
  nginx: writeNginx,
  traefik: writeTraefik,
  caddy: writeCaddy,
  apache: writeApache,
};

/** A whole configuration of a proxy, with comments. */
export function writeConfiguration(proxy: ProxyName, facts: GatewayFacts): string {
  return WRITERS[proxy](facts);
}
