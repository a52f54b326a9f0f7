/** How long the link for the first administrator is good. */
export const FIRST_LINK_MINUTES = 30;

/** The link that makes the first administrator, of this start of the server. */
export interface FirstAdministratorLink {
  /** Whether it is this one, and not over. */
  isGood(secret: string): boolean;
  /** Uses it up; false where that was done before. */
  use(secret: string): Promise<boolean>;
}
