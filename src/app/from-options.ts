import { readFile } from 'node:fs/promises';
import type { Options } from '../config/options.ts';
import type { SessionLimits } from '../domain/session.ts';
import type { AuditLimits } from '../flows/keep-audit.ts';
import { createRenderLanes } from '../flows/render-lanes.ts';
import type { ImageLimits } from '../iiif/image/plan.ts';

/** A request gives up after this; it has a time to come back. Whoever wants a big image has more patience, as it takes a second or so for each before it. */
const LANE_WAIT_SECONDS = { small: 20, big: 60 };

/** `localhost` is what browsers treat as secure, and what a person types. */
export function nameOf(host: string): string {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

export function basePath(publicUrl: string | null): string {
  return publicUrl === null ? '/' : new URL(publicUrl).pathname;
}

export function siteNames({ title, publicUrl }: Options): readonly string[] {
  return publicUrl === null ? [title] : [title, new URL(publicUrl).hostname];
}

export function sessionLimits(options: Options): SessionLimits {
  return { idleMinutes: options.sessionIdleMinutes, absoluteHours: options.sessionAbsoluteHours, tokenMinutes: options.tokenMinutes };
}

export function auditLimits({ auditDays, auditPseudonymAfterDays }: Options): AuditLimits {
  return { days: auditDays, pseudonymAfterDays: auditPseudonymAfterDays };
}

export function imageLimits(options: Options): ImageLimits {
  const { maxWidth, maxHeight, maxUpscale, sizeAboveFull } = options;
  return { maxWidth, maxHeight, maxArea: Math.floor(options.maxAreaMegapixels * 1_000_000), maxUpscale, sizeAboveFull };
}

export function imagingOptions(options: Options) {
  const { colour, backgroundColour, jpegQuality, jpegSubsampling, webpQuality, avifQuality } = options;
  return {
    maxSourcePixels: options.maxSourceMegapixels * 1_000_000,
    timeLimitSeconds: options.renderTimeoutSeconds,
    decodedMemoryBytes: options.decodedMemoryMegabytes * 1_000_000,
    decodedTileBytes: options.decodedTileMegabytes * 1_000_000,
    colour,
    backgroundColour,
    jpegQuality,
    jpegSubsampling,
    webpQuality,
    avifQuality,
    jpeg2000: 'installed' as const,
  };
}

export async function describeRendering(options: Options): Promise<string> {
  const { colour, backgroundColour, jpegQuality, jpegSubsampling, webpQuality, avifQuality } = options;
  const pyramids = options.pyramidDiskMegabytes > 0 ? [options.pyramidQuality, options.pyramidSubsampling] : null;
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return JSON.stringify([version, colour, backgroundColour, jpegQuality, jpegSubsampling, webpQuality, avifQuality, pyramids]);
}

export function renderLanes(options: Options) {
  return createRenderLanes({
    small: { concurrency: options.rendersAtOnce, waiting: options.renderQueueLength, waitSeconds: LANE_WAIT_SECONDS.small },
    big: { concurrency: 1, waiting: options.bigRenderQueueLength, waitSeconds: LANE_WAIT_SECONDS.big },
  });
}
