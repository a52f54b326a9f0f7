/** What the start prints while there is no administrator. */
export function firstAdministratorRow(link: string | null): ReadonlyArray<readonly [name: string, value: string]> {
  return link === null ? [] : [['First administrator', `${link}\n(makes one; works once, for 30 minutes)`]];
}
