import { rename, writeFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';
import { drawSample } from './draw-sample.ts';
import { encodeSample } from './encode-sample.ts';
import type { SampleAnswer, SampleOrder } from './make-samples.ts';

/** One core a worker: two of them fill the smallest machine, and more threads would only wait for each other. */
sharp.concurrency(1);
sharp.cache(false);

parentPort?.on('message', (order: SampleOrder) => {
  void makeOne(order).then((answer) => parentPort?.postMessage(answer));
});

async function makeOne({ file, target }: SampleOrder): Promise<SampleAnswer> {
  const started = performance.now();
  try {
    const bytes = await encodeSample(file, drawSample(file, 1));
    await writeFile(`${target}.part`, bytes);
    await rename(`${target}.part`, target);
    return { file, problem: null, milliseconds: Math.round(performance.now() - started) };
  } catch (cause) {
    return { file, problem: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause), milliseconds: 0 };
  }
}
