import type { AccessModel } from './access.ts';

/** The access file as it lies on the disk: what is in force is another question. */
export interface AccessFile {
  /** How sentences call it: without its folder. */
  readonly name: string;
  /** Null where it is not there or cannot be read. */
  read(): Promise<string | null>;
  /** What lies there is in force once this resolves, unless it has mistakes. */
  takeOver(): Promise<void>;
  /** Reads a text as the server would take it over. */
  check(text: string): AccessReading;
  /** Why it cannot be replaced, as a sentence; null where nothing is known to stand in the way. */
  findObstacle(): Promise<string | null>;
  /** Replaces it in one step, where its text is still `over`, and takes it over at once. */
  replace(text: string, over: string): Promise<AccessReplacement>;
}

/** `changed`: somebody else wrote it meanwhile. */
export type AccessReplacement =
  | { readonly kind: 'replaced' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'hindered'; readonly sentence: string };

export type AccessReading =
  | { readonly ok: true; readonly model: AccessModel; readonly warnings: readonly AccessRemark[] }
  | { readonly ok: false; readonly mistakes: readonly AccessRemark[] };

/** A mistake, or what is most likely not meant. Line and column from 1. */
export interface AccessRemark {
  readonly line: number;
  readonly column: number;
  readonly sentence: string;
}

/** The access file as it once was. */
export interface AccessVersion {
  /** From 1. */
  readonly number: number;
  readonly at: Date;
  /** Name of the administrator; null for a change on the server. */
  readonly by: string | null;
  /** Null where nothing was said of it. */
  readonly comment: string | null;
  /** Of its text. */
  readonly digest: string;
}

export interface AccessVersionStore {
  /**
   * Becomes the newest. Where the newest has this digest already, there is no second one: what is known of it is added.
   */
  add(version: Omit<AccessVersion, 'number'> & { readonly text: string }): Promise<AccessVersion>;
  /** Newest first; `before`: those with lower numbers. */
  list(page: { readonly before?: number | undefined; readonly limit: number }): Promise<readonly AccessVersion[]>;
  find(number: number): Promise<(AccessVersion & { readonly text: string }) | null>;
}
