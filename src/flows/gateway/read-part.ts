import type { Item } from '../../domain/item.ts';
import type { Upstreams } from '../../domain/upstream.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { Failure, refuse } from '../../lib/problems.ts';

/** Of one answer of an upstream that is held, to make a lesser version of it. */
const MOST_BYTES = 128_000_000;

/** A part of the whole image at a size, as JPEG. Rejects with `Failure`. */
export async function readPart(
  upstreams: Upstreams,
  { tier: _, ...item }: Item,
  region: Plan['region'],
  size: Plan['size'],
): Promise<Uint8Array> {
  const answer = await upstreams.askImage(item, {
    request: {
      version: upstreams.versionOf(item),
      identifier: item.identifier,
      region: { kind: 'pixels', ...region },
      size: { kind: 'exact', ...size, upscale: false },
      rotation: { mirrored: false, degrees: 0 },
      quality: 'default',
      format: 'jpg',
    },
    ifNoneMatch: null,
    ifModifiedSince: null,
    signal: new AbortController().signal,
  });
  if (answer.kind === 'refused') throw new Failure(answer, 'the upstream does not give a part that a lesser version is made of');
  if (answer.kind === 'not-modified') throw new Failure(BROKEN, 'the upstream answered 304 to a request without a condition');
  return collect(answer.chunks());
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Failure(BROKEN, `the upstream sends more than ${MOST_BYTES} bytes for one image`);
    all.push(chunk);
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of all) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

const BROKEN = refuse('upstream.broken', 'The image server behind this gateway did not answer as it should.');
