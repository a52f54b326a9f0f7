import type { ImagingOptions } from './imaging-options.ts';
import type { Jp2Decoder } from './jp2-decoder.ts';
import { createJp2ProcessDecoder, hasOpjDecompress } from './jp2-process-decoder.ts';
import { createJp2WorkerDecoder } from './jp2-worker-decoder.ts';
import type { OpenjpegWorker } from './openjpeg-worker-host.ts';

/** The program where it is installed, unless the options say otherwise. */
export async function chooseDecoder({ jpeg2000, timeLimitSeconds }: ImagingOptions, worker: OpenjpegWorker): Promise<Jp2Decoder> {
  const byProcess = jpeg2000 === 'process' || (jpeg2000 === 'installed' && (await hasOpjDecompress()));
  return byProcess ? createJp2ProcessDecoder(timeLimitSeconds) : createJp2WorkerDecoder(worker);
}
