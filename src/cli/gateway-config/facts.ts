/** What a configuration is written from: the options of the gateway, and the image server that stands behind it. */
export interface GatewayFacts {
  /** What visitors call it. */
  readonly publicUrl: URL;
  /** Where the gateway listens, as the proxy reaches it: `127.0.0.1:8080`. */
  readonly gateway: string;
  /** The Unix socket on which it listens instead; null where it does not. */
  readonly socket: string | null;
  /** The image servers that it has behind it. */
  readonly services: readonly GatewayService[];
  readonly imageServer: ImageServer;
  /** Where an image server that speaks FastCGI takes it: `127.0.0.1:9000`. */
  readonly fastcgi: string;
}

export interface GatewayService {
  /** Of the Image API. */
  readonly version: 2 | 3;
  /** What its identifiers begin with for visitors, before a slash; empty where it is the only one. */
  readonly prefix: string;
  /** What stands before the identifier in its own URIs. */
  readonly upstream: URL;
  /** Names of headers that the gateway adds for it. */
  readonly headers: readonly string[];
}

export const PROXIES = ['nginx', 'traefik', 'caddy', 'apache'] as const;
export type ProxyName = (typeof PROXIES)[number];

export const IMAGE_SERVER_NAMES = ['iipimage', 'cantaloupe', 'digilib', 'sipi', 'loris'] as const;
export type ImageServerName = (typeof IMAGE_SERVER_NAMES)[number];

export interface ImageServer {
  readonly name: ImageServerName;
  readonly label: string;
  /** IIPImage speaks FastCGI alone, so that a web server in front of it has to speak HTTP for it. */
  readonly speaks: 'http' | 'fastcgi';
  /** Where it is usually found, and the version of the Image API that it speaks there. */
  readonly upstream: string;
  readonly version: 2 | 3;
  /** How it writes a slash within an identifier. */
  readonly slash: '%2F' | '!';
  /** What to set there, so that nobody walks around the gateway: a sentence each. */
  readonly advice: readonly string[];
}
