import { createDerivatives, type Derivatives } from '../../../src/adapters/cache/derivatives/derivatives.ts';
import { DISK_BYTES } from './numbered.ts';

/** A cache of files alone, as one of two processes has it, in which everything is kept at once. */
export function openDisk(folder: string, onFailure: (error: unknown) => void): Derivatives {
  return createDerivatives({
    folder,
    memoryBytes: 0,
    diskBytes: DISK_BYTES,
    isOnLocalDisk: async () => true,
    keepsEverything: true,
    processes: 2,
    alsoPurge: async () => ({ pyramids: 0, copies: 0 }),
    onFailure,
  });
}
