import type { Contestant, Running } from '../contestants/contestant.ts';
import type { Cores } from '../cores.ts';
import type { Picture } from '../sources/pictures.ts';
import type { PictureSize } from '../sources/tiles.ts';

/** One thing that is measured. */
export interface Measure {
  readonly name: string;
  /** What the table says above it. */
  readonly title: string;
  run(bench: Bench): Promise<Outcome>;
}

/** What every measure gets. */
export interface Bench {
  readonly rounds: number;
  /** A small run, for correctness only. */
  readonly short: boolean;
  readonly cores: Cores;
  /** The pyramid that most measures ask for. */
  readonly picture: Picture;
  /** A folder that is removed after the run. */
  readonly work: string;
  /** The bytes of its tiles as files, for nginx. */
  readonly files: string;
  /** Those that are wanted and can take part; what they need is installed. */
  take(contestants: readonly Contestant[]): Promise<readonly Contestant[]>;
  /** Starts them on the server's core, with `open/` and `locked/` full of these pictures, hands them over, and ends them. */
  withRunning<T>(request: RunningRequest, use: (running: ReadonlyMap<Contestant, Running>) => Promise<T>): Promise<T>;
  /** A pyramid of this size, drawn and made where there is none from a run before. */
  pyramid(size: PictureSize): Promise<Picture>;
  say(line: string): void;
}

export interface RunningRequest {
  readonly contestants: readonly Contestant[];
  /** Files by the names that they get below `open/` and `locked/`; the bench's picture as `picture.tif` unless told. */
  readonly pictures?: Readonly<Record<string, string>>;
  /** So many files more, in folders of a thousand. */
  readonly items?: number;
  /** The server's core unless told. */
  readonly cores?: string;
  /** Whether Vitrine has been compiled; as the bench has it unless told. */
  readonly built?: boolean;
}

/** A line of the table. */
export interface Row {
  /** Who, and what of it, in words that stay; for JSON and for ratios. */
  readonly key: string;
  /** What is compared with each other, where a measure has several such things. */
  readonly group?: string;
  readonly label: string;
  /** Medians of the rounds. */
  readonly figures: Figures;
  /** Round by round, where there were several. */
  readonly taken?: readonly Figures[];
  /** What went wrong, where something did. */
  readonly failure?: string;
}

export interface Figures {
  readonly requestsPerSecond?: number;
  /** Milliseconds. */
  readonly p50?: number;
  readonly p99?: number;
  /** For each request. */
  readonly cpuMicroseconds?: number;
  readonly peakMegabytes?: number;
  /** Of something that is done once. */
  readonly seconds?: number;
  /** To a careful reference: SSIM, 1 for equal. */
  readonly similarity?: number;
  /** Of one answer. */
  readonly kilobytes?: number;
}

/** A figure that the project wants. */
export interface Wanted {
  readonly sentence: string;
  readonly wanted: number;
  readonly at: 'least' | 'most';
  /** Null where it was not measured. */
  readonly reached: number | null;
}

export interface Outcome {
  readonly rows: readonly Row[];
  readonly wanted: readonly Wanted[];
}
