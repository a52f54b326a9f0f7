import type { User } from './session.ts';

/** Whoever has it may do everything below `/admin`. It opens no item by itself: policies name roles as ever. */
export const ADMINISTRATOR_ROLE = 'administrator';

export function isAdministrator(user: Pick<User, 'roles'>): boolean {
  return user.roles.includes(ADMINISTRATOR_ROLE);
}
