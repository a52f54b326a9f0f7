import { open } from 'node:fs/promises';
import type { Source } from '../../domain/item.ts';
import { Failure, refuse } from '../../lib/problems.ts';

/** Large enough that a film costs few reads, small enough that a hundred readers cost little memory. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Bytes of a file from `start` on. The file is opened with the first chunk and closed with the last, or when the reader
 * stops. Rejects with `Failure` where the file is not there any more or has become another, and where it ends early.
 */
export async function* readFile(source: Source, start: number, length: number): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(source.file, 'r').catch((cause: unknown) => {
    throw gone(source, String(cause), cause);
  });
  try {
    const { size } = await handle.stat();
    if (size !== source.bytes) throw gone(source, `it has ${size} bytes, and had ${source.bytes}`);
    let at = start;
    while (at < start + length) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, start + length - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw gone(source, `it ends at ${at}`);
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function gone(source: Source, why: string, cause?: unknown): Failure {
  const refusal = refuse('source.broken', 'The file behind this item changed while it was being read. Asking again may work.');
  return new Failure(refusal, `${source.file}: ${why}`, { cause });
}
