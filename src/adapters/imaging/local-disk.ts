import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * File systems on disks and in memory of this machine, by the numbers that Linux gives them.
 * https://man7.org/linux/man-pages/man2/statfs.2.html
 */
const LOCAL: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x2fc12fc1, // zfs
  0xf2f52010, // f2fs
  0x01021994, // tmpfs
  0x794c7630, // overlayfs
]);

/** Whether a read of this file, or of one that will be there, cannot hang for a network. False where that is not known. */
export async function isOnLocalDisk(file: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    return LOCAL.has((await statfs(file)).type);
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isAbsent && dirname(file) !== file ? isOnLocalDisk(dirname(file)) : false;
  }
}
