import type { Item } from '../../domain/item.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import { timedOut } from './source-failure.ts';

/** Sorts what an encoder threw. The words are those of sharp and libvips. */
export function encoderFailure(item: Item, { canonical }: Pick<Plan, 'canonical'>, error: unknown): unknown {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/timeout/i.test(text)) return timedOut(item, canonical, error);
  return new Failure(refuse('server.error', 'The image could not be made.'), `${item.source.file} ${canonical}: ${text}`, { cause: error });
}
