/** A server that takes part: all serve the same folder of pictures through IIIF. */
export interface Contestant {
  readonly name: string;
  /** As the table calls it. */
  readonly label: string;
  /** Installs what it needs. Returns a sentence where it cannot take part, else null. */
  install(): Promise<string | null>;
  start(stage: Stage): Promise<Running>;
}

export interface Stage {
  /** Pictures below `open/` are for everybody; those below `locked/` for who has signed in, where the server knows of that. */
  readonly images: string;
  /** An empty folder of its own, removed afterwards. */
  readonly work: string;
  /** A list for taskset. */
  readonly cores: string;
  /** Whether Vitrine has been compiled, as it is in its package. */
  readonly built: boolean;
}

export interface Running {
  /** `http://127.0.0.1:1234` */
  readonly base: string;
  /** Path before the identifier. */
  readonly prefix: string;
  /** The Cookie header of a visitor who has signed in; null where everything is open. */
  readonly cookie: string | null;
  /** Cookie headers of others who have signed in. */
  readonly crowd?: readonly string[];
  /** Vitrine's data folder. */
  readonly data?: string;
  /** From each start of the program to its first answer. */
  readonly startSeconds?: readonly number[];
  /** All that serves: these processes and their descendants. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** `name`: in the folder of pictures, with slashes. */
export function imagePath({ prefix }: Running, name: string, parameters: string): string {
  return `${prefix}${encodeURIComponent(name)}/${parameters}/0/default.jpg`;
}
