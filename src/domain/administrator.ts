/** Whoever has it may use the administration. */
export const ADMINISTRATOR_ROLE = 'administrator';
