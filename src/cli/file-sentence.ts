const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this account may not',
  EPERM: 'this account may not',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOENT: 'it does not exist',
  EEXIST: 'something else is there',
  ENOTDIR: 'a part of its name is a file',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
};

/** What the system says of a file, as a sentence; null for errors that are about something else. */
export function fileSentence(error: unknown): string | null {
  if (!(error instanceof Error && 'code' in error && 'path' in error)) return null;
  const reason = REASONS[String(error.code)];
  return reason === undefined ? null : `${String(error.path)} cannot be used: ${reason}.`;
}
