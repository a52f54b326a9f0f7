/** `roles curator, reader`, for the audit and the command line. */
export function rolesInWords(roles: readonly string[]): string {
  if (roles.length === 0) return 'without a role';
  return `${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`;
}
