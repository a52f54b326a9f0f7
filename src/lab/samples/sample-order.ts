import type { SampleFile } from './sample-list.ts';

/** The end of the name under which a file grows, so that a name without it is a whole file. */
export const PART_SUFFIX = '.part';

/** What `makeSamples` tells a worker, and hears back. */
export interface SampleOrder {
  readonly file: SampleFile;
  /** Where to write it, absolute. */
  readonly target: string;
}

export interface SampleAnswer {
  readonly file: SampleFile;
  /** Why it could not be made; null when it was. */
  readonly problem: string | null;
  readonly milliseconds: number;
}
