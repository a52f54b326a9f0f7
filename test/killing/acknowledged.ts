/** Asks the server, or looks at its disk; a sentence on what it found where that is not what was acknowledged. */
export type Look = (base: string) => Promise<string | null>;

/** What a server has acknowledged, and must still know after it was killed. */
export interface Acknowledged {
  /** What is known of `key` may change now: nothing is certain of it, or only what `meanwhile` looks for. */
  begin(key: string, meanwhile?: Look): void;
  /** The server has said so. */
  hold(key: string, look: Look): void;
  /** How often something was acknowledged. */
  readonly times: number;
  /** Sentences on what was lost. `most`: looks at the newest, and at some of the others by chance. */
  findLost(base: string, most?: number): Promise<readonly string[]>;
}

const LOOKS_AT_ONCE = 8;

export function createAcknowledged(random: () => number): Acknowledged {
  const looks = new Map<string, Look>();
  let times = 0;
  return {
    begin(key, meanwhile) {
      looks.delete(key);
      if (meanwhile !== undefined) looks.set(key, meanwhile);
    },
    hold(key, look) {
      times += 1;
      looks.delete(key);
      looks.set(key, look);
    },
    get times() {
      return times;
    },
    async findLost(base, most = looks.size) {
      const all = [...looks];
      const newest = all.slice(Math.max(0, all.length - Math.ceil(most / 2)));
      const others = all.slice(0, all.length - newest.length).filter(() => random() < most / 2 / all.length);
      const waiting = [...newest, ...others];
      const lost: string[] = [];
      const lookAtSome = async (): Promise<void> => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
          const [key, look] = next;
          const found = await lookAgain(look, base);
          if (found !== null) lost.push(`${key}: ${found}`);
        }
      };
      await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, lookAtSome));
      return lost;
    },
  };
}

/** A connection to a worker that was killed is lost at its next use, and there may be several. */
async function lookAgain(look: Look, base: string, times = LOOKS_AT_ONCE): Promise<string | null> {
  try {
    return await look(base);
  } catch (error) {
    if (times === 0) throw error;
    return lookAgain(look, base, times - 1);
  }
}
