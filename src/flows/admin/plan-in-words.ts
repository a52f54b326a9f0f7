import type { PlannedLine } from './plan-import.ts';
import { rolesInWords } from './roles-in-words.ts';

/** What a line would do, in a few sentences. */
export function planInWords({ user, email, roles, becomes }: PlannedLine): readonly string[] {
  if (user === null) {
    const address = email?.to ?? null;
    return [
      `is added, ${rolesInWords(roles ?? [])}${address === null ? '' : `, ${address}`}`,
      becomes === null ? 'is invited' : 'is disabled',
    ];
  }
  const words = [
    email === null ? null : email.to === null ? 'has no address any more' : `has the address ${email.to}`,
    roles === null ? null : `has by hand: ${rolesInWords(roles)} (before: ${rolesInWords(user.ownRoles)})`,
    becomes === null ? null : `is ${becomes}`,
  ];
  return words.filter((each) => each !== null);
}
