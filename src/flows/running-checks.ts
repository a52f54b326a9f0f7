/** Checks of secrets that run at this moment, in this process or in all of the server. */
export interface RunningChecks {
  /** How many others run, for each of the keys; from now on this one is one of them. */
  begin(keys: readonly string[]): readonly number[] | Promise<readonly number[]>;
  end(keys: readonly string[]): void | Promise<void>;
}

export function createRunningChecks() {
  const running = new Map<string, number>();
  return {
    begin(keys: readonly string[]): readonly number[] {
      const others = keys.map((key) => running.get(key) ?? 0);
      keys.forEach((key, at) => {
        running.set(key, (others[at] ?? 0) + 1);
      });
      return others;
    },
    end(keys: readonly string[]): void {
      for (const key of keys) {
        const left = (running.get(key) ?? 1) - 1;
        if (left > 0) running.set(key, left);
        else running.delete(key);
      }
    },
  };
}
