/** One thing that was looked at. */
export interface Finding {
  readonly about: string;
  /** `warning`: it works, and may not be meant so. `wrong`: it does not work, or is not safe. */
  readonly verdict: 'well' | 'warning' | 'wrong';
  /** What was found, and what to do about it. */
  readonly sentence: string;
}

type Say = (sentence: string) => Finding;

export function findingsAbout(about: string): Readonly<Record<Finding['verdict'], Say>> {
  const say =
    (verdict: Finding['verdict']): Say =>
    (sentence) => ({ about, verdict, sentence });
  return { well: say('well'), warning: say('warning'), wrong: say('wrong') };
}
