import { authRequest } from '../contestants/auth-request.ts';
import type { Contestant } from '../contestants/contestant.ts';
import { iiifProcessor } from '../contestants/iiif-processor.ts';
import { iipimage } from '../contestants/iipimage.ts';
import { nginxStatic } from '../contestants/nginx-static.ts';
import { vitrine } from '../contestants/vitrine.ts';
import type { Bench } from './measure.ts';

/** With limits high enough for the largest source and the largest answer that are asked for here. */
export const HIGH_LIMITS = [
  '--max-width',
  '12000',
  '--max-height',
  '12000',
  '--max-area-megapixels',
  '200',
  '--max-source-megapixels',
  '2500',
  '--render-timeout-seconds',
  '120',
];

export const lockedVitrine = vitrine({ name: 'vitrine', label: 'Vitrine', lock: 'access-file', args: HIGH_LIMITS });

/** Everybody, the limit first. */
export function everybody({ files }: Bench): readonly Contestant[] {
  return [nginxStatic(files), lockedVitrine, iipimage, authRequest, iiifProcessor];
}
