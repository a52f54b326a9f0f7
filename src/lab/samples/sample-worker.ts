import { rename, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { drawSample } from './draw-sample.ts';
import { encodeSample } from './encode-sample.ts';
import { PART_SUFFIX, type SampleAnswer, type SampleOrder } from './sample-order.ts';

/** One core a worker: two of them fill the smallest machine, and more threads would only wait for each other. */
sharp.concurrency(1);
sharp.cache(false);

process.on('message', (order: SampleOrder) => {
  void makeOne(order).then((answer) => process.send?.(answer));
});
/** Nothing is left to do when the parent lets go, or is gone. */
process.on('disconnect', () => process.exit(0));

async function makeOne({ file, target }: SampleOrder): Promise<SampleAnswer> {
  const started = performance.now();
  try {
    const bytes = await encodeSample(file, drawSample(file, 1));
    const part = `${target}.${process.pid}${PART_SUFFIX}`;
    await writeFile(part, bytes);
    await rename(part, target);
    return { file, problem: null, milliseconds: Math.round(performance.now() - started) };
  } catch (cause) {
    return { file, problem: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause), milliseconds: 0 };
  }
}
